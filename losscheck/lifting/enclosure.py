"""Running-error enclosures: where float64 code may land, for many points at once.

A pair ``(low, high)`` of arrays encloses, per point, both the real value of a trace node and every value the code's
float64 operations can have produced for it. Correctly rounded operations (+ - * / sqrt) widen by one ulp, or not at all
where the error-free transformations show the operation exact (Dekker 1971; Knuth, TwoSum); functions of a maths library
widen by `LIBRARY_ULPS`: 4 for the NumPy value that we start from and 4 for the code's. That count is a convention about
maths libraries (the largest error measured is 2.6 ulp), so an enclosure is evidence about the lift, not a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Enclosure = tuple[Any, Any]

LIBRARY_ULPS = 8
XLA = 20.0
"""XLA's functions are that much looser: its log1p is off by 117 ulps near -0.41 (version 0.10.2, CPU)."""

_LOOSER: ContextVar[float] = ContextVar("looser", default=1.0)
UNIT = 2.0**-52
TINY = 2.0**-1074
_SPLITTER = 2.0**27 + 1


def outward(low: Floats, high: Floats, exact: Any = False) -> Enclosure:
    """Widen by one ulp to each side, except where ``exact``; NaN becomes no information."""
    low, high = np.where(exact, low, np.nextafter(low, -np.inf)), np.where(exact, high, np.nextafter(high, np.inf))
    return settle(low, high)


def settle(low: Any, high: Any) -> Enclosure:
    """Replace NaN bounds by infinite ones."""
    unknown = np.isnan(low) | np.isnan(high)
    if unknown.any():
        return np.where(unknown, -np.inf, low), np.where(unknown, np.inf, high)
    return low, high


def widen(low: Floats, high: Floats, pad: Any) -> Enclosure:
    """Widen by the absolute amount ``pad``, plus the smallest subnormal."""
    return settle(low - pad - TINY, high + pad + TINY)


@contextmanager
def looser(factor: float) -> Iterator[None]:
    """Allow the functions of the code's library so many times the usual error."""
    token = _LOOSER.set(factor)
    try:
        yield
    finally:
        _LOOSER.reset(token)


def flushes() -> bool:
    """Whether the code's library reads subnormal numbers as 0, as XLA does."""
    return _LOOSER.get() > 1.0


def relative(low: Floats, high: Floats, ulps: float = LIBRARY_ULPS) -> Enclosure:
    """Widen each bound by so many of its own ulps."""
    ulps *= _LOOSER.get()
    return settle(low - ulps * UNIT * np.abs(low) - TINY, high + ulps * UNIT * np.abs(high) + TINY)


def product_error(a: Floats, b: Floats, p: Floats) -> Floats:
    """Return ``a * b - p`` for the rounded product p, NaN where splitting may over- or underflow (Dekker 1971)."""
    t = _SPLITTER * a
    a1 = t - (t - a)
    a2 = a - a1
    t = _SPLITTER * b
    b1 = t - (t - b)
    b2 = b - b1
    error = ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2
    size = np.abs(p)
    safe = (p == 0) & ((a == 0) | (b == 0)) | (size < 1e290) & (size > 1e-250)
    return np.where(safe & (np.abs(a) < 1e290) & (np.abs(b) < 1e290), error, np.nan)


def add(x: Enclosure, y: Enclosure) -> Enclosure:
    """Sum of two enclosures."""
    return outward_sum(*x, *y)


def outward_sum(a: Floats, b: Floats, c: Floats, d: Floats) -> Enclosure:
    """Enclose ``[a, b] + [c, d]`` with Knuth's TwoSum telling where a bound is exact."""
    low, high = a + c, b + d
    return settle(
        np.where(_sum_error(a, c, low) == 0, low, np.nextafter(low, -np.inf)),
        np.where(_sum_error(b, d, high) == 0, high, np.nextafter(high, np.inf)),
    )


def _sum_error(a: Floats, b: Floats, s: Floats) -> Floats:
    t = s - a
    return np.asarray((a - (s - t)) + (b - t))


def sub(x: Enclosure, y: Enclosure) -> Enclosure:
    """Difference of two enclosures."""
    return outward_sum(x[0], x[1], -y[1], -y[0])


