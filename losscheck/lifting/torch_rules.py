"""Rules for ATen operations on cells: pointwise, reductions, fused losses.

Rules written by hand come first: torch's own decomposition of ``multilabel_margin_loss`` (2.13) computes another
function than the operator. Operations without a rule fall back to a decomposition, and the recheck has the last word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from losscheck.expr.trace import Trace, constant, number, record, truth
from losscheck.lifting import array
from losscheck.lifting.array import Cells, elementwise
from losscheck.lifting.elementary import FUNCTIONS
from losscheck.lifting.torch_moves import MOVES, VIEWS
from losscheck.lifting.torch_tensor import cells_of
from losscheck.lifting.unsupported import Unsupported

__all__ = ["RULES", "VIEWS"]
RULES: dict[str, Callable[..., Any]] = dict(MOVES)

_NAMES = {
    "exp": "exp", "log": "log", "log1p": "log1p", "expm1": "expm1", "sqrt": "sqrt", "abs": "absolute", "neg": "negative",
    "sigmoid": "expit", "tanh": "tanh", "erf": "erf", "erfc": "erfc", "atan": "arctan", "sin": "sin", "cos": "cos",
    "tan": "tan", "sinh": "sinh", "cosh": "cosh", "exp2": "exp2", "log2": "log2", "log10": "log10", "square": "square",
    "reciprocal": "reciprocal", "sign": "sign", "sgn": "sign", "logit": "logit", "special_log_ndtr": "log_ndtr",
    "special_ndtr": "ndtr", "special_entr": "entr", "special_xlog1py": "xlog1py", "xlogy": "xlogy", "mul": "multiply",
    "pow": "power", "maximum": "maximum", "minimum": "minimum", "fmax": "fmax", "fmin": "fmin", "logaddexp": "logaddexp",
    "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "eq": "equal", "ne": "not_equal",
    "logical_not": "logical_not", "logical_and": "logical_and", "logical_or": "logical_or", "logical_xor": "logical_xor",
    "bitwise_not": "invert", "bitwise_and": "bitwise_and", "bitwise_or": "bitwise_or", "bitwise_xor": "bitwise_xor",
    "isnan": "isnan", "isinf": "isinf", "isfinite": "isfinite", "floor": "floor", "ceil": "ceil", "trunc": "trunc",
    "round": "rint", "hypot": "hypot", "heaviside": "heaviside",
}  # fmt: skip
for _aten, _ours in _NAMES.items():
    RULES[_aten] = lambda *xs, _f=FUNCTIONS[_ours]: elementwise(_f, *map(cells_of, xs))


def rule(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the rule of operations by name."""

    def register(f: Callable[..., Any]) -> Callable[..., Any]:
        RULES.update(dict.fromkeys(names, f))
        return f

    return register


def _map(f: Callable[..., Trace], *xs: Any) -> Cells:
    return elementwise(f, *map(cells_of, xs))


def _times(a: Trace, factor: Any) -> Trace:
    return a if factor == 1 else record("mul", constant(factor), a)


@rule("rsqrt")
def _rsqrt(x: Any) -> Cells:
    return _map(lambda a: record("div", constant(1), record("sqrt", a)), x)


@rule("relu")
def _relu(x: Any) -> Cells:
    return _map(lambda a: record("max", a, constant(0)), x)


@rule("add")
def _add(x: Any, y: Any, alpha: Any = 1) -> Cells:
    return _map(lambda a, b: record("add", a, _times(b, alpha)), x, y)


@rule("sub", "subtract")
def _sub(x: Any, y: Any, alpha: Any = 1) -> Cells:
    return _map(lambda a, b: record("sub", a, _times(b, alpha)), x, y)


@rule("rsub")
def _rsub(x: Any, y: Any, alpha: Any = 1) -> Cells:
    return _map(lambda a, b: record("sub", b, _times(a, alpha)), x, y)


@rule("div", "true_divide")
def _div(x: Any, y: Any, rounding_mode: Any = None) -> Cells:
    if rounding_mode is not None:
        raise Unsupported(f"division with rounding_mode={rounding_mode!r}: a step at every integer has no finite graph")
    return _map(lambda a, b: record("div", a, b), x, y)


@rule("addcmul")
def _addcmul(x: Any, a: Any, b: Any, value: Any = 1) -> Cells:
    return _map(lambda x, a, b: record("add", x, _times(record("mul", a, b), value)), x, a, b)


@rule("addcdiv")
def _addcdiv(x: Any, a: Any, b: Any, value: Any = 1) -> Cells:
    return _map(lambda x, a, b: record("add", x, _times(record("div", a, b), value)), x, a, b)


