"""Golden section search: where a function of one variable is smallest, in floats, without warnings."""

from __future__ import annotations

import math
from collections.abc import Callable

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
