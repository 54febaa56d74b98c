"""Float64 readings of the special functions, and the enclosures that need more than monotonicity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from losscheck.lifting import enclosure
from losscheck.lifting.enclosure import LIBRARY_ULPS, TINY, UNIT, Enclosure, relative, settle


def total(*xs: Any) -> Any:
    """Sum from left to right."""
    result = xs[0]
    for x in xs[1:]:
        result = result + x
    return result


def lse(*xs: Any) -> Any:
    """``log(sum(exp(x)))`` shifted by the maximum."""
    if len(xs) == 2:
        return np.logaddexp(*xs)
    stack = np.array(np.broadcast_arrays(*xs))
    top = np.max(stack, axis=0)
    shift = np.where(np.isfinite(top), top, 0.0)
    return shift + np.log(np.sum(np.exp(stack - shift), axis=0))


def enclose_lse(*xs: Enclosure) -> Enclosure:
    """Widen by ulps of the largest argument and of the result, and by those of a sum of len(xs) terms.

    The sum is at least 1, and its rounding is one of the logarithm however small that is: of two terms too, since only
    some libraries take ``log1p`` there.
    """
    low, high = lse(*(x[0] for x in xs)), lse(*(x[1] for x in xs))
    tops = [np.max(np.array(np.broadcast_arrays(*(x[i] for x in xs))), axis=0) for i in (0, 1)]
    tail = 2.0 * LIBRARY_ULPS + len(xs)
    pads = [
        UNIT * (LIBRARY_ULPS * np.abs(r) + 2 * np.abs(t) * (t != 0) + tail)
        for r, t in zip((low, high), tops, strict=True)
    ]
    pads = [np.where(np.isfinite(p), p, 0.0) for p in pads]
    return settle(low - pads[0] - TINY, high + pads[1] + TINY)


def softplus(x: Any) -> Any:
    """``log(1 + exp(x))``."""
    return np.logaddexp(0.0, x)


def sigmoid(x: Any) -> Any:
    """``1 / (1 + exp(-x))``."""
    return 1.0 / (1.0 + np.exp(-np.asarray(x)))


def enclose_sigmoid(x: Enclosure) -> Enclosure:
    """Below -709 a direct formula underflows to 0 where others still give subnormals."""
    low, high = relative(sigmoid(x[0]), sigmoid(x[1]))
    return low - 1e-307, high + 1e-307


def erf(x: Any) -> Any:
    """Error function."""
    from scipy import special

    return special.erf(x)


def erfc(x: Any) -> Any:
    """Complementary error function."""
    from scipy import special

    return special.erfc(x)


def log_ndtr(x: Any) -> Any:
    """Logarithm of the standard normal distribution function."""
    from scipy import special

    return special.log_ndtr(x)


def xlogy(x: Any, y: Any) -> Any:
    """``x log y``, 0 where x is 0."""
    from scipy import special

    return special.xlogy(x, y)


def enclose_erfc(x: Enclosure) -> Enclosure:
    """``erfc`` falls like ``exp(-x^2)``: a rounded square costs ``x^2`` more ulps."""
    ulps = [2 * LIBRARY_ULPS + 4 * np.minimum(b * b, 750.0) for b in x]
    low, high = erfc(x[1]), erfc(x[0])
    return settle(low - ulps[1] * UNIT * np.abs(low) - TINY, high + ulps[0] * UNIT * np.abs(high) + TINY)


def enclose_log_ndtr(x: Enclosure) -> Enclosure:
    """In the upper tail the value is ``-erfc`` in size, so it has that error; below it is a smooth square."""
    low, high = log_ndtr(x[0]), log_ndtr(x[1])
    ulps = [2 * LIBRARY_ULPS + 4 * np.minimum(np.maximum(b, 0.0) ** 2, 750.0) for b in x]
    return settle(low - ulps[0] * UNIT * np.abs(low) - 1e-307, high + ulps[1] * UNIT * np.abs(high) + 1e-307)


def enclose_wave(f: Callable[[Any], Any]) -> Callable[[Enclosure], Enclosure]:
    """Sine and cosine have slope at most 1."""

    def enclose(x: Enclosure) -> Enclosure:
        value, width = f(x[0]), x[1] - x[0]
        pad = width * (1 + UNIT) + LIBRARY_ULPS * UNIT * np.abs(value) + LIBRARY_ULPS * UNIT * width + TINY
        return settle(value - pad, value + pad)

    return enclose


def enclose_power(x: Enclosure, y: Enclosure) -> Enclosure:
    """Corners: on one sign of the base, a power is monotone in each argument; squares and cubes round once or twice."""
    corners = [np.power(a, b) for a in x for b in y]
    low, high = np.minimum.reduce(corners), np.maximum.reduce(corners)
    zero = (x[0] <= 0) & (x[1] >= 0)
    if zero.any():
        rising = y[0] > 0
        low = np.where(zero, np.where(rising, np.minimum(low, 0.0), -np.inf), low)
        high = np.where(zero, np.where(rising, np.maximum(high, 0.0), np.inf), high)
    if y[0] is y[1] and np.all(y[0] == 2):
        return enclosure.mul(x, x) if x[0] is x[1] else relative(low, high)
    return relative(low, high)


def enclose_xlogy(x: Enclosure, y: Enclosure) -> Enclosure:
    """Where ``x`` may be 0 the product need not be monotone in x; the corners and 0 still enclose it."""
    logs = relative(np.log(y[0]), np.log(y[1]))
    low, high = enclosure.mul(x, logs)
    low, high = relative(low, high)
    none = (x[0] == 0) & (x[1] == 0)
    some = (x[0] <= 0) & (x[1] >= 0)
    low = np.where(none, 0.0, np.where(some, np.minimum(low, 0.0), low))
    return low, np.where(none, 0.0, np.where(some, np.maximum(high, 0.0), high))
