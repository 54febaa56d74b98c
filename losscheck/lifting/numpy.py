"""The NumPy frontend: record a loss that is written in NumPy, SciPy's special functions or plain Python arithmetic."""

from __future__ import annotations

import math
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from losscheck.expr.trace import Trace
from losscheck.lifting import array, folds
from losscheck.lifting.array import Cells
from losscheck.lifting.elementary import FUNCTIONS
from losscheck.lifting.numpy_array import SymbolicArray, cells_from, dtype_of, holds_symbolic
from losscheck.lifting.patches import array_type, math_functions, number_type, patched, replacement
from losscheck.lifting.printing import quiet_print
from losscheck.lifting.unsupported import Unsupported

_VECTORIZE = np.vectorize


def record_numpy(fn: Callable[..., Any], arguments: Sequence[Any], keywords: dict[str, Any]) -> list[Trace]:
    """Run ``fn`` once on the current path; object arrays among the arguments become symbolic.

    Raises
    ------
    Unsupported
        When a construct cannot be read, or the result is no array of numbers.
    """
    args = [_symbolic(a) for a in arguments]
    keywords = {name: _symbolic(a) for name, a in keywords.items()}
    modules: list[types.ModuleType] = [np, sys.modules["math"]]
    table = _conversions() | math_functions(SymbolicArray, _scalar)
    special = sys.modules.get("scipy.special")
    if special is not None:
        modules.append(special)
        table |= _scipy(special)
    stats = sys.modules.get("scipy.stats")
    extra = [] if stats is None else [(vars(stats.norm), name, f) for name, f in _normal(stats.norm).items()]
    names = {"float": number_type(float, np.dtype(np.float64), SymbolicArray), "print": quiet_print(SymbolicArray)}
    with patched(fn, table, tuple(modules), names, extra), np.errstate(all="ignore"):
        result = fn(*args, **keywords)
    return result_cells(result)


def _symbolic(a: Any) -> Any:
    return SymbolicArray(a.copy()) if isinstance(a, np.ndarray) and a.dtype == object else a


def result_cells(result: Any) -> list[Trace]:
    """Return the nodes of a result: an array, a number, or the first of a tuple ``(loss, aux)``."""
    if isinstance(result, (tuple, list)) and result:
        result = result[0]
    if isinstance(result, SymbolicArray):
        return list(result.cells.reshape(-1))
    if isinstance(result, (int, float, np.number, np.ndarray, bool, np.bool_)):
        if not np.issubdtype(np.asarray(result).dtype, np.number) and not np.asarray(result).dtype == bool:
            raise Unsupported("the loss returns an array of objects")
        return list(array.cells_of(np.asarray(result)).reshape(-1))
    raise Unsupported(f"the loss returns {type(result).__name__}, not a number or an array")


def _scalar(name: str, args: tuple[Any, ...]) -> SymbolicArray:
    return SymbolicArray(array.elementwise(FUNCTIONS[name], *map(cells_from, args)))


def _conversions() -> dict[Any, Any]:
    """Replace the constructors of arrays: of symbolic elements, and of arrays that the code goes on to write into."""

    def convert(x: Any, dtype: Any = None, **options: Any) -> Any:
        kind = dtype or (x.dtype if isinstance(x, SymbolicArray) else np.result_type(*_flat_dtypes(x)))
        return SymbolicArray(cells_from(x), x.dtype if isinstance(x, SymbolicArray) else kind).astype(kind)

    def copying(x: Any, dtype: Any = None, *, copy: Any = True, **options: Any) -> Any:
        result = convert(x, dtype)
        return SymbolicArray(result.cells.copy(), result.dtype)

    def same(x: Any, dtype: Any = None, **options: Any) -> Any:
        return x if isinstance(x, SymbolicArray) and dtype in (None, x.dtype) else convert(x, dtype)

    def filled(value: int) -> Callable[..., Any]:
        def make(shape: Any, dtype: Any = np.float64, *args: Any, **options: Any) -> Any:
            cells: Cells = np.empty(shape, object)
            cells[...] = array.cells_of(value)
            return SymbolicArray(cells, dtype or np.float64)

        return make

    def full(shape: Any, fill_value: Any, dtype: Any = None, *args: Any, **options: Any) -> Any:
        cells: Cells = np.empty(shape, object)
        cells[...] = cells_from(fill_value)
        return SymbolicArray(cells, dtype or np.result_type(*_flat_dtypes([fill_value])))

    def symbolic(x: Any, *args: Any, **kwargs: Any) -> bool:
        return holds_symbolic(x)

    def always(*args: Any, **kwargs: Any) -> bool:
        return True

    table: dict[Any, Any] = {np.array: replacement(np.array, copying, symbolic)}
    table |= {f: replacement(f, same, symbolic) for f in (np.asarray, np.asanyarray, np.ascontiguousarray)}
    table |= {f: replacement(f, filled(v), always) for f, v in ((np.zeros, 0), (np.ones, 1), (np.empty, 0))}
    table |= {np.full: replacement(np.full, full, always), np.vectorize: _vectorize}
    return table | {
        np.float64: number_type(np.float64, np.dtype(np.float64), SymbolicArray),
        np.ndarray: array_type(np.ndarray, SymbolicArray),
    }


