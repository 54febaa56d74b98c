"""Ufuncs on symbolic arrays: calls, reductions and accumulations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from losscheck.expr.trace import Trace, record, truth
from losscheck.lifting import array, folds
from losscheck.lifting.elementary import FUNCTIONS
from losscheck.lifting.numpy_array import SymbolicArray, cells_from, dtype_of, narrow
from losscheck.lifting.unsupported import Unsupported

REDUCTIONS: dict[str, Callable[[list[Trace]], Trace]] = {
    "add": folds.total,
    "multiply": folds.product,
    "maximum": folds.extreme("max"),
    "minimum": folds.extreme("min"),
    "fmax": folds.extreme("max"),
    "fmin": folds.extreme("min"),
    "logaddexp": folds.logsumexp,
    "logical_and": folds.conjunction,
    "logical_or": folds.disjunction,
}
_INTEGER = {"add", "subtract", "multiply", "negative", "absolute", "maximum", "minimum", "sign", "square", "positive"}


def apply(ufunc: np.ufunc, method: str, inputs: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Apply a ufunc method to inputs at least one of which is symbolic."""
    options = {k: v for k, v in kwargs.items() if k not in ("casting", "order", "subok", "dtype")}
    dtype = kwargs.get("dtype")
    out = options.pop("out", None)
    mask = options.pop("where", True)
    native = [x.native() if isinstance(x, SymbolicArray) else x for x in inputs]
    if out is None and mask is True and all(x is not None for x in native):
        return wrap(getattr(ufunc, method)(*native, **kwargs))
    name = ufunc.__name__
    if method == "__call__":
        if ufunc is np.matmul:
            return wrap_cells(folds.dot(cells_from(inputs[0]), cells_from(inputs[1])), inputs)
        if name not in FUNCTIONS:
            raise Unsupported(f"the ufunc {name} has no row in the table of functions")
        result = SymbolicArray(
            array.elementwise(FUNCTIONS[name], *map(cells_from, inputs)), _result_dtype(ufunc, inputs)
        )
    elif method == "reduce" and name in REDUCTIONS:
        x = inputs[0]
        cells = array.reduce(REDUCTIONS[name], x.cells, options.get("axis", 0), options.get("keepdims", False))
        if "initial" in options and options["initial"] is not np._NoValue:
            cells = array.elementwise(FUNCTIONS[name], options["initial"], cells)
        kind = (
            np.int64 if name == "add" and x.dtype.kind == "b" else np.bool_ if name.startswith("logical") else x.dtype
        )
        result = SymbolicArray(cells, kind)
    elif method == "accumulate" and name in FUNCTIONS:
        result = SymbolicArray(folds.scan(FUNCTIONS[name], inputs[0].cells, options.get("axis", 0)), inputs[0].dtype)
    elif method == "outer" and name in FUNCTIONS:
        a, b = map(cells_from, inputs)
        result = SymbolicArray(array.elementwise(FUNCTIONS[name], a.reshape(a.shape + (1,) * b.ndim), b), np.float64)
    else:
        raise Unsupported(f"numpy.{name}.{method} of a value that depends on the input")
    result = SymbolicArray(narrow(result.cells, dtype or result.dtype), dtype or result.dtype)
    return result if out is None else _store(out[0], result, mask)


def _store(out: Any, result: SymbolicArray, mask: Any) -> Any:
    if not isinstance(out, SymbolicArray):
        raise Unsupported("a value that depends on the input is written into an array from outside the call")
    cells = result.cells
    if mask is not True:
        cells = array.elementwise(lambda c, a, b: record("where", truth(c), a, b), cells_from(mask), cells, out.cells)
    out.cells[...] = narrow(cells, out.dtype)
    return out


def _result_dtype(ufunc: np.ufunc, inputs: Sequence[Any]) -> Any:
    kinds = [dtype_of(x) for x in inputs]
    try:
        return ufunc.resolve_dtypes((*kinds, None))[-1]
    except (TypeError, AttributeError, ValueError):
        return np.result_type(np.float64, *kinds)


def wrap(x: Any) -> Any:
    """Leave concrete results concrete."""
    return x


def wrap_cells(cells: Any, inputs: Sequence[Any]) -> SymbolicArray:
    """Return the symbolic array of ``cells`` with the dtype that the inputs promote to."""
    dtype = np.result_type(*map(dtype_of, inputs))
    return SymbolicArray(narrow(cells, dtype), dtype)
