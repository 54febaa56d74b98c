"""Golden section search: where a function of one variable is smallest, in floats, without warnings."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

RATIO = (math.sqrt(5) - 1) / 2


def golden(f: Callable[[float], float], a: float, b: float, steps: int = 80) -> tuple[float, float]:
    """``(x, f(x))`` near a minimum of ``f`` between ``a`` and ``b``; values that are not finite count as large.

    >>> x, y = golden(lambda t: (t - 1) ** 2, 0.0, 3.0)
    >>> round(x, 6), round(y, 6)
    (1.0, 0.0)
    """

    def value(t: float) -> float:
        y = f(t)
        return y if math.isfinite(y) else math.inf

    c, d = b - RATIO * (b - a), a + RATIO * (b - a)
    fc, fd = value(c), value(d)
    for _ in range(steps):
        if fc <= fd:
            b, d, fd = d, c, fc
            c = b - RATIO * (b - a)
            fc = value(c)
        else:
            a, c, fc = c, d, fd
            d = a + RATIO * (b - a)
            fd = value(d)
    return (c, fc) if fc <= fd else (d, fd)


def golden_each(f: Callable[[Array], Array], a: Array, b: Array, steps: int = 80) -> tuple[Array, Array]:
    """`golden` between many pairs of ends at once, the points of each step in one call of ``f``.

    >>> x, y = golden_each(lambda t: (t - 1) ** 2, np.array([0.0, -1.0]), np.array([3.0, 5.0]))
    >>> x.round(6).tolist(), y.round(6).tolist()
    ([1.0, 1.0], [0.0, 0.0])
    """

    def value(t: Array) -> Array:
        y = np.asarray(f(t), float)
        return np.where(np.isfinite(y), y, math.inf)

    c, d = b - RATIO * (b - a), a + RATIO * (b - a)
    fc, fd = value(c), value(d)
    for _ in range(steps):
        left = fc <= fd
        a, b = np.where(left, a, c), np.where(left, d, b)
        new = np.where(left, b - RATIO * (b - a), a + RATIO * (b - a))
        fnew = value(new)
        c, fc, d, fd = (
            np.where(left, new, d), np.where(left, fnew, fd), np.where(left, c, new), np.where(left, fc, fnew)
        )  # fmt: skip
    left = fc <= fd
    return np.where(left, c, d), np.where(left, fc, fd)
