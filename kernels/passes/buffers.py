"""What a kernel checks before it runs: dtypes, shapes, labels and output buffers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
DTYPES = ("bfloat16", "float16", "float32", "float64")
STORED = 2  # bytes of what is computed in single precision and stored only: bfloat16, float16


def floats(array: Any, name: str, ndim: int | None = None) -> Array:
    """The array, checked, in its own dtype and layout.

    Raises
    ------
    TypeError
        For a dtype that is not one of ``DTYPES`` (bfloat16 is that of the package ml_dtypes).
    ValueError
        For another number of dimensions, and for rows without classes.
    """
    given = np.asarray(array)
    if given.dtype.name not in DTYPES:
        raise TypeError(f"{name} has dtype {given.dtype}; allowed are {', '.join(DTYPES)}: convert it first")
    if ndim is not None and given.ndim != ndim:
        raise ValueError(f"{name} has shape {given.shape}; give {ndim} dimensions (rows, classes)")
    if ndim == 2 and given.shape[1] == 0:
        raise ValueError(f"{name} has shape {given.shape}: a row needs at least one class")
    return given


def computed(dtype: Any) -> Any:
    """The dtype computed in."""
    return np.dtype(np.float32) if dtype.itemsize == STORED else dtype


def labels(array: Any, rows: int, classes: int) -> NDArray[np.int64]:
    """The labels as integers in 0 .. classes - 1.

    Raises
    ------
    ValueError
        For anything but one integer per row in that range.
    """
    given = np.asarray(array)
    if given.dtype.kind not in "iu" or given.shape != (rows,):
        raise ValueError(f"labels have dtype {given.dtype} and shape {given.shape}; give integers of shape ({rows},)")
    if rows and (given.min() < 0 or given.max() >= classes):
        raise ValueError(f"labels lie in {given.min()} .. {given.max()}; allowed are 0 .. {classes - 1}")
    return np.ascontiguousarray(given, dtype=np.int64)


def output(array: Array | None, shape: tuple[int, ...], dtype: Any, name: str) -> Array:
    """The buffer given, checked, or a new one.

    Raises
    ------
    ValueError
        For a buffer of another shape, dtype or layout, and for one that cannot be written.
    """
    if array is None:
        return np.empty(shape, dtype)
    if array.shape != shape or array.dtype != dtype or not array.flags.c_contiguous or not array.flags.writeable:
        raise ValueError(
            f"{name} has shape {array.shape} and dtype {array.dtype}; "
            f"give a writeable C-contiguous array of shape {shape} and dtype {np.dtype(dtype)}"
        )
    return array


def rounded(wide: Array, target: Array) -> None:
    """Round what was computed beside a buffer into it; an overflow is silently infinity, its value there."""
    with np.errstate(over="ignore", under="ignore"):
        target[...] = wide
