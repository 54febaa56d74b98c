"""The floating-point formats a loss is tried in, and the numbers each can hold."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Inputs: TypeAlias = Mapping[str, Array]

FORMATS = ("float64", "float32", "float16", "bfloat16")
HALF = frozenset({"float16", "bfloat16"})
EPSILON = MappingProxyType({"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7})
LARGEST = MappingProxyType(
    {
        "float64": float(np.finfo(np.float64).max),
        "float32": float(np.finfo(np.float32).max),
        "float16": 65504.0,
        "bfloat16": (2.0 - 2.0**-7) * 2.0**127,
    }
)


def round_to(values: Array, dtype: str) -> Array:
    """Return ``values`` rounded to ``dtype``, held in float64, so that every format sees the same numbers.

    >>> float(round_to(np.array(0.1), "bfloat16"))
    0.10009765625
    """
    if dtype == "float64":
        return values
    with np.errstate(all="ignore"):
        if dtype != "bfloat16":
            return np.asarray(values, dtype=dtype).astype(np.float64)
        # bfloat16 is float32 without its last 16 bits: add half of the unit that goes, ties to even, then cut.
        bits = np.asarray(values, dtype=np.float32).view(np.uint32).astype(np.uint64)
        rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
        finite = np.isfinite(values)
        return np.where(finite, rounded.astype(np.uint32).view(np.float32).astype(np.float64), values)
