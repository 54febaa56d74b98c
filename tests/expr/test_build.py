"""The simplifying constructors: equal losses are equal graphs, and no rewrite changes a value."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losscheck.engines.boxes import enclose
from losscheck.engines.numeric import evaluate
from losscheck.expr import build as b
from losscheck.expr.derivative import derivative
from losscheck.expr.graph import Expr

z = [b.var(f"z{i}") for i in range(3)]
v, p = b.var("v"), b.var("p", "unit")


def test_manual_and_library_cross_entropy_are_one_graph() -> None:
    top = b.maximum(z)
    manual = b.sub(b.add(top, b.log(b.add(*(b.exp(b.sub(x, top)) for x in z)))), z[0])
    softmax = b.div(b.exp(z[0]), b.add(*(b.exp(x) for x in z)))
    assert manual is b.sub(b.lse(z), z[0])
    assert b.neg(b.log(softmax)) is manual


def test_sigmoids_are_one_graph() -> None:
    one = b.exp(b.neg(b.lse([b.ZERO, b.neg(v)])))
    assert b.div(b.ONE, b.add(b.ONE, b.exp(b.neg(v)))) is one
    assert b.div(b.exp(v), b.add(b.ONE, b.exp(v))) is one
    assert b.sub(b.ONE, one) is b.exp(b.neg(b.lse([b.ZERO, v])))


def test_opposite_shifts_cancel() -> None:
    assert b.sub(b.lse([b.ZERO, v]), b.lse([b.ZERO, b.neg(v)])) is v


def test_affine_switches_become_max_and_min() -> None:
    hinge = b.maximum([b.ZERO, b.sub(b.ONE, v)])
    assert b.where(b.less(v, b.ONE), b.sub(b.ONE, v), b.ZERO) is hinge
    assert b.where(b.less_equal(b.ONE, v), b.ZERO, b.sub(b.ONE, v)) is hinge
    jump = b.where(b.less(v, b.ZERO), b.neg(v), b.sub(b.neg(v), b.ONE))
    assert jump.op == "where", "a switch that jumps is no max"


def test_a_quotient_that_may_be_zero_by_zero_stays() -> None:
    w = b.sub(v, b.const(Fraction(3, 10)))
    assert b.div(w, w) is not b.ONE
    assert b.power(b.power(v, Fraction(1, 2)), Fraction(2)) is not v
    assert b.power(b.power(p, Fraction(1, 2)), Fraction(2)) is p


def test_short_floats_are_exact_and_long_ones_stand_for_an_interval() -> None:
    assert b.from_float(0.375).op == "const"
    assert b.from_float(0.1).op == "float"
    assert b.from_float(-math.inf).op == "inf"
    with pytest.raises(ValueError, match="NaN"):
        b.from_float(math.nan)


def test_floats_do_not_fold() -> None:
    assert b.add(b.from_float(0.1), b.from_float(0.2)).op == "add"


Build = Callable[..., Expr]
FUNCTIONS: dict[str, tuple[Build, Any]] = {
    "exp": (b.exp, np.exp),
    "abs": (b.absolute, np.abs),
    "atan": (b.atan, np.arctan),
    "sin": (b.sin, np.sin),
    "softplus": (lambda a: b.lse([b.ZERO, a]), lambda a: np.logaddexp(0, a)),
    "sigmoid": (lambda a: b.exp(b.neg(b.lse([b.ZERO, b.neg(a)]))), lambda a: 1 / (1 + np.exp(-a))),
    "log1pexp": (lambda a: b.log(b.add(b.ONE, b.exp(a))), lambda a: np.log(1 + np.exp(a))),
    "square": (lambda a: b.power(a, Fraction(2)), lambda a: a * a),
    "root": (lambda a: b.sqrt(b.add(b.ONE, b.power(a, Fraction(2)))), lambda a: np.sqrt(1 + a * a)),
    "add": (b.add, lambda a, c: a + c),
    "sub": (b.sub, lambda a, c: a - c),
    "mul": (b.mul, lambda a, c: a * c),
    "max": (lambda a, c: b.maximum([a, c]), np.maximum),
    "min": (lambda a, c: b.minimum([a, c]), np.minimum),
    "lse": (lambda a, c: b.lse([a, c]), np.logaddexp),
    "quotient": (
        lambda a, c: b.div(a, b.add(b.ONE, b.power(c, Fraction(2)))),
        lambda a, c: a / (1 + c * c),
    ),
    "where": (
        lambda a, c: b.where(b.less(a, c), b.exp(b.neg(b.absolute(a))), c),
        lambda a, c: np.where(a < c, np.exp(-abs(a)), c),
    ),
}
BINARY = {"add", "sub", "mul", "max", "min", "lse", "quotient", "where"}

Pair = tuple[Expr, Callable[[float, float], Any]]


def leaves() -> st.SearchStrategy[Pair]:
    constants = st.sampled_from([Fraction(n, d) for n in range(-3, 4) for d in (1, 2, 5)])
    return st.one_of(
        st.just((b.var("x"), lambda x, y: x)),
        st.just((b.var("y"), lambda x, y: y)),
        constants.map(lambda c: (b.const(c), lambda x, y: float(c))),
    )


def grow(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    def apply(name: str, args: list[Pair]) -> Pair:
        build, plain = FUNCTIONS[name]
        args = args[: 2 if name in BINARY else 1]
        return build(*(a[0] for a in args)), lambda x, y: plain(*(a[1](x, y) for a in args))

    return st.builds(apply, st.sampled_from(sorted(FUNCTIONS)), st.lists(inner, min_size=2, max_size=2))


expressions = st.recursive(leaves(), grow, max_leaves=12)
points = st.sampled_from([-2.75, -1.5, -0.3, 0.0, 0.4, 1.0, 2.5])


@settings(deadline=None)
@given(expressions, points, points)
def test_no_rewrite_changes_a_value(pair: Pair, x: float, y: float) -> None:
    graph, plain = pair
    with np.errstate(all="ignore"):
        want = float(plain(x, y))
    got = float(evaluate([graph], {"x": np.array([x]), "y": np.array([y])})[0][0])
    if math.isfinite(want) and abs(want) < 1e12:
        assert got == pytest.approx(want, rel=1e-6, abs=1e-6), f"{graph} at {x}, {y}"


@settings(deadline=None)
@given(expressions, points, points, st.floats(0, 2))
def test_boxes_hold_the_values_inside(pair: Pair, x: float, y: float, radius: float) -> None:
    graph, _ = pair
    lo, hi = enclose(
        [graph], {"x": (np.array([x - radius]), np.array([x + radius])), "y": (np.array([y]), np.array([y]))}
    )[0]
    inside = x + radius * np.linspace(-1, 1, 9)
    values = evaluate([graph], {"x": inside, "y": np.full(9, y)})[0]
    values = values[np.isfinite(values)]
    slack = 1e-9 * (1 + np.abs(values))
    assert np.all(values >= lo - slack)
    assert np.all(values <= hi + slack)


@pytest.mark.parametrize(
    "f",
    [
        b.lse([b.ZERO, b.neg(v)]),
        b.exp(b.scale(Fraction(-2), b.lse([b.ZERO, b.scale(Fraction(2), v)]))),
        b.mul(b.exp(b.neg(b.power(v, Fraction(2)))), b.atan(v), b.erf(v)),
        b.div(b.log_ndtr(v), b.add(b.const(2), b.cos(v))),
        b.where(b.less(v, b.ZERO), b.sin(v), b.power(v, Fraction(3))),
        b.maximum([v, b.power(v, Fraction(2)), b.const(Fraction(1, 3))]),
    ],
)
def test_derivatives_match_differences(f: Expr) -> None:
    x = np.array([-1.7, -0.45, 0.21, 0.72, 2.3])
    h = 1e-6
    high, low = (evaluate([f], {"v": x + s * h})[0] for s in (1, -1))
    assert evaluate([derivative(f, "v")], {"v": x})[0] == pytest.approx((high - low) / (2 * h), rel=1e-6, abs=1e-8)


def test_formulas_print() -> None:
    f = b.where(b.less(v, b.ZERO), b.lse([b.ZERO, b.neg(v)]), b.mul(b.from_float(0.1), b.power(v, Fraction(-1))))
    x = np.array([-2.0, 3.0])
    read = f.to_sympy()
    got = [float(read.subs({"v": value}).subs({s: value for s in read.free_symbols})) for value in x]
    assert got == pytest.approx(evaluate([f], {"v": x})[0].tolist())
    assert r"\begin{cases}" in f.to_latex()
    assert "where(" in str(f)
    assert f.to_fpcore().startswith("(FPCore (v) (if (<= 0 v) ")


def test_numba_reads_the_graph_and_takes_one_branch_only() -> None:
    f = b.where(b.less(b.ZERO, v), b.log(v), b.lse([b.ZERO, b.neg(v)]))
    compiled = f.to_numba()
    assert [compiled(x) for x in (2.0, -800.0)] == pytest.approx([math.log(2), 800.0])
