"""Rules for JAX primitives that act on each element."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from losscheck.expr.trace import Trace, constant, record, truth
from losscheck.lifting import array
from losscheck.lifting.elementary import FUNCTIONS
from losscheck.lifting.jax_table import RULES, Rule, cells_of, rule
from losscheck.lifting.settling import whole
from losscheck.lifting.unsupported import Unsupported

NAMES = {
    "add": "add", "add_any": "add", "sub": "subtract", "mul": "multiply", "neg": "negative", "exp": "exp",
    "exp2": "exp2", "log": "log", "log1p": "log1p", "expm1": "expm1", "sqrt": "sqrt", "cbrt": "cbrt",
    "abs": "absolute", "max": "maximum", "min": "minimum", "pow": "power", "square": "square", "tanh": "tanh",
    "logistic": "expit", "erf": "erf", "erfc": "erfc", "sin": "sin", "cos": "cos", "tan": "tan", "atan": "arctan",
    "asin": "arcsin", "acos": "arccos", "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh",
    "sinh": "sinh", "cosh": "cosh", "sign": "sign", "is_finite": "isfinite", "eq": "equal", "ne": "not_equal",
    "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "and": "bitwise_and",
    "or": "bitwise_or", "xor": "bitwise_xor", "not": "invert", "floor": "floor", "ceil": "ceil", "round": "rint",
    "rsqrt": "rsqrt", "stop_gradient": "positive", "copy": "positive", "copy_p": "positive",
    "optimization_barrier": "positive",
}  # fmt: skip
"""Primitive -> the name that `FUNCTIONS` has for it."""


def _rsqrt(a: Trace) -> Trace:
    return record("div", constant(1), record("sqrt", a))


def _same(a: Trace) -> Trace:
    return a


def _sign(a: Trace) -> Trace:
    """The sign; 1 of sums of exponentials, so that ``logsumexp(x, b=weights)`` has no branch for negative sums."""
    return constant(1) if _positive(a) else FUNCTIONS["sign"](a)


def _positive(n: Trace) -> bool:
    if n.op == "const":
        return not isinstance(n.value, bool) and n.value > 0
    if n.op in ("add", "sum"):
        more = [a for a in n.args if not _zero(a)]
        return bool(more) and all(map(_positive, more))
    return n.op == "exp" or (n.op in ("mul", "div", "max") and all(map(_positive, n.args)))


def _zero(n: Trace) -> bool:
    return (n.op == "const" and n.value == 0) or (n.op == "mul" and any(map(_zero, n.args)))


def _pointwise(f: Callable[..., Trace]) -> Rule:
    return lambda operands, parameters: array.elementwise(f, *map(cells_of, operands))


_OWN: dict[str, Callable[..., Trace]] = {"rsqrt": _rsqrt, "positive": _same, "sign": _sign}
RULES |= {name: _pointwise(_OWN.get(ours) or FUNCTIONS[ours]) for name, ours in NAMES.items()}


@rule("convert_element_type")
def _convert(operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    cells, dtype = cells_of(operands[0]), np.dtype(parameters["new_dtype"])
    if dtype.kind == "b":
        return array.elementwise(truth, cells)
    if dtype.kind in "iu" and not all(map(whole, cells.flat)):
        raise Unsupported("a float that depends on the input is cut to an integer: a step has no finite graph")
    return cells


@rule("div")
def _divide(operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    if any(np.dtype(getattr(x, "dtype", float)).kind in "iu" for x in operands):
        raise Unsupported("an integer division of values that depend on the input")
    return array.elementwise(FUNCTIONS["divide"], *map(cells_of, operands))


@rule("integer_pow")
def _integer_power(operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    exponent = constant(parameters["y"])
    return array.elementwise(lambda a: FUNCTIONS["power"](a, exponent), cells_of(operands[0]))


@rule("select_n")
def _select(operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    """``which`` is a truth value, or an integer that numbers the cases."""

    def choose(which: Trace, *cases: Trace) -> Trace:
        result = cases[0]
        for i, each in enumerate(cases[1:], 1):
            result = record("where", _is(which, i), each, result)
        return result

    return array.elementwise(choose, *map(cells_of, operands))


def _is(which: Trace, i: int) -> Trace:
    if which.is_boolean:
        return which
    if which.op == "where" and all(a.op == "const" for a in which.args[1:]):
        first, second = (a.value == i for a in which.args[1:])
        if first != second:
            return which.args[0] if first else record("not", which.args[0])
    return record("eq", which, constant(i))


@rule("clamp")
def _clamp(operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    low, x, high = map(cells_of, operands)
    return array.elementwise(lambda a, b, c: record("min", record("max", b, a), c), low, x, high)


@rule("logaddexp")
def _logaddexp(operands: Sequence[Any], parameters: Mapping[str, Any]) -> Any:
    return array.elementwise(FUNCTIONS["logaddexp"], *map(cells_of, operands))
