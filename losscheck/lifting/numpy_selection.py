"""NumPy functions that choose: ``where``, ``select``, ``clip``, sorting, and arrays filled with one value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from losscheck.expr.trace import record, truth
from losscheck.lifting import array, settling
from losscheck.lifting.numpy_array import SymbolicArray, cells_from
from losscheck.lifting.numpy_table import implements, plain_dtype


@implements("where")
def _where(condition: Any, x: Any = None, y: Any = None) -> Any:
    if x is None:
        return np.where(settling.truths(cells_from(condition)))
    cells = array.elementwise(lambda c, a, b: record("where", truth(c), a, b), *map(cells_from, (condition, x, y)))
    return SymbolicArray(cells, plain_dtype(x, y))


@implements("select")
def _select(conditions: Sequence[Any], choices: Sequence[Any], default: Any = 0) -> Any:
    result = default
    for c, v in reversed(list(zip(conditions, choices, strict=True))):
        result = _where(c, v, result)
    return result


@implements("piecewise")
def _piecewise(x: Any, conditions: Any, functions: Sequence[Any], *args: Any, **kwargs: Any) -> Any:
    conditions = list(conditions) if isinstance(conditions, (list, tuple)) else [conditions]

    def value(f: Any) -> Any:
        return f(x, *args, **kwargs) if callable(f) else f

    result = value(functions[len(conditions)]) if len(functions) > len(conditions) else 0.0
    for c, f in zip(conditions, functions, strict=False):
        result = _where(c, value(f), result)
    return SymbolicArray(np.broadcast_to(cells_from(result), x.shape), x.dtype)


@implements("clip")
def _clip(
    a: Any,
    a_min: Any = None,
    a_max: Any = None,
    out: Any = None,
    *,
    min: Any = None,
    max: Any = None,
    casting: Any = None,  # of the result into out: says nothing about the value
) -> Any:
    low, high = a_min if min is None else min, a_max if max is None else max
    result = a if low is None else np.maximum(a, low)
    result = result if high is None else np.minimum(result, high)
    if out is not None:
        out[...] = result
        return out
    return result


@implements("sort")
def _sort(a: Any, axis: Any = -1, kind: Any = None, **more: Any) -> Any:
    if axis is None:
        a, axis = a.reshape(-1), 0
    return a._like(np.take_along_axis(a.cells, settling.argsort(a.cells, axis), axis))


@implements("partition")
def _partition(a: Any, kth: Any, axis: Any = -1, **more: Any) -> Any:
    return _sort(a, axis)


@implements("argsort")
def _argsort(a: Any, axis: Any = -1, kind: Any = None, order: Any = None, **more: Any) -> Any:
    return settling.argsort(a.cells, axis)


@implements("argpartition")
def _argpartition(a: Any, kth: Any, axis: Any = -1, **more: Any) -> Any:
    return settling.argsort(a.cells, axis)


@implements("nonzero", "flatnonzero", "argwhere")
def _nonzero(a: Any) -> Any:
    return np.nonzero(settling.truths(a.cells))