@rule("lerp")
def _lerp(x: Any, end: Any, weight: Any) -> Cells:
    return _map(lambda a, b, w: record("add", a, record("mul", w, record("sub", b, a))), x, end, weight)


@rule("clamp", "hardtanh")
def _clamp(x: Any, low: Any = None, high: Any = None, *, min: Any = None, max: Any = None) -> Cells:
    low, high = low if min is None else min, high if max is None else max
    result = cells_of(x) if low is None else _map(lambda a, b: record("max", a, b), x, low)
    return result if high is None else _map(lambda a, b: record("min", a, b), result, high)


RULES["clamp_min"] = lambda x, low: _clamp(x, low)
RULES["clamp_max"] = lambda x, high: _clamp(x, None, high)


@rule("where")
def _where(condition: Any, x: Any = None, y: Any = None) -> Any:
    if x is None:
        raise Unsupported("torch.where with one argument; give both values")
    return _map(lambda c, a, b: record("where", truth(c), number(a), number(b)), condition, x, y)


@rule("masked_fill")
def _masked_fill(x: Any, mask: Any, value: Any) -> Cells:
    return _map(lambda a, m, v: record("where", truth(m), v, a), x, mask, value)


@rule("softplus")
def _softplus(x: Any, beta: Any = 1, threshold: Any = 20) -> Cells:
    """As shipped: the identity above the threshold, so a jump of about 2e-9 there."""

    def f(a: Trace) -> Trace:
        scaled = _times(a, beta)
        smooth = record("softplus", scaled)
        smooth = smooth if beta == 1 else record("div", smooth, constant(beta))
        return record("where", record("lt", constant(threshold), scaled), a, smooth)

    return _map(f, x)


@rule("log_sigmoid_forward")
def _log_sigmoid(x: Any) -> tuple[Cells, Cells]:
    return _map(FUNCTIONS["log_expit"], x), np.empty(0, object)


@rule("leaky_relu")
def _leaky_relu(x: Any, slope: Any = 0.01) -> Cells:
    return _map(lambda a: record("where", record("lt", constant(0), a), a, record("mul", constant(slope), a)), x)


@rule("threshold")
def _threshold(x: Any, threshold: Any, value: Any) -> Cells:
    return _map(lambda a: record("where", record("le", a, constant(threshold)), constant(value), a), x)


@rule("elu")
def _elu(x: Any, alpha: Any = 1, scale: Any = 1, input_scale: Any = 1) -> Cells:
    def f(a: Trace) -> Trace:
        low = _times(_times(record("expm1", _times(a, input_scale)), alpha), scale)
        return record("where", record("lt", constant(0), a), _times(a, scale), low)

    return _map(f, x)


