"""Scalar functions of the code in terms of recorded operations, shared by the NumPy, torch and scalar frontends.

Names are NumPy's; torch's other names for the same function are aliases in its own table.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import MappingProxyType

from losscheck.expr.trace import Trace, constant, number, record, truth
from losscheck.lifting.huber_functions import huber, pseudo_huber
from losscheck.lifting.inverse_functions import arccos, arccosh, arcsin, arcsinh, arctanh
from losscheck.lifting.undefined import finite, infinite, undefined
from losscheck.lifting.unsupported import Unsupported


def power(a: Trace, b: Trace) -> Trace:
    """Raise to a power; squares are products, as the libraries compute them."""
    b = number(b)
    if b.op == "const" and b.value == 2:
        return record("mul", a, a)
    if b.op == "const" and b.value == 1:
        return number(a)
    if b.op == "const" and b.value == 0.5:
        return record("sqrt", a)
    return record("pow", a, b)


def sign(a: Trace) -> Trace:
    """-1, 0 or 1."""
    below = record("where", record("lt", a, constant(0)), constant(-1), constant(0))
    return record("where", record("lt", constant(0), a), constant(1), below)


def softplus(a: Trace) -> Trace:
    """``log(1 + exp(a))``."""
    return record("softplus", a)


def log_sigmoid(a: Trace) -> Trace:
    """``log(1 / (1 + exp(-a)))``."""
    return record("neg", record("softplus", record("neg", a)))


def logaddexp(a: Trace, b: Trace) -> Trace:
    """``log(exp(a) + exp(b))``."""
    a, b = number(a), number(b)
    if a.op == "const" and a.value == 0:
        return softplus(b)
    if b.op == "const" and b.value == 0:
        return softplus(a)
    return record("lse", a, b)


def _hyperbolic(op: str) -> Callable[[Trace], Trace]:
    def f(a: Trace) -> Trace:
        up, down = record("exp", a), record("exp", record("neg", a))
        return record("div", record(op, up, down), constant(2))

    return f


def ndtr(a: Trace) -> Trace:
    """Return the standard normal distribution function."""
    scaled = record("mul", a, constant(math.sqrt(0.5)))
    return record("mul", constant(0.5), record("erfc", record("neg", scaled)))


def entr(a: Trace) -> Trace:
    """Return ``-a log a``, 0 at 0 and -inf below."""
    inside = record("neg", record("xlogy", a, a))
    return record("where", record("lt", a, constant(0)), constant(-math.inf), inside)


def xlog1py(a: Trace, b: Trace) -> Trace:
    """Return ``a log(1 + b)``, 0 where a is 0."""
    return record("where", record("eq", a, constant(0)), constant(0), record("mul", a, record("log1p", b)))


def rel_entr(a: Trace, b: Trace) -> Trace:
    """Return ``a log(a / b)``, 0 where a is 0, inf where one of them is negative."""
    inside = record(
        "where", record("eq", a, constant(0)), constant(0), record("mul", a, record("log", record("div", a, b)))
    )
    negative = record("or", record("lt", a, constant(0)), record("lt", b, constant(0)))
    return record("where", negative, constant(math.inf), inside)


def cbrt(a: Trace) -> Trace:
    """Return the real cube root; the exponent is the double nearest to 1/3."""
    return record("mul", sign(a), record("pow", record("abs", a), constant(1 / 3)))


def heaviside(a: Trace, b: Trace) -> Trace:
    """Return 0 below 0, 1 above, ``b`` at 0."""
    beside = record("where", record("lt", a, constant(0)), constant(0), constant(1))
    return record("where", record("eq", a, constant(0)), b, beside)


def _compare(op: str, swap: bool = False, negate: bool = False) -> Callable[[Trace, Trace], Trace]:
    def f(a: Trace, b: Trace) -> Trace:
        if op in ("eq", "le") and a is b and not a.is_boolean:  # the old way to ask for NaN
            c = record("not", undefined(a))
        else:
            c = record(op, b, a) if swap else record(op, a, b)
        return record("not", c) if negate else c

    return f


def _logic(op: str) -> Callable[[Trace, Trace], Trace]:
    return lambda a, b: record(op, truth(a), truth(b))


def _bitwise(f: Callable[[Trace, Trace], Trace]) -> Callable[[Trace, Trace], Trace]:
    def g(a: Trace, b: Trace) -> Trace:
        if not (a.is_boolean and b.is_boolean):
            raise Unsupported("a bitwise operation on integers that depend on the input; use truth values")
        return f(a, b)

    return g


def logical_not(a: Trace) -> Trace:
    """Negation of a truth value or of ``a != 0``."""
    return record("not", truth(a))


def logical_xor(a: Trace, b: Trace) -> Trace:
    """Exclusive or."""
    a, b = truth(a), truth(b)
    return record("where", a, record("not", b), b)


def invert(a: Trace) -> Trace:
    """Return ``~a`` of truth values; of integers ``-a - 1``."""
    return record("not", a) if a.is_boolean else record("sub", record("neg", a), constant(1))


def _plain(op: str) -> Callable[..., Trace]:
    return lambda *args: record(op, *args)


_ROUNDED: dict[str, Callable[[float], int]] = {
    "floor": math.floor,
    "ceil": math.ceil,
    "round": round,
    "trunc": math.trunc,
}


def _rounding(name: str) -> Callable[[Trace], Trace]:
    def f(a: Trace) -> Trace:
        if a.op != "const":
            raise Unsupported(
                f"{name} of a value that depends on the input: a step at every integer has no finite graph"
            )
        return constant(_ROUNDED[name](a.value))

    return f


FUNCTIONS: MappingProxyType[str, Callable[..., Trace]] = MappingProxyType(
    {name: _plain(op) for name, op in {
        "exp": "exp", "log": "log", "log1p": "log1p", "expm1": "expm1", "sqrt": "sqrt", "absolute": "abs",
        "negative": "neg", "tanh": "tanh", "arctan": "atan", "sin": "sin", "cos": "cos", "erf": "erf", "erfc": "erfc",
        "log_ndtr": "log_ndtr", "xlogy": "xlogy", "expit": "sigmoid", "add": "add", "subtract": "sub",
        "multiply": "mul", "divide": "div", "maximum": "max", "minimum": "min", "fmax": "max", "fmin": "min",
    }.items()}
    | {
        "power": power, "float_power": power, "sign": sign, "logaddexp": logaddexp, "log_expit": log_sigmoid,
        "softplus": softplus, "ndtr": ndtr, "entr": entr, "xlog1py": xlog1py, "rel_entr": rel_entr,
        "huber": huber, "pseudo_huber": pseudo_huber,
        "square": lambda a: record("mul", a, a), "positive": number, "fabs": lambda a: record("abs", a),
        "reciprocal": lambda a: record("div", constant(1), a), "exp2": lambda a: record("pow", constant(2), a),
        "log2": lambda a: record("div", record("log", a), record("log", constant(2))),
        "log10": lambda a: record("div", record("log", a), record("log", constant(10))),
        "cosh": _hyperbolic("add"), "sinh": _hyperbolic("sub"), "cbrt": cbrt, "heaviside": heaviside,
        "tan": lambda a: record("div", record("sin", a), record("cos", a)),
        "arcsin": arcsin, "arccos": arccos, "arcsinh": arcsinh, "arccosh": arccosh, "arctanh": arctanh,
        "logit": lambda a: record("log", record("div", a, record("sub", constant(1), a))),
        "hypot": lambda a, b: record("sqrt", record("add", record("mul", a, a), record("mul", b, b))),
        "less": _compare("lt"), "less_equal": _compare("le"), "greater": _compare("lt", swap=True),
        "greater_equal": _compare("le", swap=True), "equal": _compare("eq"), "not_equal": _compare("eq", negate=True),
        "logical_and": _logic("and"), "logical_or": _logic("or"), "logical_xor": logical_xor,
        "logical_not": logical_not,
        "bitwise_and": _bitwise(_logic("and")), "bitwise_or": _bitwise(_logic("or")),
        "bitwise_xor": _bitwise(logical_xor), "invert": invert,
        "isnan": undefined, "isfinite": finite, "isinf": infinite,
        "floor": _rounding("floor"), "ceil": _rounding("ceil"), "rint": _rounding("round"), "trunc": _rounding("trunc"),
    }
)  # fmt: skip
