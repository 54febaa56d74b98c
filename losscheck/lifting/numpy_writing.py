"""NumPy functions that make arrays like another one, or write into one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from losscheck.expr.trace import constant
from losscheck.lifting.array import Cells
from losscheck.lifting.numpy_array import SymbolicArray, cells_from
from losscheck.lifting.numpy_table import TABLE, call, implements
from losscheck.lifting.unsupported import Unsupported


@implements("zeros_like", "empty_like")
def _zeros_like(a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, **more: Any) -> Any:
    return _filled(a, 0, dtype, shape)


@implements("ones_like")
def _ones_like(a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, **more: Any) -> Any:
    return _filled(a, 1, dtype, shape)


@implements("full_like")
def _full_like(
    a: Any, fill_value: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, **more: Any
) -> Any:
    return _filled(a, fill_value, dtype, shape)


def _filled(a: Any, value: Any, dtype: Any, shape: Any) -> SymbolicArray:
    cells: Cells = np.empty(a.shape if shape is None else shape, object)
    cells[...] = cells_from(value)
    return SymbolicArray(cells, dtype or a.dtype)


def _written(target: Any) -> SymbolicArray:
    if not isinstance(target, SymbolicArray):
        raise Unsupported("a value that depends on the input is written into an array from outside the call")
    return target


@implements("copyto")
def _copyto(dst: Any, src: Any, casting: Any = None, where: Any = True) -> None:
    _written(dst)[...] = src if where is True else call(np.where, (where, src, dst), {})


@implements("putmask", "place")
def _putmask(a: Any, mask: Any, values: Any) -> None:
    if np.ndim(values):
        raise Unsupported("numpy.putmask and numpy.place with an array of values; use numpy.where")
    _copyto(a, values, where=mask)


@implements("fill_diagonal")
def _fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    for i in range(min(_written(a).shape)):
        a[(i,) * a.ndim] = val


@implements("put_along_axis")
def _put_along_axis(arr: Any, indices: Any, values: Any, axis: Any) -> None:
    places = indices.__array__() if isinstance(indices, SymbolicArray) else indices
    np.put_along_axis(_written(arr).cells, places, np.broadcast_to(cells_from(values), places.shape), axis)


def _triangle(keep: Callable[[int], bool]) -> Callable[..., Any]:
    def reading(m: Any, k: int = 0) -> Any:
        out = m.copy()
        for i in np.ndindex(m.shape):
            if not keep(i[-1] - i[-2] - k):
                out.cells[i] = constant(0)
        return out

    return reading


TABLE |= {"tril": _triangle(lambda above: above <= 0), "triu": _triangle(lambda above: above >= 0)}
