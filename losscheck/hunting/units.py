"""Units of the last place and the neighbours of a float, in each format."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from losscheck.behaviour.formats import EPSILON, LARGEST, Array

LOWEST_EXPONENT = MappingProxyType({"float64": -1022, "float32": -126, "float16": -14, "bfloat16": -126})
"""Exponents of the smallest normal numbers."""

BITS = MappingProxyType({"float64": 53, "float32": 24, "float16": 11, "bfloat16": 8})
"""Significand bits, the hidden one among them."""


def ulp(values: Array, dtype: str) -> Array:
    """Return the unit of the last place of each number: the gap from its binade's numbers to the next.

    >>> float(ulp(np.array(1.0), "bfloat16")), float(ulp(np.array(0.0), "float16")) == 2.0**-24
    (0.0078125, True)
    """
    _, exponent = np.frexp(np.where(np.isfinite(values), values, LARGEST[dtype]))
    lowest = LOWEST_EXPONENT[dtype]
    exponent = np.where(np.asarray(values) == 0.0, lowest, np.maximum(exponent - 1, lowest))
    return np.asarray(np.ldexp(EPSILON[dtype], exponent))


def ulps(got: Array, want: Array, dtype: str) -> Array:
    """Return ``|got - want|`` in units of the last place of ``want``; 0 for the same infinity and for two NaN.

    >>> float(ulps(np.array(1.0 + 2.0**-22), np.array(1.0), "float32"))
    2.0
    """
    with np.errstate(all="ignore"):
        same = (got == want) | (np.isnan(got) & np.isnan(want))
        return np.asarray(np.where(same, 0.0, np.abs(got - want) / ulp(want, dtype)))
