"""Exact identities: disguised zeros are recognised, and expressions that differ are never called equal."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from losscheck.verifier.balls import Enclosure, Undefined, point
from losscheck.verifier.identity import same, vanishes
from losscheck.verifier.terms import Node, Pool

P = Pool()
V, Z = P.var("v"), [P.var(f"z{i}") for i in range(3)]
HALF = Fraction(1, 2)


def make(op: str, *args: Node) -> Node:
    return P.build(op, None, args)


def neg(a: Node) -> Node:
    return P.scale(-1, a)


def inverse(a: Node) -> Node:
    return P.power(a, Fraction(-1))


def softmax(z: list[Node], i: int) -> Node:
    return P.exp(P.sub(z[i], make("lse", *z)))


def sigmoid(x: Node) -> Node:
    return inverse(P.add(P.one, P.exp(neg(x))))


def arcsinh(a: Node, under: Node = P.one, by: int = 1) -> Node:
    """``log(a + by sqrt(under + a^2))``."""
    root = P.power(P.add(under, P.power(a, Fraction(2))), HALF)
    return make("log", P.add(a, P.scale(by, root)))


SHIFTED = [P.add(z, V) for z in Z]
SUM = P.add(*(softmax(Z, i) for i in range(3)))
ZEROS = {
    "softmax sums to one": P.sub(SUM, P.one),
    "softplus": P.sub(P.sub(make("lse", P.zero, V), make("lse", P.zero, neg(V))), V),
    "sigmoids": P.sub(P.add(sigmoid(V), sigmoid(neg(V))), P.one),
    "logit of sigmoid": P.sub(make("log", P.mul(sigmoid(V), inverse(P.sub(P.one, sigmoid(V))))), V),
    "root of square": P.sub(P.power(P.power(V, Fraction(2)), HALF), make("abs", V)),
    "two hinges": P.sub(P.sub(make("max", V, P.zero), make("max", neg(V), P.zero)), V),
    "shifted maximum": P.sub(P.sub(make("max", *SHIFTED), V), make("max", *Z)),
    "nested maximum": P.sub(make("max", Z[2], make("max", Z[1], Z[0])), make("max", *Z)),
    "minimum": P.add(make("min", *Z), make("max", *map(neg, Z))),
    "normal tails": P.sub(P.add(P.exp(make("log_ndtr", V)), P.exp(make("log_ndtr", neg(V)))), P.one),
    "inverse Mills ratio": P.sub(make("mills", V), P.differentiate(make("log_ndtr", V), "v")),
    "logs of constants": P.sub(make("log", P.const(6)), P.add(make("log", P.const(2)), make("log", P.const(3)))),
    "negated condition": P.sub(P.where(make("lt", Z[0], Z[1]), Z[2], V), P.where(make("le", Z[1], Z[0]), V, Z[2])),
    "radical": P.sub(
        P.mul(
            P.power(P.add(P.one, P.power(V, Fraction(2))), HALF), P.power(P.add(P.one, P.power(V, Fraction(2))), HALF)
        ),
        P.add(P.one, P.power(V, Fraction(2))),
    ),
    "arcsinh is odd": P.add(arcsinh(V), arcsinh(neg(V))),
    "arcsinh of a sum is odd": P.add(arcsinh(P.sub(Z[0], P.scale(3, V))), arcsinh(P.sub(P.scale(3, V), Z[0]))),
    "arcsinh of a multiple": P.sub(P.add(arcsinh(V, P.const(2)), arcsinh(neg(V), P.const(2))), make("log", P.const(2))),
    "shifted power of softmax": P.sub(
        P.power(softmax(Z, 0), Fraction(7, 10)), P.power(softmax(SHIFTED, 0), Fraction(7, 10))
    ),
}


@pytest.mark.parametrize("name", ZEROS)
def test_disguised_zeros(name: str) -> None:
    assert vanishes(P, ZEROS[name])


DIFFERENT = {
    "root of square is not its base": P.sub(P.power(P.power(V, Fraction(2)), HALF), V),
    "log of square": P.sub(make("log", P.power(V, Fraction(2))), P.scale(2, make("log", P.add(V, P.one)))),
    "zero over zero": P.sub(P.mul(P.sub(SUM, P.one), inverse(P.sub(SUM, P.one))), P.one),
    "arcsinh is not even": P.sub(arcsinh(V), arcsinh(neg(V))),
    "arcsinh of another number": P.add(arcsinh(V), arcsinh(P.sub(P.one, V))),
    "another norm": P.add(arcsinh(V, P.const(2)), arcsinh(neg(V), P.const(2))),
    "a norm that is no constant": P.add(arcsinh(V, P.exp(Z[0])), arcsinh(neg(V), P.exp(Z[0]))),
    "twice the root": P.add(arcsinh(V, by=2), arcsinh(neg(V), by=2)),
    "a negative norm": P.add(arcsinh(V, P.const(-1)), arcsinh(neg(V), P.const(-1))),
    "ties": P.sub(P.where(make("lt", Z[0], Z[1]), Z[2], V), P.where(make("le", Z[0], Z[1]), Z[2], V)),
    "a constant off by 2^-60": P.sub(SUM, P.const(1 + Fraction(1, 2**60))),
    "swapped branches": P.sub(P.where(make("lt", Z[0], Z[1]), Z[2], V), P.where(make("lt", Z[0], Z[1]), V, Z[2])),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_differences_are_not_zero(name: str) -> None:
    assert not vanishes(P, DIFFERENT[name])


def test_simplex_variables_sum_to_one_only_when_asked() -> None:
    p = [P.var(f"p{i}") for i in range(3)]
    names = ["p0", "p1", "p2"]
    assert vanishes(P, P.sub(P.add(*p), P.one), simplex=names)
    assert not vanishes(P, P.sub(P.add(*p), P.one))
    split = P.sub(make("log", P.mul(p[0], p[2])), P.add(make("log", p[0]), make("log", p[2])))
    assert vanishes(P, split, simplex=names)
    assert not vanishes(P, split)


def test_a_denominator_that_is_zero_is_never_inverted() -> None:
    nothing = inverse(P.sub(SUM, P.one))
    assert not vanishes(P, P.sub(P.add(nothing, V), P.add(nothing, Z[0])))


def test_large_expressions_answer_no_in_bounded_time() -> None:
    many = [P.var(f"y{i}") for i in range(40)]
    power = P.power(P.add(*many), Fraction(9))
    product = P.mul(*(P.add(many[0], P.scale(k, many[k])) for k in range(1, 30)))
    assert not vanishes(P, P.sub(P.mul(power, product), P.one))


LEAVES = st.sampled_from([V, Z[0], P.one, P.const(2), P.const(Fraction(-1, 2))])


def _extend(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda t: P.add(*t)),
        pair.map(lambda t: P.sub(*t)),
        pair.map(lambda t: P.mul(*t)),
        pair.map(lambda t: make("max", *t)),
        pair.map(lambda t: make("lse", *t)),
        st.tuples(inner, inner, inner).map(lambda t: P.where(make("lt", t[0], t[1]), t[1], t[2])),
        inner.map(lambda a: make("abs", a)),
        inner.map(lambda a: make("log", P.add(P.one, make("abs", a)))),
        inner.map(lambda a: make("log", a)),
        inner.map(lambda a: P.exp(P.scale(Fraction(1, 4), a))),
        inner.map(lambda a: make("erf", a)),
        st.tuples(inner, st.sampled_from([Fraction(2), Fraction(-1), HALF, Fraction(-1, 2), Fraction(3)])).map(
            lambda t: P.power(t[0], t[1]) if t[0].op != "const" else t[0]
        ),
    )


EXPRESSIONS = st.recursive(LEAVES, _extend, max_leaves=6)
POINTS = [(Fraction(a, 7), Fraction(b, 5)) for a, b in [(3, 4), (-5, 2), (11, -9), (-2, -3), (20, 1)]]


def _differs(n: Node) -> bool:
    for v, z in POINTS:
        try:
            lo, hi = Enclosure({"v": point(v), "z0": point(z)})(n)
        except (Undefined, RecursionError):
            continue
        if lo > 0 or hi < 0:
            return bool(math.isfinite(float(lo)) or math.isfinite(float(hi)))
    return False


@seed(0)
@settings(max_examples=400, deadline=None, database=None)
@given(EXPRESSIONS, EXPRESSIONS)
def test_never_equal_where_values_differ(a: Node, b: Node) -> None:
    if same(P, a, b):
        assert not _differs(P.sub(a, b))


@seed(1)
@settings(max_examples=300, deadline=None, database=None)
@given(EXPRESSIONS)
def test_simplification_keeps_the_value(a: Node) -> None:
    for disguise in (
        P.sub(P.power(P.power(a, Fraction(2)), HALF), a),
        P.sub(make("max", a, V), P.add(V, make("abs", P.sub(a, V)))),
        P.sub(P.exp(make("log", a)), P.power(P.power(a, Fraction(4)), Fraction(1, 4))),
    ):
        if vanishes(P, disguise):
            assert not _differs(disguise)
