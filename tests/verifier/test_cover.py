"""Signs on boxes never contradict a value; bisection accepts what is true and gives up on what is not."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import assume, given, seed, settings

from losscheck.verifier.balls import Enclosure, Undefined
from losscheck.verifier.cover import Exhausted, acceptor, cover, ranges, sign
from losscheck.verifier.terms import Node, Pool
from tests.verifier.recipes import NoValue, Recipe, node, rationals, recipes, value

P = Pool()
V, W = P.var("v"), P.var("w")


def contradicts(s: str, b: arb) -> bool:
    return {"+": b <= 0, "-": b >= 0, "p": b < 0, "m": b > 0, "0": not b.contains(0), "?": False}[s]


@seed(24)
@settings(max_examples=400, derandomize=True)
@given(recipes(("x",), switches=True), rationals, rationals)
def test_sign_holds_at_every_point(r: Recipe, a: Fraction, b: Fraction) -> None:
    box = {"x": (min(a, b), max(a, b))}
    try:
        found = sign(node(Pool(), r), Enclosure(ranges(box)))
    except Undefined:
        assume(False)
    assume(found != "?")
    for k in range(9):
        x = a + (b - a) * Fraction(k, 8)
        try:
            assert not contradicts(found, value(r, {"x": x})), f"{found} but {value(r, {'x': x})} at {x}"
        except NoValue:
            continue


def square(a: Node) -> Node:
    return P.power(a, Fraction(2))


KNOWN = {
    "square": (square(V), ">="),
    "shifted square": (P.add(square(P.sub(V, P.one)), P.const(Fraction(1, 100))), ">"),
    "root above its argument": (P.sub(P.power(P.add(P.one, square(V)), Fraction(1, 2)), V), ">"),
    "exponential above its tangent": (P.sub(P.exp(V), P.add(P.const(Fraction(99, 100)), V)), ">"),
    "two exponents": (P.sub(P.const(3), P.add(P.exp(P.scale(-1, square(V))), P.build("cos", None, (V,)))), ">"),
    "minus a bump": (P.scale(-1, P.exp(P.scale(-1, square(V)))), "<"),
}


@pytest.mark.parametrize("name", KNOWN)
def test_true_signs_are_accepted(name: str) -> None:
    n, want = KNOWN[name]
    assert cover(acceptor(P, n, want, smooth=True), {"v": (Fraction(-5), Fraction(7))}) >= 1


FALSE = {
    "negative at one point in the middle": (P.sub(square(V), P.const(Fraction(1, 10**6))), ">"),
    "zero at an end": (P.sub(V, P.const(-5)), ">"),
    "zero inside": (square(P.sub(V, P.const(Fraction(1, 3)))), ">"),
    "dip of width 2e-6": (P.sub(square(P.sub(V, P.const(Fraction(1, 7)))), P.const(Fraction(1, 10**12))), ">="),
    "undefined on a part": (
        P.build(
            "log",
            None,
            (
                P.add(
                    V,
                    P.const(
                        9,
                    ),
                ),
            ),
        ),
        "<",
    ),
}


@pytest.mark.parametrize("name", FALSE)
def test_false_signs_are_not(name: str) -> None:
    n, want = FALSE[name]
    with pytest.raises(Exhausted):
        cover(acceptor(P, n, want, smooth=True), {"v": (Fraction(-5), Fraction(7))}, budget=300)


def test_the_mean_value_form_is_only_for_smooth_functions() -> None:
    """The derivative of a jump is 0 on both sides: the form would miss the jump."""
    step = P.where(P.make("lt", None, (V, P.zero)), P.const(-1), P.one)
    for smooth in (False, True):
        with pytest.raises(Exhausted):
            cover(acceptor(P, step, ">", smooth=smooth), {"v": (Fraction(-1), Fraction(3))}, budget=200)


def test_a_wrong_sign_is_noticed_early() -> None:
    seen = []
    accept = acceptor(P, P.sub(V, P.const(Fraction(1, 3))), ">")

    def counting(box: dict[str, tuple[Fraction | None, Fraction | None]]) -> bool:
        seen.append(box)
        return accept(box)

    with pytest.raises(Exhausted, match="wrong at v = "):
        cover(counting, {"v": (Fraction(-4), Fraction(4))})
    assert len(seen) < 5


def test_two_variables_and_infinite_edges() -> None:
    n = P.add(P.build("lse", None, (V, W)), P.scale(-1, V), P.const(Fraction(1, 1000)))
    box = {"v": (Fraction(-3), Fraction(3)), "w": (Fraction(-3), None)}
    assert cover(acceptor(P, n, ">", smooth=True), box) >= 1
