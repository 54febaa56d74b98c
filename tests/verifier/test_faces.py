"""Signs and ends on the simplex: what structure claims holds at random points, faces included."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losscheck.verifier.balls import Enclosure, Undefined, point
from losscheck.verifier.faces import EVERYWHERE, NOWHERE, Ends, Faces, Simplex
from losscheck.verifier.terms import Node, Pool

NAMES = ("p0", "p1", "p2")
CORNERS = [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
EDGES = [(0, Fraction(1, 3), Fraction(2, 3)), (Fraction(3, 5), 0, Fraction(2, 5)), (Fraction(1, 2), Fraction(1, 2), 0)]
INSIDE = [(Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)), (Fraction(1, 100), Fraction(9, 10), Fraction(9, 100))]
POINTS = [tuple(map(Fraction, p)) for p in CORNERS + EDGES + INSIDE]


def value(n: Node, at: tuple[Fraction, ...]) -> float | None:
    """The value where every part of the expression is finite, else None."""
    reading = Enclosure({x: point(c) for x, c in zip(NAMES, at, strict=True)})
    try:
        low, high = reading(n)
    except Undefined:
        return None
    if not all(a.is_finite() and b.is_finite() for a, b in reading.memo.values()):
        return None
    return float((low + high) / 2)


def within(at: tuple[Fraction, ...], faces: Faces) -> bool:
    zero = {x for x, c in zip(NAMES, at, strict=True) if c == 0}
    return any(face <= zero for face in faces)


def expressions(pool: Pool) -> st.SearchStrategy[Node]:
    leaves = st.one_of(
        st.sampled_from([pool.var(x) for x in NAMES]),
        st.sampled_from([Fraction(0), Fraction(1), Fraction(1, 2), Fraction(-1), Fraction(2)]).map(pool.const),
    )
    powers = st.sampled_from([Fraction(2), Fraction(3), Fraction(1, 2), Fraction(-1), Fraction(-1, 2), Fraction(3, 2)])

    def grow(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        return st.one_of(
            st.builds(lambda a, b: pool.add(a, b), inner, inner),
            st.builds(lambda a, b: pool.sub(a, b), inner, inner),
            st.builds(lambda a, b: pool.mul(a, b), inner, inner),
            st.builds(lambda a, e: pool.power(a, e) if a is not pool.zero else a, inner, powers),
            st.builds(lambda a: pool.build("log", None, (a,)), inner),
            st.builds(lambda a: pool.exp(a), inner),
            st.builds(lambda a, b: pool.make("max", None, (a, b)), inner, inner),
            st.builds(lambda a: pool.make("atan", None, (a,)), inner),
        )

    return st.recursive(leaves, grow, max_leaves=8)


POOL = Pool()


@settings(max_examples=400, deadline=None, derandomize=True)
@given(expressions(POOL))
def test_claims_hold_at_points(n: Node) -> None:
    simplex = Simplex(POOL, NAMES)
    zeros = simplex.zeros(n)
    for at in POINTS:
        v = value(n, at)
        if v is None or (v != 0 and abs(v) < 1e-25):
            continue
        if zeros is not None:
            assert v >= 0
            assert v > 0 or within(at, zeros)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(expressions(POOL))
def test_values_are_limits_where_continuity_is_claimed(n: Node) -> None:
    ends = Simplex(POOL, NAMES).ends(n)
    centre = np.array([1, 1, 1], dtype=object) * Fraction(1, 3)
    for at in POINTS[:6]:
        if within(at, ends.none):
            continue
        t = Fraction(1, 10**60)
        near = value(n, tuple((1 - t) * np.array(at, dtype=object) + t * centre))
        here = value(n, at)
        if within(at, ends.plus | ends.minus) or near is None:
            continue
        assert abs(near) < 1e12
        if here is not None:
            assert near == pytest.approx(here, rel=1e-3, abs=1e-3)


def test_powers_and_logarithms() -> None:
    pool = Pool()
    simplex = Simplex(pool, NAMES)
    p, q, r = (pool.var(x) for x in NAMES)
    squares = pool.add(*(pool.power(x, Fraction(2)) for x in (p, q, r)))
    assert simplex.zeros(squares) == NOWHERE
    assert simplex.zeros(pool.sub(pool.one, p)) == frozenset({frozenset({"p1", "p2"})})
    assert simplex.zeros(pool.sub(p, q)) is None
    assert simplex.zeros(pool.sub(pool.one, pool.add(p, q, r))) == EVERYWHERE
    log = pool.build("log", None, (p,))
    assert simplex.ends(log) == Ends(minus=frozenset({frozenset({"p0"})}))
    assert simplex.ends(pool.mul(p, log)) == Ends()
    assert simplex.ends(pool.mul(q, log)).none == frozenset({frozenset({"p0", "p1"})})
    assert simplex.ends(pool.mul(p, pool.power(p, Fraction(-1)))).none == frozenset({frozenset({"p0"})})
    assert simplex.ends(pool.mul(pool.sub(p, q), pool.power(p, Fraction(-1)))).none == frozenset({frozenset({"p0"})})


def test_switches_are_settled_only_where_decided() -> None:
    pool = Pool()
    simplex = Simplex(pool, NAMES)
    p, q = pool.var("p0"), pool.var("p1")
    assert simplex.settle(pool.make("abs", None, (pool.sub(p, pool.one),))) is pool.sub(pool.one, p)
    log = pool.mul(p, pool.build("log", None, (p,)))
    zero = pool.make("eq", None, (p, pool.zero))
    assert simplex.settle(pool.where(zero, pool.zero, log)) is log
    for undecided in (
        pool.where(zero, pool.one, log),
        pool.where(zero, pool.zero, pool.mul(q, pool.build("log", None, (p,)))),
        pool.where(pool.make("le", None, (p, pool.zero)), pool.one, p),
        pool.make("max", None, (p, q)),
    ):
        with pytest.raises(Exception, match="decided"):
            simplex.settle(undecided)
