"""Float64 reading of a graph on many boxes at once, rounded outward: for searching whole domains quickly.

Sums and products widen by one ulp; elementary functions of NumPy and SciPy by ``ULPS`` (more than any error seen of
them, which is evidence, not a theorem: what boxes suggest is proved by the verifier's balls). Infinite ends allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.engines.numeric import NUMERIC
from losscheck.expr.graph import Expr, topological

Array = NDArray[Any]
Box = tuple[Array, Array]
ULPS = 4


def down(x: Array, steps: int = 1) -> Array:
    """The next double below, some steps."""
    for _ in range(steps):
        x = np.nextafter(x, -np.inf)
    return x


def up(x: Array, steps: int = 1) -> Array:
    """The next double above, some steps."""
    for _ in range(steps):
        x = np.nextafter(x, np.inf)
    return x


def _exactly(x: float) -> Box:
    return np.asarray(x), np.asarray(x)


def _rational(q: Any) -> Box:
    from fractions import Fraction

    x = float(q)
    return _exactly(x) if Fraction(x) == q else (down(np.asarray(x)), up(np.asarray(x)))


def plus(a: Box, b: Box) -> Box:
    """Sum; the error-free TwoSum keeps exact sums exact."""

    def low(x: Array, y: Array) -> Array:
        s = x + y
        z = s - x
        error = (x - (s - z)) + (y - z)
        with np.errstate(invalid="ignore"):
            moved = np.where(error >= 0, s, down(s))
        return np.where(np.isfinite(error), moved, down(np.where(np.isnan(s), -np.inf, s)))

    return low(a[0], b[0]), -low(-a[1], -b[1])


def times(a: Box, b: Box) -> Box:
    """Product, with 0 * inf = 0 and signs that are certain kept."""

    def product(x: Array, y: Array) -> Array:
        return np.where((x == 0) | (y == 0), 0.0, x * y)

    corners = [product(x, y) for x in a for y in b]
    lo, hi = down(np.minimum.reduce(corners)), up(np.maximum.reduce(corners))
    same = ((a[0] >= 0) & (b[0] >= 0)) | ((a[1] <= 0) & (b[1] <= 0))
    opposite = ((a[0] >= 0) & (b[1] <= 0)) | ((a[1] <= 0) & (b[0] >= 0))
    return np.where(same, np.maximum(lo, 0), lo), np.where(opposite, np.minimum(hi, 0), hi)


def _monotone(name: str, least: float = -np.inf, most: float = np.inf, floor: float = -np.inf) -> Callable[..., Box]:
    def read(n: Expr, a: Box) -> Box:
        lo, hi = (NUMERIC[name](n, np.maximum(x, floor)) for x in a)
        return np.clip(down(lo, ULPS), least, most), np.clip(up(hi, ULPS), least, most)

    return read


def _power(n: Expr, a: Box) -> Box:
    e = n.value
    lo, hi = a
    if e.denominator != 1:
        lo, hi = np.maximum(lo, 0), np.maximum(hi, 0)
    ends = np.power(lo, float(e)), np.power(hi, float(e))
    if e < 0:
        pole = (a[0] < 0) & (a[1] > 0) if e.denominator == 1 else np.zeros(np.shape(lo), bool)
        least, most = np.minimum(*ends), np.maximum(*ends)
        touches = (a[0] == 0) | (a[1] == 0)
        least = np.where(touches & (a[0] < 0) & (e.numerator % 2 == 1), -np.inf, least)
        most = np.where(touches & ~((a[0] < 0) & (e.numerator % 2 == 1)), np.inf, most)
        even = e.numerator % 2 == 0 or e.denominator != 1
        least = np.where(pole, 0.0 if even else -np.inf, down(least, ULPS))
        most = np.where(pole, np.inf, up(most, ULPS))
        return (np.maximum(least, 0) if even else least), most
    if e.denominator == 1 and e.numerator % 2 == 0:
        across = (a[0] <= 0) & (a[1] >= 0)
        least = np.where(across, 0.0, np.maximum(down(np.minimum(*ends), ULPS), 0))
        return least, up(np.maximum(*ends), ULPS)
    least = down(ends[0], ULPS)
    return np.where(lo >= 0, np.maximum(least, 0), least), up(ends[1], ULPS)


def _lse(n: Expr, *xs: Box) -> Box:
    lo = NUMERIC["lse"](n, *(x[0] for x in xs))
    hi = NUMERIC["lse"](n, *(x[1] for x in xs))
    # the result may be near 0 by cancellation of its largest argument: widen by ulps of the arguments
    slack = sum(np.where(np.isfinite(e), np.abs(e), 0) for x in xs for e in x) * 2.0**-50
    return down(lo - slack, ULPS), up(hi + slack, ULPS)


def _absolute(n: Expr, a: Box) -> Box:
    inside = (a[0] <= 0) & (a[1] >= 0)
    return np.where(inside, 0.0, np.minimum(abs(a[0]), abs(a[1]))), np.maximum(abs(a[0]), abs(a[1]))


def _where(n: Expr, c: Box, a: Box, b: Box) -> Box:
    must, may = c
    lo = np.where(must, a[0], np.where(may, np.minimum(a[0], b[0]), b[0]))
    return lo, np.where(must, a[1], np.where(may, np.maximum(a[1], b[1]), b[1]))


def _sum(n: Expr, *xs: Box) -> Box:
    total = _rational(n.value[0])
    for c, x in zip(n.value[1:], xs, strict=True):
        total = plus(total, times(_rational(c), x))
    return total


def _product(n: Expr, *xs: Box) -> Box:
    total = xs[0]
    for x in xs[1:]:
        total = times(total, x)
    return total


def _fold(function: np.ufunc, xs: list[Array]) -> Array:
    return np.asarray(function.reduce(np.broadcast_arrays(*xs)))


def _float(n: Expr) -> Box:
    return down(np.asarray(n.value), 2), up(np.asarray(n.value), 2)


def _wave(n: Expr, a: Box) -> Box:
    middle = NUMERIC[n.op](n, (a[0] + a[1]) / 2)
    reach = np.abs(a[1] - a[0]) / 2 + 2.0**-48 * (1 + np.abs(a[0]) + np.abs(a[1]))
    lo, hi = np.maximum(middle - reach, -1), np.minimum(middle + reach, 1)
    return np.where(np.isfinite(lo), lo, -1.0), np.where(np.isfinite(hi), hi, 1.0)


# A condition is a pair (certainly true, possibly true).
BOXES: dict[str, Callable[..., Box]] = {
    "const": lambda n: _rational(n.value),
    "float": _float,
    "var": lambda n: _exactly(np.nan),
    "inf": lambda n: _exactly(np.inf * n.value),
    "true": lambda n: (np.asarray(True), np.asarray(True)),
    "false": lambda n: (np.asarray(False), np.asarray(False)),
    "add": _sum,
    "mul": _product,
    "pow": _power,
    "exp": _monotone("exp", least=0.0),
    "log": _monotone("log", floor=0.0),
    "atan": _monotone("atan", -np.pi / 2, np.pi / 2),
    "erf": _monotone("erf", -1.0, 1.0),
    "log_ndtr": _monotone("log_ndtr", most=0.0),
    "abs": _absolute,
    "sin": _wave,
    "cos": _wave,
    "lse": _lse,
    "max": lambda n, *xs: (_fold(np.maximum, [x[0] for x in xs]), _fold(np.maximum, [x[1] for x in xs])),
    "min": lambda n, *xs: (_fold(np.minimum, [x[0] for x in xs]), _fold(np.minimum, [x[1] for x in xs])),
    "where": _where,
    "lt": lambda n, a, b: (a[1] < b[0], a[0] < b[1]),
    "le": lambda n, a, b: (a[1] <= b[0], a[0] <= b[1]),
    "eq": lambda n, a, b: ((a[0] == a[1]) & (b[0] == b[1]) & (a[0] == b[0]), (a[0] <= b[1]) & (b[0] <= a[1])),
    "not": lambda n, c: (~c[1], ~c[0]),
    "and": lambda n, *cs: (_fold(np.logical_and, [c[0] for c in cs]), _fold(np.logical_and, [c[1] for c in cs])),
}


def enclose(roots: Sequence[Expr], box: Mapping[str, Box]) -> list[Box]:
    """Ranges of the roots on the boxes ``{variable: (lows, highs)}``; NaN ends become infinite."""
    values: dict[Expr, Box] = {}
    with np.errstate(all="ignore"):
        for n in topological(roots):
            if n.op == "var":
                values[n] = box[n.value[0]]
                continue
            lo, hi = BOXES[n.op](n, *(np.broadcast_arrays(*values[a]) if a.args else values[a] for a in n.args))
            if lo.dtype != bool:
                lo, hi = np.where(np.isnan(lo), -np.inf, lo), np.where(np.isnan(hi), np.inf, hi)
            values[n] = lo, hi
    return [values[r] for r in roots]