# ---- reductions
def _reduction(f: Callable[[list[Trace]], Trace]) -> Callable[..., Cells]:
    def reading(x: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Cells:
        axis = None if dim is None or (isinstance(dim, (list, tuple)) and not dim) else dim
        return array.reduce(f, cells_of(x), axis, keepdim)

    return reading


RULES |= {
    "sum": _reduction(array.total), "nansum": _reduction(array.total), "mean": _reduction(array.mean),
    "prod": _reduction(array.product), "amax": _reduction(array.extreme("max")), "amin": _reduction(array.extreme("min")),
    "logsumexp": _reduction(array.logsumexp), "any": _reduction(array.disjunction), "all": _reduction(array.conjunction),
    "argmax": _reduction(array.position(True)), "argmin": _reduction(array.position(False)),
}  # fmt: skip


def _extreme(op: str) -> Callable[..., Any]:
    def reading(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
        if dim is None:
            return array.reduce(array.extreme(op), cells_of(x))
        if not isinstance(dim, int):
            return _map(lambda a, b: record(op, a, b), x, dim)
        values = array.reduce(array.extreme(op), cells_of(x), dim, keepdim)
        return values, array.reduce(array.position(op == "max"), cells_of(x), dim, keepdim)

    return reading


RULES |= {"max": _extreme("max"), "min": _extreme("min")}


@rule("aminmax")
def _aminmax(x: Any, *, dim: Any = None, keepdim: bool = False) -> tuple[Cells, Cells]:
    return tuple(array.reduce(array.extreme(op), cells_of(x), dim, keepdim) for op in ("min", "max"))  # type: ignore[return-value]


def _moments(x: Any, dim: Any, correction: Any, keepdim: bool, root: bool) -> Cells:
    def f(xs: list[Trace]) -> Trace:
        center = array.mean(xs)
        squares = [record("mul", d, d) for d in (record("sub", a, center) for a in xs)]
        result = record("div", array.total(squares), constant(len(xs) - (1 if correction is None else correction)))
        return record("sqrt", result) if root else result

    return array.reduce(f, cells_of(x), dim or None, keepdim)


@rule("var")
def _var(x: Any, dim: Any = None, *, correction: Any = None, keepdim: bool = False) -> Cells:
    return _moments(x, dim, correction, keepdim, False)


@rule("std")
def _std(x: Any, dim: Any = None, *, correction: Any = None, keepdim: bool = False) -> Cells:
    return _moments(x, dim, correction, keepdim, True)


@rule("linalg_vector_norm", "norm")
def _norm(x: Any, ord: Any = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Cells:
    def f(xs: list[Trace]) -> Trace:
        sizes = [record("abs", a) for a in xs]
        if ord in (float("inf"), float("-inf")):
            return array.extreme("max" if ord > 0 else "min")(sizes)
        if ord == 0:
            return array.total([truth(a) for a in xs])
        if ord == 1:
            return array.total(sizes)
        if ord in (2, None):
            return record("sqrt", array.total([record("mul", a, a) for a in xs]))
        powers = array.total([FUNCTIONS["power"](a, constant(ord)) for a in sizes])
        return FUNCTIONS["power"](powers, constant(1.0 / ord))

    return array.reduce(f, cells_of(x), None if dim == [] else dim, keepdim)


def _log_softmax(x: Any, dim: int, half_to_float: bool = False) -> Cells:
    cells = cells_of(x)
    return elementwise(lambda a, b: record("sub", a, b), cells, array.reduce(array.logsumexp, cells, dim, True))


RULES["_log_softmax"] = _log_softmax
RULES["_softmax"] = lambda x, dim, half_to_float=False: _map(FUNCTIONS["exp"], _log_softmax(x, dim))


# ---- order
@rule("sort")
def _sort(x: Any, dim: int = -1, descending: bool = False, *, stable: Any = None) -> tuple[Cells, Any]:
    cells = cells_of(x)
    places = array.argsort(cells, dim, descending)
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
    return lambda x, dim, *, dtype=None: array.scan(FUNCTIONS[name], cells_of(x), dim)


RULES |= {"cumsum": _scan("add"), "cumprod": _scan("multiply"), "logcumsumexp": _scan("logaddexp")}


# ---- products
@rule("mm", "mv", "dot", "vdot")
def _matmul(x: Any, y: Any) -> Cells:
    return array.dot(cells_of(x), cells_of(y))


@rule("bmm")
def _bmm(x: Any, y: Any) -> Cells:
    return np.stack([array.dot(a, b) for a, b in zip(cells_of(x), cells_of(y), strict=True)])


@rule("addmm")
def _addmm(bias: Any, x: Any, y: Any, *, beta: Any = 1, alpha: Any = 1) -> Cells:
    return _map(lambda b, p: record("add", _times(b, beta), _times(p, alpha)), bias, _matmul(x, y))


# ---- leaving the tensors
@rule("_local_scalar_dense")
def _local_scalar_dense(x: Any) -> Any:
    return array.settled(cells_of(x).item())


RULES["is_nonzero"] = lambda x: bool(array.truths(cells_of(x)).item())


# ---- fused losses
_REDUCED: tuple[Callable[[Sequence[Trace]], Trace] | None, ...] = (None, array.mean, array.total)


def _reduce(cells: Cells, reduction: int) -> Cells:
    f = _REDUCED[reduction]
    return cells if f is None else array.single(f(list(cells.reshape(-1))))


@rule("mse_loss")
def _mse_loss(x: Any, y: Any, reduction: int = 1) -> Cells:
    return _reduce(_map(lambda a, b: FUNCTIONS["square"](record("sub", a, b)), x, y), reduction)


@rule("huber_loss")
def _huber_loss(x: Any, y: Any, reduction: int = 1, delta: float = 1.0) -> Cells:
    def f(a: Trace, b: Trace) -> Trace:
        r = record("abs", record("sub", a, b))
        outer = record("mul", constant(delta), record("sub", r, constant(0.5 * delta)))
        return record("where", record("lt", r, constant(delta)), record("mul", record("mul", constant(0.5), r), r), outer)

    return _reduce(_map(f, x, y), reduction)


@rule("smooth_l1_loss")
def _smooth_l1_loss(x: Any, y: Any, reduction: int = 1, beta: float = 1.0) -> Cells:
    def f(a: Trace, b: Trace) -> Trace:
        r = record("abs", record("sub", a, b))
        if beta == 0:
            return r
        inner = record("div", record("mul", record("mul", constant(0.5), r), r), constant(beta))
        return record("where", record("lt", r, constant(beta)), inner, record("sub", r, constant(0.5 * beta)))

    return _reduce(_map(f, x, y), reduction)


@rule("soft_margin_loss")
def _soft_margin_loss(x: Any, y: Any, reduction: int = 1) -> Cells:
    """As shipped: ``log1p(exp(-y x))``, which overflows."""
    return _reduce(_map(lambda a, b: record("log1p", record("exp", record("mul", record("neg", b), a))), x, y), reduction)


@rule("binary_cross_entropy")
def _binary_cross_entropy(p: Any, y: Any, weight: Any = None, reduction: int = 1) -> Cells:
    """As shipped: both logarithms are clamped at -100."""

    def f(a: Trace, b: Trace) -> Trace:
        yes = record("max", record("log", a), constant(-100))
        no = record("max", record("log1p", record("neg", a)), constant(-100))
        return record("sub", record("mul", record("sub", b, constant(1)), no), record("mul", b, yes))

    cells = _map(f, p, y)
    return _reduce(cells if weight is None else _map(FUNCTIONS["multiply"], cells, weight), reduction)


@rule("binary_cross_entropy_with_logits")
def _binary_cross_entropy_with_logits(
    x: Any, y: Any, weight: Any = None, pos_weight: Any = None, reduction: int = 1
) -> Cells:
    def f(a: Trace, b: Trace, w: Trace) -> Trace:
        log_weight = record("add", record("mul", record("sub", w, constant(1)), b), constant(1))
        first = record("mul", record("sub", constant(1), b), a)
        return record("sub", first, record("mul", log_weight, FUNCTIONS["log_expit"](a)))

    cells = _map(f, x, y, 1 if pos_weight is None else pos_weight)
    return _reduce(cells if weight is None else _map(FUNCTIONS["multiply"], cells, weight), reduction)


@rule("nll_loss_forward", "nll_loss2d_forward")
def _nll_loss(x: Any, target: Any, weight: Any, reduction: int, ignore_index: int) -> tuple[Cells, Cells]:
    cells = cells_of(x)
    rows = np.moveaxis(cells if cells.ndim > 1 else cells[None], 1, -1)
    labels = array.integers(cells_of(target)).reshape(rows.shape[:-1])
    weights = array.cells_of(np.ones(rows.shape[-1])) if weight is None else cells_of(weight)
    losses: Cells = np.empty(labels.shape, object)
    used = []
    for i in np.ndindex(labels.shape):
        if labels[i] == ignore_index:
            losses[i] = constant(0)
        else:
            w = weights[labels[i]]
            used.append(w)
            losses[i] = record("neg", record("mul", w, rows[i][labels[i]]))
    total = array.total(used)
    if reduction == 0:
        return losses if cells.ndim > 1 else losses.reshape(()), array.single(total)
    result = array.total(list(losses.reshape(-1)))
    return array.single(record("div", result, total) if reduction == 1 else result), array.single(total)


@rule("multi_margin_loss")
def _multi_margin_loss(x: Any, target: Any, p: Any = 1, margin: Any = 1, weight: Any = None, reduction: int = 1) -> Cells:
    cells = cells_of(x)
    rows = cells if cells.ndim > 1 else cells[None]
    labels = array.integers(cells_of(target)).reshape(-1)
    losses: Cells = np.empty(len(rows), object)
    for i, (row, label) in enumerate(zip(rows, labels, strict=True)):
        terms = []
        for j, z in enumerate(row):
            if j != label:
                gap = record("max", record("add", record("sub", constant(margin), row[label]), z), constant(0))
                gap = FUNCTIONS["square"](gap) if p == 2 else gap
                terms.append(gap if weight is None else record("mul", cells_of(weight)[label], gap))
        losses[i] = record("div", array.total(terms), constant(len(row)))
    return _reduce(losses if cells.ndim > 1 else losses.reshape(()), reduction)


@rule("multilabel_margin_loss_forward")
def _multilabel_margin_loss(x: Any, target: Any, reduction: int = 1) -> tuple[Cells, Cells]:
    """Targets are listed first in each row and end at the first -1."""
    cells, listed = np.atleast_2d(cells_of(x)), np.atleast_2d(array.integers(cells_of(target)))
    losses: Cells = np.empty(len(cells), object)
    marks = np.zeros(cells.shape)
    for i, (row, labels) in enumerate(zip(cells, listed, strict=True)):
        end = int(np.argmax(labels < 0)) if (labels < 0).any() else len(labels)
        chosen = [int(k) for k in labels[:end]]
        marks[i, chosen] = 1
        terms = [
            record("max", record("add", record("sub", constant(1), row[k]), z), constant(0))
            for k in chosen
            for j, z in enumerate(row)
            if j not in chosen
        ]
        losses[i] = record("div", array.total(terms), constant(len(row)))
    return _reduce(losses if cells_of(x).ndim > 1 else losses.reshape(()), reduction), array.cells_of(marks)
