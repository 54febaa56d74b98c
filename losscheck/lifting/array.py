"""Object arrays of trace nodes: cells, broadcasting, reductions.

NumPy moves the cells, so views alias and writes through a view are seen by its base, as in the code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from losscheck.expr.trace import Trace, constant

Cells = Any
"""An ndarray of dtype object whose elements are trace nodes; NumPy's types cannot say that."""
Axis = int | Sequence[int] | None


def cells_of(x: Any) -> Cells:
    """Return the cells of an array of numbers, truth values or trace nodes."""
    if isinstance(x, np.ndarray) and x.dtype == object:
        return x
    if isinstance(x, Trace):
        return single(x)
    a = np.asarray(x)
    out = np.empty(a.shape, object)
    for i in np.ndindex(a.shape):
        out[i] = constant(a[i])
    return out


def single(x: Trace) -> Cells:
    """Return one node as an array without axes."""
    out = np.empty((), object)
    out[()] = x
    return out


def elementwise(f: Callable[..., Trace], *xs: Any) -> Cells:
    """Apply ``f`` to the cells, broadcasting."""
    arrays = [cells_of(x) for x in xs]
    if len(arrays) > 1:
        arrays = list(np.broadcast_arrays(*arrays))
    out = np.empty(arrays[0].shape, object)
    for i in np.ndindex(out.shape):
        out[i] = f(*(a[i] for a in arrays))
    return out


def axes_of(axis: Axis, ndim: int) -> tuple[int, ...]:
    """Return the axes as non-negative numbers; None means all."""
    if axis is None:
        return tuple(range(ndim))
    chosen = (axis,) if isinstance(axis, (int, np.integer)) else tuple(axis)
    return tuple(int(a) % ndim if ndim else 0 for a in chosen)


def reduce(f: Callable[[list[Trace]], Trace], x: Cells, axis: Axis = None, keepdims: bool = False) -> Cells:
    """Apply ``f`` to the list of cells along ``axis``."""
    axes = axes_of(axis, x.ndim) if x.ndim else ()
    rest = [i for i in range(x.ndim) if i not in axes]
    flat = x.transpose([*rest, *axes]).reshape([*(x.shape[i] for i in rest), -1])
    out = np.empty(flat.shape[:-1], object)
    for i in np.ndindex(out.shape):
        out[i] = f(list(flat[i]))
    return out.reshape([1 if i in axes else n for i, n in enumerate(x.shape)]) if keepdims else out
