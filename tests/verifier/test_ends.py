"""Signs and limits at ends: expansions hold the function, signs hold at every sample, known answers come out."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb, ctx
from hypothesis import assume, given, seed, settings
from hypothesis import strategies as st

from losscheck.verifier.balls import Enclosure, Undefined, exact, point
from losscheck.verifier.constants import Constants, Unclear
from losscheck.verifier.cover import value_at
from losscheck.verifier.ends import Germ, end_limit, end_sign, starts
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.series import Position, Series
from losscheck.verifier.terms import Node, Pool, walk
from tests.verifier.recipes import NoValue, Recipe, node, recipes, value

P = Pool()
V = P.var("v")
ENDS = [None, Fraction(0), Fraction(1), Fraction(-2), Fraction(1, 3)]


def values_in_series(f: Series, constants: Constants, big: arb) -> arb:
    """All values that the series allows where log(1/s) = big."""

    def monomial(p: Position) -> arb:
        return (exact(p[1]) * big.log() - exact(p[0]) * big).exp()

    total = sum((constants.ball(c) * monomial(p) for p, c in f.terms.items()), arb(0))
    return total + f.rest[1][0].union(f.rest[1][1]) * monomial(f.rest[0]) if f.rest else total


@seed(25)
@settings(max_examples=150, derandomize=True)
@given(recipes(("v",), switches=False), st.sampled_from(ENDS), st.sampled_from([1, -1]), st.data())
def test_series_hold_the_function(r: Recipe, end: Fraction | None, side: int, data: st.DataObject) -> None:
    pool = Pool()
    root = node(pool, r)
    ways = list(starts(end, side))
    start, places = ways[data.draw(st.integers(0, len(ways) - 1))]
    least, _ = places[data.draw(st.integers(0, len(places) - 1))]
    constants = Constants()
    germ = Germ("v", start, least, data.draw(st.sampled_from([3, 5, 10])), constants)
    try:
        germ(root)
    except Unclear:
        pass
    for n in walk(root):
        if n.id not in germ.memo:
            continue
        for factor in (1.0, 1.001, 1.4, 3.0, 20.0):
            try:
                ctx.prec = 500
                big = arb((least.upper() * factor).mid())
                x = values_in_series(start, constants, big)
                lo, hi = Enclosure({"v": (x.lower(), x.upper())})(n)
                held = values_in_series(germ.memo[n.id], constants, big)
            except Undefined:
                continue
            finally:
                ctx.prec = 113
            assert held.overlaps(lo.union(hi)), f"{n.op} at L = {big}"


def samples(end: Fraction | None, side: int, inner: Fraction) -> list[Fraction]:
    """From ``inner`` towards the end, closer and closer."""
    steps = [Fraction(1, 2**k) for k in (1, 3, 10, 40, 150)]
    if end is not None:
        return [inner, *(end + (inner - end) * s for s in steps)]
    return [inner, *(inner - side * (1 / s - 1) * (abs(inner) + 1) for s in steps[:4])]


@seed(26)
@settings(max_examples=250, derandomize=True)
@given(recipes(("v",), switches=False), st.sampled_from(ENDS), st.sampled_from([1, -1]))
def test_end_signs_hold(r: Recipe, end: Fraction | None, side: int) -> None:
    pool = Pool()
    found = end_sign(pool, node(pool, r), "v", end, side, None)
    assume(found is not None and found[1] is not None)
    s, inner = found  # type: ignore[misc]
    for x in samples(end, side, inner):  # type: ignore[arg-type]
        try:
            b = value(r, {"v": x}, 1500)
        except NoValue:
            continue
        assert not {"+": b <= 0, "-": b >= 0, "0": not b.contains(0)}[s], f"{s} up to {inner}, but {b} at {x}"


def make(op: str, *args: Node) -> Node:
    return P.build(op, None, args)


def neg(a: Node) -> Node:
    return P.scale(-1, a)


def power(a: Node, e: Fraction | int) -> Node:
    return P.power(a, Fraction(e))


def d(n: Node, times: int = 1) -> Node:
    return d(P.differentiate(n, "v"), times - 1) if times else n


HALF, TINY, LOG6 = Fraction(1, 2), Fraction(1, 1000), make("log", P.const(6))
UP, DOWN = make("lse", P.zero, V), make("lse", P.zero, neg(V))
SQUARE, BUMP = power(V, 2), P.exp(neg(power(V, 2)))
SIGMOID = P.exp(neg(DOWN))
FOCAL = P.mul(power(P.sub(P.one, SIGMOID), 2), DOWN)
INVERSE = power(V, -1)
ROOT = power(P.add(P.one, SQUARE), HALF)
CUBIC = P.add(P.exp(neg(V)), P.const(-1), V, P.scale(-HALF, SQUARE))
R, POS, UNIT = (None, None), (Fraction(0), None), (Fraction(0), Fraction(1))
SIGNS: dict[str, tuple[Node, tuple[Fraction | None, Fraction | None], str]] = {
    "root above its argument": (P.sub(ROOT, V), R, "+"),
    "root above minus its argument": (P.add(ROOT, V), R, "+"),
    "third order of log1p": (P.add(DOWN, neg(P.exp(neg(V))), P.scale(HALF, P.exp(P.scale(-2, V)))), POS, "+"),
    "argument below softplus": (P.sub(V, UP), R, "-"),
    "atan below the identity at 1/v": (P.sub(INVERSE, make("atan", INVERSE)), POS, "+"),
    "bump": (BUMP, R, "+"),
    "bump past its inflection": (d(BUMP, 2), (Fraction(1), None), "+"),
    "bump inside its inflections": (d(BUMP, 2), (Fraction(-1, 2), Fraction(1, 2)), "-"),
    "bump in the middle of everything": (d(BUMP, 2), R, "?"),
    "sum of bumps": (P.sub(P.mul(SQUARE, BUMP), BUMP), (Fraction(1), None), "+"),
    "shifted bump": (d(P.exp(neg(power(P.sub(V, P.one), 2)))), (Fraction(1), None), "-"),
    "softplus identity": (P.sub(P.sub(UP, DOWN), V), R, "0"),
    "expanded square": (P.add(power(P.add(P.one, V), 2), neg(SQUARE), P.scale(-2, V), P.const(-1)), R, "0"),
    "log below its tangent": (P.sub(P.sub(V, P.one), make("log", V)), (Fraction(1), None), "+"),
    "log below its tangent left": (P.sub(P.sub(V, P.one), make("log", V)), UNIT, "+"),
    "x log x": (P.mul(V, make("log", V)), UNIT, "-"),
    "entropy": (P.add(P.mul(V, make("log", V)), P.mul(P.sub(P.one, V), make("log", P.sub(P.one, V)))), UNIT, "-"),
    "erf below 1": (P.sub(P.one, make("erf", V)), R, "+"),
    "erf below its tangent": (P.sub(P.mul(P.scale(2, V), P.make("rsqrtpi")), make("erf", V)), POS, "+"),
    "Mills ratio above its asymptote": (P.add(V, P.make("mills", None, (V,))), R, "+"),
    "Mills ratio decreases": (d(P.make("mills", None, (V,))), R, "-"),
    "log of the normal cdf is concave": (d(make("log_ndtr", V), 2), R, "-"),
    "sine below the identity": (P.sub(V, make("sin", V)), POS, "+"),
    "cosine above its parabola": (P.add(make("cos", V), P.const(-1), P.scale(HALF, SQUARE)), POS, "+"),
    "fast zero against a power": (P.sub(P.exp(neg(INVERSE)), power(V, 3)), (Fraction(0), Fraction(1, 5)), "-"),
    "logistic is convex": (d(DOWN, 2), R, "+"),
    "sigmoid is not": (d(SIGMOID, 2), R, "?"),
    "sigmoid is concave on one side": (d(SIGMOID, 2), POS, "-"),
    "focal decreases": (d(FOCAL), R, "-"),
    "third order touch at 0": (CUBIC, POS, "-"),
    "third order touch at 0 from the left": (CUBIC, (None, Fraction(0)), "+"),
    "sign changes once": (CUBIC, R, "?"),
    "touching square": (power(P.sub(V, P.one), 2), POS, "p"),
    "exponentials of two speeds": (P.sub(P.exp(neg(V)), P.exp(P.scale(-2, V))), POS, "+"),
    "the slower one is scaled down": (P.sub(P.scale(TINY, P.exp(neg(V))), P.exp(P.scale(-2, V))), POS, "?"),
    "logarithm of a logarithm": (P.sub(UP, make("log", P.add(P.one, UP))), R, "+"),
    "fractional powers": (P.sub(P.scale(2, power(V, Fraction(1, 3))), power(V, HALF)), UNIT, "+"),
    "double exponential": (P.exp(neg(P.exp(V))), R, "+"),
    "Gompertz slope": (d(P.exp(neg(P.exp(V)))), R, "-"),
    "atan below its limit": (P.sub(P.scale(2, make("atan", power(V, 1))), P.const(3)), (Fraction(15), None), "+"),
    "atan crosses 3": (P.sub(P.scale(2, make("atan", V)), P.const(3)), (Fraction(14), None), "?"),
    "tiny dent far out": (P.sub(DOWN, P.scale(Fraction(1, 100), P.exp(neg(power(P.sub(V, P.const(9)), 2))))), R, "?"),
    "log 2 cancels": (P.sub(P.sub(UP, make("log", P.const(2))), P.scale(HALF, V)), POS, "+"),
    "logarithms of constants": (P.add(LOG6, neg(make("log", P.const(2))), neg(make("log", V))), UNIT, "+"),
}  # fmt: skip


@pytest.mark.parametrize("name", SIGNS)
def test_known_signs(name: str) -> None:
    n, (a, b), want = SIGNS[name]
    assert interval_sign(P, n, "v", a, b) == want
    low, high = (Fraction(-40) if a is None else a), (Fraction(40) if b is None else b)
    seen = set()
    for k in range(1, 400):
        lo, hi = Enclosure({"v": point(low + (high - low) * Fraction(k, 400))})(n)
        seen |= {"+"} if lo > 0 else {"-"} if hi < 0 else set()
    assert seen <= {"+": {"+"}, "-": {"-"}, "p": {"+"}, "m": {"-"}, "0": set(), "?": {"+", "-"}}[want]


LIMITS = {
    "softplus to the left": (UP, None, 1, 0),
    "softplus to the right": (UP, None, -1, "+inf"),
    "logistic minus its asymptote": (P.add(DOWN, V), None, 1, 0),
    "sigmoid": (SIGMOID, None, -1, 1),
    "x log x": (P.mul(V, make("log", V)), Fraction(0), 1, 0),
    "log": (make("log", V), Fraction(0), 1, "-inf"),
    "twice atan": (P.scale(2, make("atan", make("log", V))), Fraction(0), 1, "-pi"),
    "sine over its argument": (P.mul(make("sin", V), INVERSE), Fraction(0), 1, 1),
    "cancelling roots": (P.mul(V, P.sub(ROOT, V)), None, -1, HALF),
    "1/2 without roots": (P.mul(P.add(V, P.one), INVERSE, P.const(HALF)), None, -1, HALF),
    "bump times exponential": (P.mul(BUMP, P.exp(P.scale(100, V))), None, -1, 0),
    "bump divided": (P.mul(P.exp(SQUARE), P.exp(neg(V))), None, -1, "+inf"),
    "log of the normal cdf": (P.mul(make("log_ndtr", V), power(V, -2)), None, 1, -HALF),
    "Mills ratio over its argument": (P.mul(P.make("mills", None, (V,)), INVERSE), None, 1, -1),
    "constants smaller than their error": (make("log_ndtr", P.exp(SQUARE)), Fraction(-2), -1, "log_ndtr(e^4)"),
    "a line times what outgrows every power": (P.mul(V, P.exp(P.mul(V, V, V))), None, -1, "+inf"),
    "the same with a falling line": (P.mul(P.add(P.one, neg(V)), P.exp(P.exp(V))), None, -1, "-inf"),
    "compound interest": (P.exp(P.mul(V, make("log", P.add(P.one, INVERSE)))), None, -1, "e"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_known_limits(name: str) -> None:
    n, end, side, want = LIMITS[name]
    found = end_limit(P, n, "v", end, side)
    if isinstance(want, str) and want.endswith("inf"):
        assert found == ("inf", 1 if want[0] == "+" else -1)
        return
    assert found is not None
    assert found[0] == "finite"
    tiny = -((arb(4).exp() / arb(2).sqrt()).erfc() / 2)
    target = (
        {"-pi": -arb.pi(), "e": arb(1).exp(), "log_ndtr(e^4)": tiny}.get(want) if isinstance(want, str) else exact(want)
    )
    assert found[1].overlaps(target)
    assert found[1].rad() < 2.0**-90


def test_no_limit_is_claimed_where_there_is_none() -> None:
    assert end_limit(P, make("sin", V), "v", None, -1) is None
    assert end_limit(P, make("cos", INVERSE), "v", Fraction(0), 1) is None
    assert end_sign(P, make("sin", INVERSE), "v", Fraction(0), 1, None) is None


def test_undefined_next_to_an_end_is_not_signed() -> None:
    for n in (make("log", neg(V)), power(neg(V), HALF), make("log", P.sub(V, V))):
        assert end_sign(P, n, "v", Fraction(0), 1, Fraction(1)) is None


def test_inner_never_passes_the_other_end() -> None:
    for other in (Fraction(1, 1000), Fraction(7)):
        found = end_sign(P, UP, "v", Fraction(0), 1, other)
        assert found is not None
        assert found[1] is not None
        assert 0 < found[1] <= other
    assert end_sign(P, UP, "v", None, -1, Fraction(10**9)) == ("+", Fraction(10**9))


def test_float_constants_cancel_only_with_themselves() -> None:
    third = P.make("ball", (Fraction(1, 3) - Fraction(1, 2**50), Fraction(1, 3) + Fraction(1, 2**50)))
    other = P.make("ball", (Fraction(1, 3) - Fraction(1, 2**49), Fraction(1, 3) + Fraction(1, 2**49)))
    assert end_sign(P, P.add(P.mul(third, V), V, neg(P.mul(third, V))), "v", Fraction(0), 1, None) is not None
    assert end_sign(P, P.add(P.mul(third, V), SQUARE, neg(P.mul(other, V))), "v", Fraction(0), 1, None) is None


def test_points_of_a_certified_tail() -> None:
    n = P.sub(ROOT, V)
    found = end_sign(P, n, "v", None, -1, None)
    assert found is not None
    assert found[1] is not None
    assert value_at(n, {"v": found[1]}) > 0
