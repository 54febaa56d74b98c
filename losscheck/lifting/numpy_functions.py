"""NumPy functions on symbolic arrays: the table behind ``__array_function__``.

Functions that only move elements run on the cells as they are (`STRUCTURAL`). A function without a row is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from losscheck.expr.trace import Trace, constant, record, truth
from losscheck.lifting import array
from losscheck.lifting.array import Cells
from losscheck.lifting.elementary import FUNCTIONS
from losscheck.lifting.numpy_array import SymbolicArray, cells_from, dtype_of, narrow
from losscheck.lifting.unsupported import Unsupported

STRUCTURAL = frozenset(
    """reshape ravel transpose permute_dims swapaxes moveaxis rollaxis expand_dims squeeze broadcast_to broadcast_arrays
    concatenate concat stack vstack hstack dstack column_stack row_stack split array_split hsplit vsplit tile repeat roll
    flip fliplr flipud rot90 take take_along_axis delete insert append diagonal diag atleast_1d atleast_2d atleast_3d copy
    compress extract resize triu_indices_from unstack""".split()
)
_TABLE: dict[str, Callable[..., Any]] = {}


def implements(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the reading of NumPy functions by name."""

    def register(f: Callable[..., Any]) -> Callable[..., Any]:
        _TABLE.update(dict.fromkeys(names, f))
        return f

    return register


