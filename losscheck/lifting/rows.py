"""The table of recorded operations: one row each, with its four readings.

=========  ==========================================================================================
numpy      the float64 value, on arrays
enclose    running-error enclosure on pairs (low, high): contains the real value and the code's float64
exact      Arb balls without rounding
lower      the simplifying constructors of the graph
=========  ==========================================================================================

``tests/lifting/test_rows.py`` fails when a row lacks a reading or when two readings disagree.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.expr import build
from losscheck.expr.graph import Expr
from losscheck.lifting import ball, enclosure, special
from losscheck.lifting.enclosure import Enclosure, flushes, monotone


@dataclass(frozen=True)
class Row:
    """One operation and its readings."""

    name: str
    numpy: Callable[..., Any]
    enclose: Callable[..., Enclosure]
    exact: Callable[..., Any]
    lower: Callable[..., Expr]


def _neg(x: Enclosure) -> Enclosure:
    return (-x[0], -x[0]) if x[0] is x[1] else (-x[1], -x[0])


def _abs(x: Enclosure) -> Enclosure:
    a, b = np.abs(x[0]), np.abs(x[1])
    low = np.where((x[0] <= 0) & (x[1] >= 0), 0.0, np.minimum(a, b))
    return low, np.maximum(a, b)


def _where(c: Enclosure, x: Enclosure, y: Enclosure) -> Enclosure:
    sure, possible = c
    low = np.where(sure, x[0], np.where(possible, np.minimum(x[0], y[0]), y[0]))
    high = np.where(sure, x[1], np.where(possible, np.maximum(x[1], y[1]), y[1]))
    return low, high


def _extreme(fold: np.ufunc) -> Callable[..., Enclosure]:
    return lambda *xs: (
        fold.reduce(np.broadcast_arrays(*(x[0] for x in xs))),
        fold.reduce(np.broadcast_arrays(*(x[1] for x in xs))),
    )


def _numpy_fold(fold: np.ufunc) -> Callable[..., Any]:
    return lambda *xs: fold.reduce(np.broadcast_arrays(*xs))


def _equal(a: Enclosure, b: Enclosure) -> Enclosure:
    return (a[0] == b[0]) & (a[1] == b[1]) & (a[0] == a[1]), (a[0] <= b[1]) & (b[0] <= a[1])


def _lower_power(base: Expr, exponent: Expr) -> Expr:
    if exponent.op == "const":
        return build.power(base, exponent.value)
    return build.exp(build.mul(exponent, build.log(base)))


def _lower_sum(*xs: Expr) -> Expr:
    return build.add(*xs)


def _lower_tanh(x: Expr) -> Expr:
    """``tanh x = 2 sigmoid(2 x) - 1``."""
    return build.sub(build.scale(Fraction(2), _lower_sigmoid(build.scale(Fraction(2), x))), build.ONE)


def _softplus(x: Expr) -> Expr:
    return build.lse([build.ZERO, x])


def _lower_sigmoid(x: Expr) -> Expr:
    return build.exp(build.neg(_softplus(build.neg(x))))


def _lower_erfc(x: Expr) -> Expr:
    return build.sub(build.ONE, build.erf(x))


def _lower_xlogy(x: Expr, y: Expr) -> Expr:
    return build.where(build.equal(x, build.ZERO), build.ZERO, build.mul(x, build.log(y)))


def _exact_xlogy(x: Any, y: Any) -> Any:
    return ball.where(ball.equal(x, ball.rational(0)), ball.rational(0), x * ball.log(y))


def _cast(x: Enclosure, value: str) -> Enclosure:
    """Four ulps of the format: the rounding of the cast, and of the operation that the code did in that format."""
    bits, smallest = {"float32": (24, 2.0**-149), "float16": (11, 2.0**-24), "bfloat16": (8, 2.0**-133)}[value]
    if flushes():
        smallest *= 2.0 ** (bits - 1)  # the smallest normal number
    pad = [4 * 2.0 ** (1 - bits) * np.abs(b) + 4 * smallest for b in x]
    largest = {"float32": 3.4e38, "float16": 65504.0, "bfloat16": 3.38e38}[value]
    low, high = x[0] - pad[0], x[1] + pad[1]
    return np.where(low < -largest, -np.inf, low), np.where(high > largest, np.inf, high)


def cast_numpy(x: Any, value: str) -> Any:
    """Round to a narrower format; bfloat16 by adding half of what is cut off."""
    if value != "bfloat16":
        with np.errstate(over="ignore"):
            return np.asarray(x).astype(value).astype(np.float64)
    mantissa, exponent = np.frexp(x)
    return np.ldexp(np.round(mantissa * 256) / 256, exponent)


def _row(name: str, numpy: Any, enclose: Any, exact: Any, lower: Any) -> Row:
    return Row(name, numpy, enclose, exact, lower)


_HALF = Fraction(1, 2)
_TABLE = (
    _row("add", np.add, enclosure.add, lambda a, b: a + b, build.add),
    _row("sub", np.subtract, enclosure.sub, lambda a, b: a - b, build.sub),
    _row("mul", np.multiply, enclosure.mul, lambda a, b: a * b, build.mul),
    _row("div", np.divide, enclosure.div, lambda a, b: a / b, build.div),
    _row("neg", np.negative, _neg, lambda a: -a, build.neg),
    _row("sum", special.total, enclosure.total, lambda *xs: sum(xs, ball.rational(0)), _lower_sum),
    _row("pow", np.power, special.enclose_power, ball.power, _lower_power),
    _row("exp", np.exp, monotone(np.exp), ball.exp, build.exp),
    _row("log", np.log, monotone(np.log, zero=1.0), ball.log, build.log),
    _row(
        "log1p",
        np.log1p,
        monotone(np.log1p, zero=0.0),
        lambda x: ball.log(1 + x),
        lambda x: build.log(build.add(build.ONE, x)),
    ),
    _row(
        "expm1",
        np.expm1,
        monotone(np.expm1, zero=0.0),
        lambda x: x.expm1(),
        lambda x: build.sub(build.exp(x), build.ONE),
    ),
    _row("sqrt", np.sqrt, enclosure.sqrt, lambda x: x.sqrt(), build.sqrt),
    _row("abs", np.abs, _abs, ball.absolute, build.absolute),
    _row("max", _numpy_fold(np.maximum), _extreme(np.maximum), ball.largest, lambda *xs: build.maximum(list(xs))),
    _row("min", _numpy_fold(np.minimum), _extreme(np.minimum), ball.smallest, lambda *xs: build.minimum(list(xs))),
    _row("lse", special.lse, special.enclose_lse, ball.lse, lambda *xs: build.lse(list(xs))),
    _row("softplus", special.softplus, monotone(special.softplus), lambda x: ball.lse(ball.rational(0), x), _softplus),
    _row("sigmoid", special.sigmoid, special.enclose_sigmoid, lambda x: 1 / (1 + (-x).exp()), _lower_sigmoid),
    _row("tanh", np.tanh, monotone(np.tanh), lambda x: x.tanh(), _lower_tanh),
    _row("atan", np.arctan, monotone(np.arctan), lambda x: x.atan(), build.atan),
    _row("erf", special.erf, monotone(special.erf, 16), lambda x: x.erf(), build.erf),
    _row("erfc", special.erfc, special.enclose_erfc, lambda x: x.erfc(), _lower_erfc),
    _row("log_ndtr", special.log_ndtr, special.enclose_log_ndtr, ball.log_ndtr, build.log_ndtr),
    _row("sin", np.sin, special.enclose_wave(np.sin), lambda x: x.sin(), build.sin),
    _row("cos", np.cos, special.enclose_wave(np.cos), lambda x: x.cos(), build.cos),
    _row("xlogy", special.xlogy, special.enclose_xlogy, _exact_xlogy, _lower_xlogy),
    _row("cast", cast_numpy, _cast, lambda x, value: x, lambda x, value: x),
    _row("where", np.where, _where, ball.where, build.where),
    _row("lt", np.less, lambda a, b: (a[1] < b[0], a[0] < b[1]), ball.less, build.less),
    _row("le", np.less_equal, lambda a, b: (a[1] <= b[0], a[0] <= b[1]), ball.less_equal, build.less_equal),
    _row("eq", np.equal, _equal, ball.equal, build.equal),
    _row("not", np.logical_not, lambda a: (~a[1], ~a[0]), ball.negation, build.logical_not),
    _row("and", _numpy_fold(np.logical_and), _extreme(np.logical_and), ball.conjunction, build.logical_and),
    _row("or", _numpy_fold(np.logical_or), _extreme(np.logical_or), ball.disjunction, build.logical_or),
)
ROWS: dict[str, Row] = {row.name: row for row in _TABLE}


def lower_constant(x: float | int | bool) -> Expr:
    """Give the graph's node of a constant: an integer or short float exactly, a long float as itself."""
    if isinstance(x, bool):
        return build.truth(x)
    if isinstance(x, int):
        return build.const(x)
    if math.isinf(x):
        return build.infinity(1 if x > 0 else -1)
    return build.from_float(x)
