"""In which precision a loss really works, measured: a ``.float()`` inside shows as jitter along short lines."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from losscheck.behaviour.formats import Array


def jitter(along: Callable[[float], Array]) -> float:
    """Return the relative rounding noise of the values on a line ``t -> along(t)`` near 0.

    Second differences of rounding have both signs, those of a kink one, so the smaller side counts; the median takes
    out the curvature. 0.0 where the line leaves the finite values.
    """
    worst = 0.0
    for step in (1e-8, 1e-6, 1e-4):
        values = np.array([float(np.sum(along(i * step))) for i in range(-8, 9)])
        if not np.isfinite(values).all():
            return worst
        second = values[2:] - 2.0 * values[1:-1] + values[:-2]
        second = second - np.median(second)
        size = max(1e-3, float(np.max(np.abs(values))))
        both = min(float(second.max()), float(-second.min()))
        # At the widest step the change of curvature itself is of the order 1e-7.
        worst = max(worst, both / size - (1e-7 if step == 1e-4 else 0.0))
    return worst
