"""The SymPy frontend: formulas of named symbols, typed rather than run.

>>> import sympy
>>> v = sympy.Symbol("v", real=True)
>>> lift_sympy(sympy.log(1 + sympy.exp(-v)), kind="margin").roots
(lse(-v, 0),)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import sympy

from losscheck.expr import build
from losscheck.expr.graph import Expr
from losscheck.lifting.calls import Call
from losscheck.lifting.graph_ball import graph_balls
from losscheck.lifting.lifted import Lifted
from losscheck.lifting.samples import ordinary
from losscheck.lifting.unsupported import Mismatch, Unsupported

_DIGITS = 40


def _tanh(x: Expr) -> Expr:
    doubled = build.exp(build.neg(build.lse([build.ZERO, build.scale(Fraction(-2), x)])))
    return build.sub(build.scale(Fraction(2), doubled), build.ONE)


def _hyperbolic(sign: int) -> Callable[[Expr], Expr]:
    return lambda x: build.scale(
        Fraction(1, 2), build.add(build.exp(x), build.scale(Fraction(sign), build.exp(build.neg(x))))
    )


def _power(base: Expr, exponent: Expr) -> Expr:
    if exponent.op == "const":
        return build.power(base, exponent.value)
    return build.exp(build.mul(exponent, build.log(base)))


_FUNCTIONS: dict[Any, Callable[..., Expr]] = {
    sympy.Add: build.add,
    sympy.Mul: build.mul,
    sympy.Pow: _power,
    sympy.exp: build.exp,
    sympy.log: build.log,
    sympy.Abs: build.absolute,
    sympy.Max: lambda *xs: build.maximum(list(xs)),
    sympy.Min: lambda *xs: build.minimum(list(xs)),
    sympy.sin: build.sin,
    sympy.cos: build.cos,
    sympy.atan: build.atan,
    sympy.erf: build.erf,
    sympy.erfc: lambda x: build.sub(build.ONE, build.erf(x)),
    sympy.tanh: _tanh,
    sympy.sinh: _hyperbolic(-1),
    sympy.cosh: _hyperbolic(1),
    sympy.StrictLessThan: build.less,
    sympy.LessThan: build.less_equal,
    sympy.StrictGreaterThan: lambda a, b: build.less(b, a),
    sympy.GreaterThan: lambda a, b: build.less_equal(b, a),
    sympy.Eq: build.equal,
    sympy.Ne: lambda a, b: build.logical_not(build.equal(a, b)),
    sympy.And: build.logical_and,
    sympy.Or: build.logical_or,
    sympy.Not: build.logical_not,
}


def from_sympy(expression: Any, variables: Mapping[str, Expr]) -> Expr:
    """Translate a SymPy expression whose free symbols are named in ``variables``.

    Raises
    ------
    Unsupported
        For a function without translation, or a symbol that is no variable. ``pi`` has no exact node: write a float.
    """
    expression = sympy.sympify(expression)
    if isinstance(expression, sympy.Symbol):
        if expression.name not in variables:
            known = ", ".join(variables)
            raise Unsupported(
                f"the symbol {expression.name!r} is no variable of the kind; its variables are {known}", ""
            )
        return variables[expression.name]
    if expression in (sympy.true, sympy.false):
        return build.truth(bool(expression))
    if isinstance(expression, sympy.Rational):
        return build.const(Fraction(int(expression.p), int(expression.q)))
    if isinstance(expression, sympy.Float):
        return build.from_float(float(expression))
    if expression is sympy.E:
        return build.exp(build.ONE)
    if isinstance(expression, sympy.Piecewise):
        *pieces, (last, condition) = expression.args
        if condition != sympy.true:
            raise Unsupported(f"{expression} has no value where no condition holds; end it with (value, True)", "")
        result = from_sympy(last, variables)
        for value, condition in reversed(pieces):
            result = build.where(from_sympy(condition, variables), from_sympy(value, variables), result)
        return result
    if expression.func not in _FUNCTIONS:
        raise Unsupported(f"SymPy's {expression.func.__name__} has no translation", "")
    return _FUNCTIONS[expression.func](*(from_sympy(a, variables) for a in expression.args))


def lift_sympy(formulas: Any, *, kind: str, n_classes: int | None = None, signature: str | None = None) -> Lifted:
    """Lift a formula, or one formula per label as a mapping, and compare the graphs with SymPy's own evaluation."""
    call = Call(kind, n_classes, signature)
    table = formulas if isinstance(formulas, Mapping) else dict.fromkeys(call.labels, formulas)
    if set(table) != set(call.labels):
        raise ValueError(
            f"formulas are given for {list(table)}; kind={kind!r} needs one for each of {list(call.labels)}"
        )
    symbols: dict[str, Expr] = {str(n.value[0]): n for n in call.graph_variables()}
    roots = tuple(from_sympy(table[label], symbols) for label in call.labels)
    points = ordinary(call, 12, np.random.default_rng(0))
    for label, root in zip(call.labels, roots, strict=True):
        for point in points:
            at = dict(zip(call.variables, map(float, point), strict=True))
            _compare(table[label], root, at)
    return Lifted(kind, call.n_classes, call.labels, call.variables, call.domain, roots, (), 1, len(points))


def _compare(formula: Any, root: Expr, at: Mapping[str, float]) -> None:
    exact = {s: sympy.Rational(Fraction(at[s.name])) for s in sympy.sympify(formula).free_symbols}
    value = sympy.sympify(formula).subs(exact).evalf(_DIGITS)
    (ball,) = graph_balls([root], at)
    if value.is_real and value.is_finite and ball.is_finite():
        gap = abs(sympy.Float(ball.mid().str(_DIGITS, radius=False), _DIGITS) - value)
        if gap > sympy.Float(f"1e-{_DIGITS - 10}") * (1 + abs(value)):
            raise Mismatch(f"at {dict(at)} the formula is {value}, its graph {ball}; this is a defect of losscheck", "")
