"""NumPy arrays in and out; NumPy has no gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscheck.behaviour.formats import Array


def to_native(values: Array, dtype: str, *, gradient: bool = False) -> Any:
    """Return a fresh array of ``dtype``.

    Raises
    ------
    TypeError
        For bfloat16, which NumPy does not have.
    """
    if dtype == "bfloat16":
        raise TypeError("NumPy has no bfloat16")
    return np.array(values, dtype=dtype)


def to_array(native: Any) -> Array:
    """Return a result as a float64 array of its own."""
    return np.array(native, dtype=np.float64)


def dtype_of(native: Any) -> str:
    """Return the dtype a result has, ``python`` for a plain number."""
    return str(native.dtype) if hasattr(native, "dtype") else "python"


def pull_back(output: Any, leaves: list[Any], cotangent: Array | None) -> list[Array | None]:
    """Return None for every leaf: there is no graph."""
    return [None for _ in leaves]
