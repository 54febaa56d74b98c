"""NumPy reductions and running sums."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from losscheck.expr.trace import Trace, constant, truth
from losscheck.lifting import array, folds
from losscheck.lifting.elementary import FUNCTIONS
from losscheck.lifting.numpy_array import SymbolicArray, narrow
from losscheck.lifting.numpy_table import TABLE, as_symbolic, call, implements, plain_dtype
from losscheck.lifting.undefined import replaced
from losscheck.lifting.unsupported import Unsupported


def _reduction(f: Callable[[list[Trace]], Trace], dtype_rule: Callable[[Any], Any]) -> Callable[..., Any]:
    def reading(
        a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False, **more: Any
    ) -> Any:
        if out is not None or any(k != "initial" for k in more):
            raise Unsupported(f"the option {', '.join(more) or 'out'} of a NumPy reduction")
        x = as_symbolic(a)
        kind = dtype or dtype_rule(x.dtype)
        cells = array.reduce(f, x.cells, axis, bool(keepdims))
        if "initial" in more:
            cells = array.elementwise(lambda c: f([constant(more["initial"]), c]), cells)
        return SymbolicArray(narrow(cells, kind), kind)

    return reading


def _without_dtype(f: Callable[[list[Trace]], Trace], dtype_rule: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return a reduction called ``(a, axis, out, keepdims)``, the order of max, min, all and any."""
    reading = _reduction(f, dtype_rule)
    return lambda a, axis=None, out=None, keepdims=False, **more: reading(a, axis, None, out, keepdims, **more)


def _counted(dtype: Any) -> Any:
    return np.dtype(np.int64) if dtype.kind == "b" else dtype


def _averaged(dtype: Any) -> Any:
    return dtype if dtype.kind == "f" else np.dtype(np.float64)


def _same(dtype: Any) -> Any:
    return dtype


def _index(dtype: Any) -> Any:
    return np.dtype(np.int64)


def _truth(dtype: Any) -> Any:
    return np.dtype(np.bool_)


def _count(xs: list[Trace]) -> Trace:
    return folds.total([truth(x) for x in xs])


def _size(a: Any, axis: Any = None) -> Any:
    return a.size if axis is None else a.shape[axis]


_LARGEST, _SMALLEST = folds.extreme("max"), folds.extreme("min")
TABLE |= {name: _reduction(folds.total, _counted) for name in ("sum", "nansum")}
TABLE |= {name: _reduction(folds.mean, _averaged) for name in ("mean", "nanmean")}
TABLE |= {name: _without_dtype(_LARGEST, _same) for name in ("max", "amax", "nanmax")}
TABLE |= {name: _without_dtype(_SMALLEST, _same) for name in ("min", "amin", "nanmin")}
TABLE |= {
    "prod": _reduction(folds.product, _counted),
    "argmax": _without_dtype(folds.position(True), _index),
    "argmin": _without_dtype(folds.position(False), _index),
    "all": _without_dtype(folds.conjunction, _truth),
    "any": _without_dtype(folds.disjunction, _truth),
    "count_nonzero": _without_dtype(_count, _index),
    "shape": lambda a: a.shape,
    "ndim": lambda a: a.ndim,
    "size": _size,
    "real": lambda x: x,
    "result_type": plain_dtype,
    "iscomplexobj": lambda x: False,
    "isrealobj": lambda x: True,
}


@implements("nan_to_num")
def _nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    if not copy:
        raise Unsupported("numpy.nan_to_num with copy=False")
    return x._like(array.elementwise(lambda a: replaced(a, nan), x.cells))


@implements("var")
def _var(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: int = 0, keepdims: bool = False) -> Any:
    x = as_symbolic(a)
    gap = x - call(np.mean, (x,), {"axis": axis, "keepdims": True})
    count = x.size if axis is None else int(np.prod([x.shape[i] for i in array.axes_of(axis, x.ndim)]))
    return call(np.sum, (gap * gap,), {"axis": axis, "keepdims": keepdims}) / (count - ddof)


@implements("std")
def _std(a: Any, *args: Any, **kwargs: Any) -> Any:
    return np.sqrt(_var(a, *args, **kwargs))


@implements("ptp")
def _ptp(a: Any, axis: Any = None, **kwargs: Any) -> Any:
    return call(np.max, (a,), {"axis": axis}) - call(np.min, (a,), {"axis": axis})


def _scan(name: str) -> Callable[..., Any]:
    def reading(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        x = a.reshape(-1) if axis is None else a
        kind = dtype or (np.int64 if x.dtype.kind == "b" else x.dtype)
        return SymbolicArray(narrow(folds.scan(FUNCTIONS[name], x.cells, -1 if axis is None else axis), kind), kind)

    return reading


TABLE |= {"cumsum": _scan("add"), "cumprod": _scan("multiply")}


@implements("median")
def _median(a: Any, axis: Any = None, **more: Any) -> Any:
    x, along = (a.reshape(-1), 0) if axis is None else (a, axis)
    cells = np.moveaxis(call(np.sort, (x,), {"axis": along}).cells, along, 0)
    n = cells.shape[0]
    low, high = array.cells_of(cells[(n - 1) // 2]), array.cells_of(cells[n // 2])
    return a._like(array.elementwise(lambda p, q: p if p is q else folds.mean([p, q]), low, high))
