"""The verifier's constructors keep values, and its derivatives are derivatives."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import assume, given, seed, settings

from losscheck.verifier.balls import Enclosure, Undefined, point
from losscheck.verifier.cover import value_at
from losscheck.verifier.terms import Pool, walk
from tests.verifier.recipes import NoValue, Recipe, node, rationals, recipes, value

STEP = Fraction(1, 2**150)


@seed(22)
@settings(max_examples=250, derandomize=True)
@given(recipes(("x",), switches=True), rationals)
def test_simplification_keeps_values(r: Recipe, x: Fraction) -> None:
    try:
        written, built = value(r, {"x": x}), value_at(node(Pool(), r), {"x": x})
    except (NoValue, Undefined):
        assume(False)
    assert written.overlaps(built)


@seed(23)
@settings(max_examples=250, derandomize=True)
@given(recipes(("x",), switches=False), rationals)
def test_derivative_is_the_limit_of_differences(r: Recipe, x: Fraction) -> None:
    pool = Pool()
    try:
        right, left = (value(r, {"x": x + s * STEP}, 2000) for s in (1, -1))
        found = value_at(pool.differentiate(node(pool, r), "x"), {"x": x})
    except (NoValue, Undefined):
        assume(False)
    assume(found.is_finite() and abs(found) < 2**20)
    slope = (right - left) / (2 * arb(STEP.numerator) / arb(STEP.denominator))
    assert (slope - found).overlaps(arb(0, 2.0**-60)), f"slope {slope}, derivative {found}"


@pytest.mark.parametrize("x", [Fraction(-3, 2), Fraction(3, 2)])
def test_derivative_inside_branches(x: Fraction) -> None:
    pool = Pool()
    v = pool.var("x")
    square = pool.power(v, Fraction(2))
    for n, want in [
        (pool.build("abs", None, (v,)), 1 if x > 0 else -1),
        (pool.build("max", None, (square, v, pool.zero)), 2 * x),
        (pool.build("min", None, (square, v)), 1),
        (pool.where(pool.make("lt", None, (v, pool.zero)), square, v), 2 * x if x < 0 else 1),
    ]:
        assert value_at(pool.differentiate(n, "x"), {"x": x}).contains(arb(Fraction(want).numerator) / want.denominator)


def test_equal_nodes_are_one_object() -> None:
    pool = Pool()
    x, y = pool.var("x"), pool.var("y")
    assert pool.add(x, y) is pool.add(y, x)
    assert pool.mul(x, y) is pool.mul(y, x)
    assert pool.sub(x, x) is pool.zero
    assert pool.mul(pool.exp(x), pool.exp(pool.scale(-1, x))) is pool.one
    assert pool.power(pool.power(x, Fraction(2)), Fraction(1, 2)) is not x


def test_root_of_a_square_stays() -> None:
    pool = Pool()
    root = pool.power(pool.power(pool.var("x"), Fraction(2)), Fraction(1, 2))
    assert Enclosure({"x": point(Fraction(-2))})(root)[0] > 1


def test_substitution_replaces_everywhere() -> None:
    pool = Pool()
    x, y = pool.var("x"), pool.var("y")
    n = pool.add(pool.exp(x), pool.build("lse", None, (pool.zero, pool.scale(2, x))))
    moved = pool.substitute(n, {x: pool.add(y, pool.one)})
    assert not any(m is x for m in walk(moved))
    assert value_at(moved, {"y": Fraction(1)}).overlaps(value_at(n, {"x": Fraction(2)}))


def test_the_pool_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Pool()
    monkeypatch.setattr(Pool, "LIMIT", 50)
    with pytest.raises(OverflowError, match="limit"):
        [pool.var(f"x{k}") for k in range(100)]
