"""What a kernel checks before it runs: dtypes, shapes, labels and output buffers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
DTYPES = ("float16", "float32", "float64")


def floats(array: Any, name: str, ndim: int | None = None) -> Array:
    """The array, contiguous; half precision in single precision (kernels store it, they do not compute in it)."""
    given = np.asarray(array)
    if given.dtype.name not in DTYPES:
        raise TypeError(f"{name} has dtype {given.dtype}; allowed are {', '.join(DTYPES)}: convert it first")
    if ndim is not None and given.ndim != ndim:
        raise ValueError(f"{name} has shape {given.shape}; give {ndim} dimensions (rows, classes)")
    if ndim == 2 and given.shape[1] == 0:
        raise ValueError(f"{name} has shape {given.shape}: a row needs at least one class")
    return np.ascontiguousarray(given, dtype=np.float32 if given.dtype == np.float16 else given.dtype)


def labels(array: Any, rows: int, classes: int) -> NDArray[np.int64]:
    """The labels as integers in 0 .. classes - 1."""
    given = np.asarray(array)
    if given.dtype.kind not in "iu" or given.shape != (rows,):
        raise ValueError(f"labels have dtype {given.dtype} and shape {given.shape}; give integers of shape ({rows},)")
    if rows and (given.min() < 0 or given.max() >= classes):
        raise ValueError(f"labels lie in {given.min()} .. {given.max()}; allowed are 0 .. {classes - 1}")
    return np.ascontiguousarray(given, dtype=np.int64)


def output(array: Array | None, shape: tuple[int, ...], dtype: Any, name: str) -> Array:
    """The buffer given, checked, or a new one."""
    if array is None:
        return np.empty(shape, dtype)
    if array.shape != shape or array.dtype != dtype or not array.flags.c_contiguous or not array.flags.writeable:
        raise ValueError(
            f"{name} has shape {array.shape} and dtype {array.dtype}; "
            f"give a writeable C-contiguous array of shape {shape} and dtype {np.dtype(dtype)}"
        )
    return array


def working(array: Array, dtype: Any) -> Array:
    """The buffer itself where it has the dtype computed in, else a buffer beside it."""
    return array if array.dtype == dtype else np.empty(array.shape, dtype)


def handed_back(array: Array, wide: Array) -> None:
    """Round what was computed beside the buffer into it."""
    if wide is not array:
        with np.errstate(over="ignore", under="ignore"):  # half precision may overflow: infinity is its value
            array[...] = wide