def mul(x: Enclosure, y: Enclosure) -> Enclosure:
    """Product of two enclosures: the extremes are at corners."""
    lows, highs = [], []
    for a in _ends(x):
        for b in _ends(y):
            p = np.asarray(a * b)
            exact = product_error(a, b, p) == 0
            lows.append(np.where(exact, p, np.nextafter(p, -np.inf)))
            highs.append(np.where(exact, p, np.nextafter(p, np.inf)))
    return settle(np.minimum.reduce(lows), np.maximum.reduce(highs))


def div(x: Enclosure, y: Enclosure) -> Enclosure:
    """Quotient of two enclosures; no information where the divisor may be 0.

    XLA multiplies by the reciprocal of a constant, off by up to two ulps, unless that is a power of 2.
    """
    lows, highs = [], []
    for a in _ends(x):
        for b in _ends(y):
            q = np.asarray(a / b)
            p = q * b
            exact = (p == a) & (product_error(q, b, p) == 0)
            if flushes():
                exact &= np.abs(np.frexp(b)[0]) == 0.5
                lows.append(np.where(exact, q, np.nextafter(np.nextafter(q, -np.inf), -np.inf)))
                highs.append(np.where(exact, q, np.nextafter(np.nextafter(q, np.inf), np.inf)))
                continue
            lows.append(np.where(exact, q, np.nextafter(q, -np.inf)))
            highs.append(np.where(exact, q, np.nextafter(q, np.inf)))
    zero = (y[0] <= 0) & (y[1] >= 0)
    return settle(np.where(zero, -np.inf, np.minimum.reduce(lows)), np.where(zero, np.inf, np.maximum.reduce(highs)))


def _ends(x: Enclosure) -> tuple[Any, ...]:
    return (x[0],) if x[0] is x[1] else x


def total(*xs: Enclosure) -> Enclosure:
    """Sum of many enclosures in any order of addition: the error is at most (n - 1) ulps of the sum of sizes.

    Where every term is a multiple of one unit and the sizes add up below 2**53 of it, every order is exact.
    """
    lows = [np.asarray(a, float) for a in np.broadcast_arrays(*[x[0] for x in xs])]
    highs = [np.asarray(b, float) for b in np.broadcast_arrays(*[x[1] for x in xs])]
    low, high = np.add.reduce(lows), np.add.reduce(highs)
    sizes = [np.maximum(np.abs(a), np.abs(b)) for a, b in zip(lows, highs, strict=True)]
    size = np.add.reduce(sizes)
    grid = np.where(np.isfinite(size) & (size > 0), np.exp2(np.floor(np.log2(np.where(size > 0, size, 1.0))) - 51), 1.0)
    exact = np.logical_and.reduce([(a == b) & (np.fmod(a, grid) == 0) for a, b in zip(lows, highs, strict=True)])
    pad = np.where(exact, 0.0, len(xs) * UNIT * size + TINY)
    return settle(low - pad, high + pad)


def sqrt(x: Enclosure) -> Enclosure:
    """Square root, correctly rounded."""
    low, high = np.sqrt(x[0]), np.sqrt(x[1])
    return settle(
        np.where((low * low == x[0]) & (product_error(low, low, low * low) == 0), low, np.nextafter(low, -np.inf)),
        np.where(
            (high * high == x[1]) & (product_error(high, high, high * high) == 0), high, np.nextafter(high, np.inf)
        ),
    )


def monotone(
    f: Callable[[Any], Any], ulps: float = LIBRARY_ULPS, zero: float | None = None
) -> Callable[[Enclosure], Enclosure]:
    """Return the enclosure reading of a monotone function whose relative error is so many ulps.

    An increasing one that is 0 at ``zero`` is exactly 0 there in every library: a loss that is 0 for one label is.
    """

    def enclose(x: Enclosure) -> Enclosure:
        a = f(x[0])
        if x[0] is x[1]:
            return exact_at(x, relative(a, a, ulps))
        b = f(x[1])
        return exact_at(x, relative(np.minimum(a, b), np.maximum(a, b), ulps))

    def exact_at(x: Enclosure, found: Enclosure) -> Enclosure:
        if zero is None:
            return found
        return np.where(x[0] == zero, 0.0, found[0]), np.where(x[1] == zero, 0.0, found[1])

    return enclose