def _vectorize(pyfunc: Callable[..., Any], *options: Any, **more: Any) -> Callable[..., Any]:
    """Call a Python function on each element; of concrete arrays as NumPy does."""
    original = _VECTORIZE(pyfunc, *options, **more)

    def call(*args: Any, **kwargs: Any) -> Any:
        if not any(map(holds_symbolic, args)):
            return original(*args, **kwargs)
        arrays: list[Any] = list(np.broadcast_arrays(*map(cells_from, args)))
        found = [
            pyfunc(*(SymbolicArray(array.single(a[i])) for a in arrays), **kwargs) for i in np.ndindex(arrays[0].shape)
        ]
        return SymbolicArray(np.stack([cells_from(x) for x in found]).reshape(arrays[0].shape))

    return call


def _flat_dtypes(x: Any) -> list[Any]:
    if isinstance(x, (list, tuple)):
        return [d for a in x for d in _flat_dtypes(a)]
    found = dtype_of(x)
    return [found if isinstance(found, np.dtype) else np.dtype(found)]


def _first_is_symbolic(x: Any, *args: Any, **kwargs: Any) -> bool:
    return holds_symbolic(x)


def _normal(norm: Any) -> dict[str, Any]:
    """Replace methods of ``scipy.stats.norm``."""
    table: dict[str, Callable[[Any], Any]] = {
        "cdf": lambda t: _scalar("ndtr", (t,)),
        "sf": lambda t: _scalar("ndtr", (-t,)),
        "logcdf": lambda t: _scalar("log_ndtr", (t,)),
        "logsf": lambda t: _scalar("log_ndtr", (-t,)),
        "pdf": lambda t: np.exp(-(t**2) / 2.0) / math.sqrt(2 * math.pi),
        "logpdf": lambda t: -(t**2) / 2.0 - math.log(2 * math.pi) / 2,
    }

    def make(name: str) -> Callable[..., Any]:
        def method(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
            result = table[name]((x - loc) / scale)
            return result / scale if name == "pdf" else result - np.log(scale) if name == "logpdf" else result

        return replacement(getattr(norm, name), method, lambda *args, **kwargs: any(map(holds_symbolic, args)))

    return {name: make(name) for name in table}


def _scipy(special: types.ModuleType) -> dict[Any, Any]:
    """Replace SciPy's Python functions; its ufuncs come through NumPy's own protocol."""

    def logsumexp(a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False) -> Any:
        if return_sign:
            raise Unsupported("scipy.special.logsumexp with return_sign")
        if b is not None:
            a = a + np.log(b)
        return SymbolicArray(array.reduce(folds.logsumexp, cells_from(a), axis, keepdims))

    def log_softmax(x: Any, axis: Any = None) -> Any:
        return x - logsumexp(x, axis, keepdims=True)

    def softmax(x: Any, axis: Any = None) -> Any:
        return np.exp(log_softmax(x, axis))

    ours: dict[str, Callable[..., Any]] = {"logsumexp": logsumexp, "log_softmax": log_softmax, "softmax": softmax}
    return {
        getattr(special, name): replacement(getattr(special, name), f, _first_is_symbolic) for name, f in ours.items()
    }