def call(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Call a NumPy function with symbolic arguments.

    Raises
    ------
    Unsupported
        When the function has no row.
    """
    name = function.__name__
    plain = [_native(a) for a in (*args, *kwargs.values())]
    if "out" not in kwargs and all(ok for _, ok in plain):
        values = [v for v, _ in plain]
        return function(*values[: len(args)], **dict(zip(kwargs, values[len(args) :], strict=True)))
    kwargs = {k: v for k, v in kwargs.items() if v is not np._NoValue}
    if name in _TABLE:
        return _TABLE[name](*args, **kwargs)
    if name in STRUCTURAL:
        return _structural(function, args, kwargs)
    raise Unsupported(f"numpy.{name} of a value that depends on the input has no row in the table of functions")


def _native(x: Any) -> tuple[Any, bool]:
    if isinstance(x, SymbolicArray):
        value = x.native()
        return value, value is not None
    if isinstance(x, (list, tuple)):
        parts = [_native(a) for a in x]
        return type(x)(v for v, _ in parts), all(ok for _, ok in parts)
    return x, True


def _structural(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    kinds: list[Any] = []

    def open_(x: Any) -> Any:
        if isinstance(x, SymbolicArray):
            if kinds and x.dtype.kind in "iub" and function.__name__ in ("take", "take_along_axis", "delete", "compress"):
                return x.__array__()
            kinds.append(x.dtype)
            return x.cells
        if isinstance(x, (list, tuple)):
            if any(isinstance(a, SymbolicArray) for a in x):
                kinds.extend(dtype_of(a) for a in x)
                return [cells_from(a) for a in x]
            return type(x)(map(open_, x))
        return x

    first = [open_(a) for a in args]
    if not kinds and isinstance(args[0], np.ndarray):
        first[0] = array.cells_of(args[0])
        kinds.append(args[0].dtype)
    result = function(*first, **{k: open_(v) for k, v in kwargs.items()})
    return _wrap(result, np.result_type(*kinds))


def _wrap(x: Any, dtype: Any) -> Any:
    if isinstance(x, (list, tuple)):
        return type(x)(_wrap(a, dtype) for a in x)
    cells = x if isinstance(x, np.ndarray) else array.single(x)
    return SymbolicArray(cells, dtype)


def _lift(x: Any) -> SymbolicArray:
    return x if isinstance(x, SymbolicArray) else SymbolicArray(cells_from(x), _plain_dtype(x))


def _plain_dtype(*xs: Any) -> Any:
    return np.result_type(*(d if isinstance(d := dtype_of(x), np.dtype) else np.dtype(d) for x in xs))


def _reduction(f: Callable[[list[Trace]], Trace], kind: str = "same") -> Callable[..., Any]:
    def reading(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False, **more: Any) -> Any:
        x = _lift(a)
        if isinstance(dtype, SymbolicArray) or out is not None or any(k != "initial" for k in more):
            raise Unsupported(f"the options {', '.join(more) or 'out'} of a NumPy reduction")
        rule = {"bool": np.bool_, "int": np.int64, "float": np.result_type(x.dtype, np.float16)}
        same = np.int64 if x.dtype.kind == "b" and kind == "same" else x.dtype
        result = dtype or (rule[kind] if kind != "float" or x.dtype.kind == "f" else np.float64) if kind != "same" else dtype or same
        cells = array.reduce(f, x.cells, axis, bool(keepdims))
        if "initial" in more:
            cells = array.elementwise(lambda c: f([constant(more["initial"]), c]), cells)
        return SymbolicArray(narrow(cells, result), result)

    return reading


def _methods(f: Callable[[list[Trace]], Trace], kind: str = "same") -> Callable[..., Any]:
    """Accept ``(a, axis, out, keepdims)``, the order of max, min, all and any."""
    reading = _reduction(f, kind)
    return lambda a, axis=None, out=None, keepdims=False, **more: reading(a, axis, None, out, keepdims, **more)


_TABLE |= {
    "sum": _reduction(array.total), "nansum": _reduction(array.total), "mean": _reduction(array.mean, "float"),
    "nanmean": _reduction(array.mean, "float"), "prod": _reduction(array.product),
    "max": _methods(array.extreme("max")), "amax": _methods(array.extreme("max")), "min": _methods(array.extreme("min")),
    "amin": _methods(array.extreme("min")), "nanmax": _methods(array.extreme("max")), "nanmin": _methods(array.extreme("min")),
    "argmax": _methods(array.position(True), "int"), "argmin": _methods(array.position(False), "int"),
    "all": _methods(array.conjunction, "bool"), "any": _methods(array.disjunction, "bool"),
    "count_nonzero": _methods(lambda xs: array.total([truth(x) for x in xs]), "int"),
    "shape": lambda a: a.shape, "ndim": lambda a: a.ndim, "size": lambda a, axis=None: a.size if axis is None else a.shape[axis],
    "nan_to_num": lambda x, *a, **k: x, "real": lambda x: x, "result_type": lambda *xs: _plain_dtype(*xs),
    "iscomplexobj": lambda x: False, "isrealobj": lambda x: True, "can_cast": lambda a, b, **k: np.can_cast(a.dtype, b),
}  # fmt: skip


@implements("var")
def _var(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: int = 0, keepdims: bool = False) -> Any:
    x = _lift(a)
    gap = x - call(np.mean, (x,), {"axis": axis, "keepdims": True})
    count = x.size if axis is None else int(np.prod([x.shape[i] for i in array.axes_of(axis, x.ndim)]))
    return call(np.sum, (gap * gap,), {"axis": axis, "keepdims": keepdims}) / (count - ddof)


@implements("std")
def _std(a: Any, *args: Any, **kwargs: Any) -> Any:
    return np.sqrt(_var(a, *args, **kwargs))


@implements("ptp")
def _ptp(a: Any, axis: Any = None, **kwargs: Any) -> Any:
    return call(np.max, (a,), {"axis": axis}) - call(np.min, (a,), {"axis": axis})


@implements("where")
def _where(condition: Any, x: Any = None, y: Any = None) -> Any:
    if x is None:
        return np.where(array.truths(cells_from(condition)))
    cells = array.elementwise(lambda c, a, b: record("where", truth(c), a, b), *map(cells_from, (condition, x, y)))
    return SymbolicArray(cells, _plain_dtype(x, y))


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
def _clip(a: Any, a_min: Any = None, a_max: Any = None, out: Any = None, *, min: Any = None, max: Any = None) -> Any:
    low, high = a_min if min is None else min, a_max if max is None else max
    result = a if low is None else np.maximum(a, low)
    result = result if high is None else np.minimum(result, high)
    if out is not None:
        out[...] = result
        return out
    return result


@implements("argsort")
def _argsort(a: Any, axis: Any = -1, kind: Any = None, order: Any = None, **more: Any) -> Any:
    return array.argsort(a.cells, axis)


@implements("partition")
def _partition(a: Any, kth: Any, axis: Any = -1, **more: Any) -> Any:
    return _sort(a, axis)


@implements("argpartition")
def _argpartition(a: Any, kth: Any, axis: Any = -1, **more: Any) -> Any:
    return array.argsort(a.cells, axis)


@implements("sort")
def _sort(a: Any, axis: Any = -1, kind: Any = None, **more: Any) -> Any:
    if axis is None:
        a, axis = a.reshape(-1), 0
    return a._like(np.take_along_axis(a.cells, array.argsort(a.cells, axis), axis))


@implements("median")
def _median(a: Any, axis: Any = None, **more: Any) -> Any:
    x = a.reshape(-1) if axis is None else a
    cells = np.moveaxis(_sort(x, axis=-1 if axis is None else axis).cells, -1 if axis is None else axis, 0)
    n = cells.shape[0]
    middle = array.elementwise(lambda p, q: array.mean([p, q]), cells[(n - 1) // 2], cells[n // 2])
    return a._like(middle if n % 2 == 0 else cells[n // 2] if isinstance(cells[n // 2], np.ndarray) else array.single(cells[n // 2]))


def _scan(name: str) -> Callable[..., Any]:
    def reading(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        x = a.reshape(-1) if axis is None else a
        kind = dtype or (np.int64 if x.dtype.kind == "b" else x.dtype)
        return SymbolicArray(narrow(array.scan(FUNCTIONS[name], x.cells, -1 if axis is None else axis), kind), kind)

    return reading


_TABLE |= {"cumsum": _scan("add"), "cumprod": _scan("multiply")}


@implements("dot", "inner", "vdot")
def _dot(a: Any, b: Any, out: Any = None) -> Any:
    p, q = cells_from(a), cells_from(b)
    cells = array.elementwise(FUNCTIONS["multiply"], p, q) if 0 in (p.ndim, q.ndim) else array.dot(p, q)
    return SymbolicArray(narrow(cells, _plain_dtype(a, b)), _plain_dtype(a, b))


@implements("outer")
def _outer(a: Any, b: Any, out: Any = None) -> Any:
    p, q = cells_from(a).reshape(-1, 1), cells_from(b).reshape(1, -1)
    return SymbolicArray(array.elementwise(FUNCTIONS["multiply"], p, q), _plain_dtype(a, b))


@implements("einsum")
def _einsum(subscripts: Any, *operands: Any, **options: Any) -> Any:
    """Sum of products over the indices that the output does not name."""
    if not isinstance(subscripts, str) or "." in subscripts or set(options) - {"optimize"}:
        raise Unsupported("numpy.einsum with an ellipsis, sublists or options; write the sum of products out")
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    terms = left.split(",")
    arrays = [cells_from(x) for x in operands]
    names = sorted(set("".join(terms)))
    output = right if arrow else "".join(c for c in names if left.count(c) == 1)
    sizes = {c: n for t, a in zip(terms, arrays, strict=True) for c, n in zip(t, a.shape, strict=True)}
    summed = [c for c in names if c not in output]
    out: Cells = np.empty([sizes[c] for c in output], object)
    for place in np.ndindex(out.shape):
        at = dict(zip(output, place, strict=True))
        parts = []
        for inner in np.ndindex(*(sizes[c] for c in summed)):
            full = at | dict(zip(summed, inner, strict=True))
            parts.append(array.product([a[tuple(full[c] for c in t)] for t, a in zip(terms, arrays, strict=True)]))
        out[place] = array.total(parts)
    return SymbolicArray(out, _plain_dtype(*operands))


@implements("norm")
def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    size = np.abs(x)
    if axis is None and x.ndim > 1 and ord not in (None, "fro"):
        raise Unsupported(f"numpy.linalg.norm of a matrix with ord={ord!r}")
    options = {"axis": axis, "keepdims": keepdims}
    if ord in (None, 2, "fro"):
        return np.sqrt(call(np.sum, (x * x,), options))
    if ord == np.inf or ord == -np.inf:
        return call(np.max if ord > 0 else np.min, (size,), options)
    if ord == 1:
        return call(np.sum, (size,), options)
    if ord == 0:
        return call(np.sum, (x != 0,), options)
    return call(np.sum, (size**ord,), options) ** (1.0 / ord)


@implements("zeros_like", "empty_like")
def _zeros_like(a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, **more: Any) -> Any:
    return _filled(a, 0, dtype, shape)


@implements("ones_like")
def _ones_like(a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, **more: Any) -> Any:
    return _filled(a, 1, dtype, shape)


@implements("full_like")
def _full_like(a: Any, fill_value: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, **more: Any) -> Any:
    return _filled(a, fill_value, dtype, shape)


def _filled(a: Any, value: Any, dtype: Any, shape: Any) -> SymbolicArray:
    cells: Cells = np.empty(a.shape if shape is None else shape, object)
    cells[...] = cells_from(value)
    return SymbolicArray(cells, dtype or a.dtype)


@implements("diff")
def _diff(a: Any, n: int = 1, axis: int = -1, **more: Any) -> Any:
    moved = np.moveaxis(a.cells, axis, -1)
    for _ in range(n):
        moved = array.elementwise(FUNCTIONS["subtract"], moved[..., 1:], moved[..., :-1])
    return a._like(np.moveaxis(moved, -1, axis))


@implements("isclose", "allclose", "array_equal")
def _closeness(*args: Any, **kwargs: Any) -> Any:
    raise Unsupported("a comparison up to a tolerance of values that depend on the input; compare exactly")


@implements("copyto")
def _copyto(dst: Any, src: Any, casting: Any = None, where: Any = True) -> None:
    if not isinstance(dst, SymbolicArray):
        raise Unsupported("a value that depends on the input is copied into an array from outside the call")
    dst[...] = src if where is True else _where(where, src, dst)


@implements("nonzero", "flatnonzero", "argwhere")
def _nonzero(a: Any) -> Any:
    return np.nonzero(array.truths(a.cells))


@implements("tril", "triu")
def _triangle(m: Any, k: int = 0) -> Any:
    raise Unsupported("numpy.tril and numpy.triu of a value that depends on the input; multiply by a constant mask")
