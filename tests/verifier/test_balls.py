"""Ranges hold every value on the box, and undefined expressions have none."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import assume, given, seed, settings
from hypothesis import strategies as st

from losscheck.verifier.balls import Enclosure, Range, Undefined, point, power, times
from losscheck.verifier.cover import ranges
from losscheck.verifier.terms import Pool
from tests.verifier.recipes import NoValue, Recipe, node, rationals, recipes, value

INF = arb("inf")
P = Pool()
V = P.var("v")


def overlaps(r: Range, b: arb) -> bool:
    return bool(b.upper() >= r[0] and b.lower() <= r[1])


@seed(20)
@settings(max_examples=300, derandomize=True)
@given(recipes(("x", "y"), switches=True), st.tuples(rationals, rationals), st.tuples(rationals, rationals), st.data())
def test_range_holds_every_value(
    r: Recipe, x: tuple[Fraction, ...], y: tuple[Fraction, ...], data: st.DataObject
) -> None:
    pool = Pool()
    box = {"x": (min(x), max(x)), "y": (min(y), max(y))}
    infinite = data.draw(st.sampled_from([None, "x", "y"]))
    wide = {k: (a, None if k == infinite else b) for k, (a, b) in box.items()}
    try:
        found = Enclosure(ranges(wide))(node(pool, r))
    except Undefined:
        assume(False)
    for part in (Fraction(0), Fraction(1, 3), Fraction(1)):
        for other in (Fraction(0), Fraction(1, 2), Fraction(1)):
            at = {k: a + (b - a) * (part if k == "x" else other) for k, (a, b) in box.items()}
            if infinite:
                at[infinite] += 50 * part
            try:
                inside = value(r, at)
            except NoValue:
                continue
            assert overlaps(found, inside), f"{inside} at {at} is not in {found}"


@seed(21)
@settings(max_examples=200, derandomize=True)
@given(recipes(("x",), switches=True), rationals)
def test_point_ranges_are_thin_and_right(r: Recipe, x: Fraction) -> None:
    try:
        inside = value(r, {"x": x})
        found = Enclosure({"x": point(x)})(node(Pool(), r))
    except (NoValue, Undefined):
        assume(False)
    assert overlaps(found, inside)


@pytest.mark.parametrize(("op", "a", "b"), [("log", -1, 1), ("log", -2, -1)], ids=["log across 0", "log of a negative"])
def test_undefined(op: str, a: int, b: int) -> None:
    with pytest.raises(Undefined):
        Enclosure(ranges({"v": (Fraction(a), Fraction(b))}))(P.build(op, None, (V,)))


@pytest.mark.parametrize("e", [Fraction(-1), Fraction(-2), Fraction(1, 2), Fraction(-1, 2)])
def test_powers_across_zero_are_undefined(e: Fraction) -> None:
    with pytest.raises(Undefined):
        power((arb(-1), arb(1)), e)


def test_negative_odd_power_up_to_zero_is_undefined() -> None:
    with pytest.raises(Undefined):
        power((arb(-1), arb(0)), Fraction(-1))


def test_even_power_holds_zero() -> None:
    lo, hi = power((arb(-3), arb(2)), Fraction(2))
    assert lo == 0
    assert 9 <= hi < 9.0001


def test_infinite_ends() -> None:
    everything = (-INF, INF)
    assert Enclosure({"v": everything})(P.exp(V)) == (0, INF)
    lo, hi = Enclosure({"v": everything})(P.build("atan", None, (V,)))
    assert -1.5708 < lo < -1.5707
    assert 1.5707 < hi < 1.5708
    assert times((arb(0), arb(1)), (arb(1), INF)) == (0, INF)
    with pytest.raises(Undefined):
        Enclosure({"v": (-INF, arb(0))})(P.build("log", None, (V,)))


def test_float_constants_are_whole_intervals() -> None:
    pool = Pool()
    lo, hi = Enclosure({})(pool.make("ball", (Fraction(1, 3), Fraction(1, 2))))
    assert lo <= Fraction(1, 3).numerator / arb(3)
    assert hi >= arb(1) / 2


def test_branches_are_read_only_where_they_can_be_taken() -> None:
    safe = P.where(P.make("lt", None, (P.zero, V)), P.build("log", None, (V,)), P.zero)
    assert Enclosure(ranges({"v": (Fraction(-2), Fraction(-1))}))(safe) == (0, 0)
    with pytest.raises(Undefined):
        Enclosure(ranges({"v": (Fraction(-2), Fraction(1))}))(safe)
