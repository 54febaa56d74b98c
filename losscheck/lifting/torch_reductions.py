"""Rules for ATen operations along an axis: reductions, softmax, sorting, products."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from losscheck.expr.trace import Trace, constant, record, truth
from losscheck.lifting import array, folds, settling
from losscheck.lifting.array import Cells, elementwise
from losscheck.lifting.elementary import FUNCTIONS
from losscheck.lifting.torch_table import RULES, pointwise, rule, times
from losscheck.lifting.torch_tensor import cells_of


def _reduction(f: Callable[[list[Trace]], Trace]) -> Callable[..., Cells]:
    def reading(x: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Cells:
        axis = None if dim is None or (isinstance(dim, (list, tuple)) and not dim) else dim
        return array.reduce(f, cells_of(x), axis, keepdim)

    return reading


RULES |= {
    "sum": _reduction(folds.total),
    "nansum": _reduction(folds.total),
    "mean": _reduction(folds.mean),
    "prod": _reduction(folds.product),
    "amax": _reduction(folds.extreme("max")),
    "amin": _reduction(folds.extreme("min")),
    "logsumexp": _reduction(folds.logsumexp),
    "any": _reduction(folds.disjunction),
    "all": _reduction(folds.conjunction),
    "argmax": _reduction(folds.position(True)),
    "argmin": _reduction(folds.position(False)),
    "_is_all_true": _reduction(folds.conjunction),
    "_is_any_true": _reduction(folds.disjunction),
}


def _extreme(op: str) -> Callable[..., Any]:
    def reading(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
        if dim is None:
            return array.reduce(folds.extreme(op), cells_of(x))
        if not isinstance(dim, int):
            return pointwise(lambda a, b: record(op, a, b), x, dim)
        values = array.reduce(folds.extreme(op), cells_of(x), dim, keepdim)
        return values, array.reduce(folds.position(op == "max"), cells_of(x), dim, keepdim)

    return reading


RULES |= {"max": _extreme("max"), "min": _extreme("min")}


@rule("aminmax")
def _aminmax(x: Any, *, dim: Any = None, keepdim: bool = False) -> tuple[Cells, Cells]:
    return tuple(array.reduce(folds.extreme(op), cells_of(x), dim, keepdim) for op in ("min", "max"))


def _moments(x: Any, dim: Any, correction: Any, keepdim: bool, root: bool) -> Cells:
    def f(xs: list[Trace]) -> Trace:
        center = folds.mean(xs)
        squares = [record("mul", d, d) for d in (record("sub", a, center) for a in xs)]
        result = record("div", folds.total(squares), constant(len(xs) - (1 if correction is None else correction)))
        return record("sqrt", result) if root else result

    return array.reduce(f, cells_of(x), dim or None, keepdim)


@rule("var")
def _var(x: Any, dim: Any = None, *, correction: Any = None, keepdim: bool = False) -> Cells:
    return _moments(x, dim, correction, keepdim, False)


@rule("std")
def _std(x: Any, dim: Any = None, *, correction: Any = None, keepdim: bool = False) -> Cells:
    return _moments(x, dim, correction, keepdim, True)


@rule("native_layer_norm")
def _layer_norm(x: Any, shape: Any, weight: Any, bias: Any, eps: float) -> tuple[Cells, Cells, Cells]:
    cells, axes = cells_of(x), list(range(-len(shape), 0))
    center = array.reduce(folds.mean, cells, axes, True)
    guarded = elementwise(FUNCTIONS["add"], _moments(cells, axes, 0, True, False), array.single(constant(eps)))
    root = elementwise(FUNCTIONS["reciprocal"], elementwise(FUNCTIONS["sqrt"], guarded))
    result = elementwise(FUNCTIONS["multiply"], elementwise(FUNCTIONS["subtract"], cells, center), root)
    result = result if weight is None else elementwise(FUNCTIONS["multiply"], result, cells_of(weight))
    result = result if bias is None else elementwise(FUNCTIONS["add"], result, cells_of(bias))
    return result, center, root


@rule("linalg_vector_norm", "norm")
def _norm(x: Any, ord: Any = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Cells:
    def f(xs: list[Trace]) -> Trace:
        sizes = [record("abs", a) for a in xs]
        if ord in (float("inf"), float("-inf")):
            return folds.extreme("max" if ord > 0 else "min")(sizes)
        if ord == 0:
            return folds.total([truth(a) for a in xs])
        if ord == 1:
            return folds.total(sizes)
        if ord in (2, None):
            return record("sqrt", folds.total([record("mul", a, a) for a in xs]))
        powers = folds.total([FUNCTIONS["power"](a, constant(ord)) for a in sizes])
        return FUNCTIONS["power"](powers, constant(1.0 / ord))

    return array.reduce(f, cells_of(x), None if dim == [] else dim, keepdim)


@rule("_cdist_forward")
def _cdist(x: Any, y: Any, p: float = 2.0, compute_mode: Any = None) -> Cells:
    a, b = cells_of(x), cells_of(y)
    return _norm(elementwise(FUNCTIONS["subtract"], a[..., :, None, :], b[..., None, :, :]), p, [-1])


def _log_softmax(x: Any, dim: int, half_to_float: bool = False) -> Cells:
    cells = cells_of(x)
    return elementwise(lambda a, b: record("sub", a, b), cells, array.reduce(folds.logsumexp, cells, dim, True))


RULES["_log_softmax"] = _log_softmax
RULES["_softmax"] = lambda x, dim, half_to_float=False: pointwise(FUNCTIONS["exp"], _log_softmax(x, dim))


@rule("sort")
def _sort(x: Any, dim: int = -1, descending: bool = False, *, stable: Any = None) -> tuple[Cells, Any]:
    cells = cells_of(x)
    places = settling.argsort(cells, dim, descending)
    return np.take_along_axis(cells, places, dim), places


RULES["argsort"] = lambda x, dim=-1, descending=False, stable=False: _sort(x, dim, descending)[1]


@rule("topk")
def _topk(x: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> tuple[Cells, Any]:
    values, places = _sort(x, dim, largest)
    part = (slice(None),) * (dim % values.ndim) + (slice(0, k),)
    return values[part], places[part]


@rule("kthvalue")
def _kthvalue(x: Any, k: int, dim: int = -1, keepdim: bool = False) -> tuple[Any, Any]:
    return tuple(np.take(a, [k - 1] if keepdim else k - 1, axis=dim) for a in _sort(x, dim))  # type: ignore[return-value]


@rule("median")
def _median(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    cells = cells_of(x)
    if dim is None:
        return _sort(cells.reshape(-1))[0][(cells.size - 1) // 2]
    return _kthvalue(x, (cells.shape[dim] + 1) // 2, dim, keepdim)


def _scan(name: str) -> Callable[..., Cells]:
    return lambda x, dim, *, dtype=None: folds.scan(FUNCTIONS[name], cells_of(x), dim)


RULES |= {"cumsum": _scan("add"), "cumprod": _scan("multiply"), "logcumsumexp": _scan("logaddexp")}


@rule("mm", "mv", "dot", "vdot")
def _matmul(x: Any, y: Any) -> Cells:
    return folds.dot(cells_of(x), cells_of(y))


@rule("bmm")
def _bmm(x: Any, y: Any) -> Cells:
    return np.stack([folds.dot(a, b) for a, b in zip(cells_of(x), cells_of(y), strict=True)])


@rule("addmm")
def _addmm(bias: Any, x: Any, y: Any, *, beta: Any = 1, alpha: Any = 1) -> Cells:
    return pointwise(lambda b, p: record("add", times(b, beta), times(p, alpha)), bias, _matmul(x, y))


@rule("_local_scalar_dense")
def _local_scalar_dense(x: Any) -> Any:
    return settling.settled(cells_of(x).item())


RULES["is_nonzero"] = lambda x: bool(settling.truths(cells_of(x)).item())
