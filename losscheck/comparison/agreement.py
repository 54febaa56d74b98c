"""Whether two arrays of numbers agree: in units of the last place, or to half the digits of the format."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import EPSILON, Array
from losscheck.hunting.units import ulp, ulps

NOISE = 4.0
"""Units of the largest entry of an array that rounding of its sums may leave in the others."""

NOTHING = 16.0
"""Units of 1 next to a 0 that are rounding: what cancels exactly over the reals seldom does in floats."""


def special(got: Array, want: Array) -> Array:
    """Return where one of the two is NaN or infinite and the other is not the same."""
    return np.asarray((~np.isfinite(got) | ~np.isfinite(want)) & (got != want) & ~(np.isnan(got) & np.isnan(want)))


def rounded_zero(got: Array, want: Array, dtype: str) -> Array:
    """Return where ``want`` is exactly 0 and ``got`` is rounding next to it."""
    return np.asarray((want == 0.0) & (np.abs(got) <= NOTHING * EPSILON[dtype]))


def differs(got: Array, want: Array, dtype: str, max_ulp: float | None = None, noise: float = NOISE) -> Array:
    """Return where finite entries differ: by more than ``max_ulp``, by default relatively by more than ``2^(-p/2)``.

    By default ``noise`` units of the largest entry of ``want`` are rounding, and so is a number next to 0 where
    ``want`` is exactly 0; a 0 in place of a number, however small, is a difference.
    """
    with np.errstate(all="ignore"):
        finite = np.isfinite(got) & np.isfinite(want)
        if max_ulp is not None:
            return np.asarray(finite & (ulps(got, want, dtype) > max_ulp))
        size = np.abs(want)
        largest = float(np.max(size[np.isfinite(size)], initial=0.0))
        epsilon = EPSILON[dtype]
        allowed = np.maximum((epsilon / 2.0) ** 0.5 * size, noise * epsilon * largest) + 2.0 * ulp(np.array(0.0), dtype)
        return np.asarray(finite & (np.abs(got - want) > allowed) & ~rounded_zero(got, want, dtype))
