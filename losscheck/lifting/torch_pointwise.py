"""Rules for ATen operations that act on each element."""

from __future__ import annotations

from typing import Any

import numpy as np

from losscheck.expr.trace import Trace, constant, number, record, truth
from losscheck.lifting.array import Cells, elementwise
from losscheck.lifting.elementary import FUNCTIONS
from losscheck.lifting.torch_table import RULES, pointwise, rule, times
from losscheck.lifting.torch_tensor import cells_of
from losscheck.lifting.undefined import replaced
from losscheck.lifting.unsupported import Unsupported

_NAMES = {
    "exp": "exp", "log": "log", "log1p": "log1p", "expm1": "expm1", "sqrt": "sqrt", "abs": "absolute",
    "neg": "negative",
    "sigmoid": "expit", "tanh": "tanh", "erf": "erf", "erfc": "erfc", "atan": "arctan", "sin": "sin", "cos": "cos",
    "asin": "arcsin", "acos": "arccos", "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh",
    "tan": "tan", "sinh": "sinh", "cosh": "cosh", "exp2": "exp2", "log2": "log2", "log10": "log10", "square": "square",
    "reciprocal": "reciprocal", "sign": "sign", "sgn": "sign", "special_log_ndtr": "log_ndtr",
    "special_ndtr": "ndtr", "special_entr": "entr", "special_xlog1py": "xlog1py", "xlogy": "xlogy", "mul": "multiply",
    "pow": "power", "maximum": "maximum", "minimum": "minimum", "fmax": "fmax", "fmin": "fmin",
    "logaddexp": "logaddexp",
    "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "eq": "equal", "ne": "not_equal",
    "logical_not": "logical_not", "logical_and": "logical_and", "logical_or": "logical_or",
    "logical_xor": "logical_xor",
    "bitwise_not": "invert", "bitwise_and": "bitwise_and", "bitwise_or": "bitwise_or", "bitwise_xor": "bitwise_xor",
    "isnan": "isnan", "isinf": "isinf", "isfinite": "isfinite", "floor": "floor", "ceil": "ceil", "trunc": "trunc",
    "isposinf": "isinf", "isneginf": "isinf",
    "round": "rint", "hypot": "hypot", "heaviside": "heaviside",
}  # fmt: skip
for _aten, _ours in _NAMES.items():
    RULES[_aten] = lambda *xs, _f=FUNCTIONS[_ours]: elementwise(_f, *map(cells_of, xs))


@rule("nan_to_num")
def _nan_to_num(x: Any, nan: Any = None, posinf: Any = None, neginf: Any = None) -> Cells:
    return pointwise(lambda a: replaced(a, nan), x)


@rule("rsqrt")
def _rsqrt(x: Any) -> Cells:
    return pointwise(lambda a: record("div", constant(1), record("sqrt", a)), x)


@rule("relu")
def _relu(x: Any) -> Cells:
    return pointwise(lambda a: record("max", a, constant(0)), x)


@rule("add")
def _add(x: Any, y: Any, alpha: Any = 1) -> Cells:
    return pointwise(lambda a, b: record("add", a, times(b, alpha)), x, y)


@rule("sub", "subtract")
def _sub(x: Any, y: Any, alpha: Any = 1) -> Cells:
    return pointwise(lambda a, b: record("sub", a, times(b, alpha)), x, y)


@rule("rsub")
def _rsub(x: Any, y: Any, alpha: Any = 1) -> Cells:
    return pointwise(lambda a, b: record("sub", b, times(a, alpha)), x, y)


@rule("div", "true_divide")
def _div(x: Any, y: Any, rounding_mode: Any = None) -> Cells:
    if rounding_mode is not None:
        raise Unsupported(f"division with rounding_mode={rounding_mode!r}: a step at every integer has no finite graph")
    return pointwise(lambda a, b: record("div", a, b), x, y)


@rule("addcmul")
def _addcmul(x: Any, a: Any, b: Any, value: Any = 1) -> Cells:
    return pointwise(lambda x, a, b: record("add", x, times(record("mul", a, b), value)), x, a, b)


@rule("addcdiv")
def _addcdiv(x: Any, a: Any, b: Any, value: Any = 1) -> Cells:
    return pointwise(lambda x, a, b: record("add", x, times(record("div", a, b), value)), x, a, b)


@rule("lerp")
def _lerp(x: Any, end: Any, weight: Any) -> Cells:
    return pointwise(lambda a, b, w: record("add", a, record("mul", w, record("sub", b, a))), x, end, weight)


@rule("clamp")
def _clamp(x: Any, low: Any = None, high: Any = None, *, min: Any = None, max: Any = None) -> Cells:
    low, high = low if min is None else min, high if max is None else max
    result = cells_of(x) if low is None else pointwise(lambda a, b: record("max", a, b), x, low)
    return result if high is None else pointwise(lambda a, b: record("min", a, b), result, high)


@rule("hardtanh")
def _hardtanh(x: Any, low: Any = -1, high: Any = 1) -> Cells:
    """Torch leaves out of the call what is a default."""
    return _clamp(x, low, high)


@rule("logit")
def _logit(x: Any, eps: Any = None) -> Cells:
    return pointwise(FUNCTIONS["logit"], x if eps is None else _clamp(x, eps, 1 - eps))


RULES["clamp_min"] = lambda x, low: _clamp(x, low)
RULES["clamp_max"] = lambda x, high: _clamp(x, None, high)


@rule("where")
def _where(condition: Any, x: Any = None, y: Any = None) -> Any:
    if x is None:
        raise Unsupported("torch.where with one argument; give both values")
    return pointwise(lambda c, a, b: record("where", truth(c), number(a), number(b)), condition, x, y)


@rule("masked_fill")
def _masked_fill(x: Any, mask: Any, value: Any) -> Cells:
    return pointwise(lambda a, m, v: record("where", truth(m), v, a), x, mask, value)


@rule("softplus")
def _softplus(x: Any, beta: Any = 1, threshold: Any = 20) -> Cells:
    """As shipped: ``log1p(exp(x))``, the identity above the threshold, so a jump of about 2e-9 there."""

    def f(a: Trace) -> Trace:
        scaled = times(a, beta)
        smooth = record("log1p", record("exp", scaled))
        smooth = smooth if beta == 1 else record("div", smooth, constant(beta))
        return record("where", record("lt", constant(threshold), scaled), a, smooth)

    return pointwise(f, x)


@rule("log_sigmoid_forward")
def _log_sigmoid(x: Any) -> tuple[Cells, Cells]:
    return pointwise(FUNCTIONS["log_expit"], x), np.empty(0, object)


@rule("leaky_relu")
def _leaky_relu(x: Any, slope: Any = 0.01) -> Cells:
    return pointwise(lambda a: record("where", record("lt", constant(0), a), a, record("mul", constant(slope), a)), x)


@rule("threshold")
def _threshold(x: Any, threshold: Any, value: Any) -> Cells:
    return pointwise(lambda a: record("where", record("le", a, constant(threshold)), constant(value), a), x)


@rule("elu")
def _elu(x: Any, alpha: Any = 1, scale: Any = 1, input_scale: Any = 1) -> Cells:
    def f(a: Trace) -> Trace:
        low = times(times(record("expm1", times(a, input_scale)), alpha), scale)
        return record("where", record("lt", constant(0), a), times(a, scale), low)

    return pointwise(f, x)
