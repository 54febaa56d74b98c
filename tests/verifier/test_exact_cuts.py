"""Sums of rationals do not round at a cut; exponentials and their constant, and softmax, have known signs."""

from __future__ import annotations

from fractions import Fraction

from losscheck.verifier.balls import INF, NINF, Enclosure, point
from losscheck.verifier.cover import sign
from losscheck.verifier.pieces import finite_at
from losscheck.verifier.terms import Pool

F = Fraction


def test_a_base_that_is_exactly_zero() -> None:
    pool = Pool()
    gap = pool.sub(pool.const(F(6, 5)), pool.var("v"))
    root = pool.power(gap, F(8, 5))
    assert finite_at(root, "v", F(6, 5))
    assert not finite_at(root, "v", F(6, 5) + F(1, 10**30))
    assert not finite_at(pool.power(gap, F(-1)), "v", F(6, 5))


def test_decimal_powers_are_powers() -> None:
    pool = Pool()
    v = pool.var("v")
    log = pool.make("log", None, (v,))
    assert pool.exp(pool.scale(F(8, 5), log)) is pool.power(v, F(8, 5))
    # a whole exponent would lose that v must not be negative
    assert pool.exp(pool.scale(F(2), log)).op == "exp"
    assert pool.exp(log).op == "exp"


def test_signs_of_exponentials() -> None:
    pool = Pool()
    x, y = pool.var("x"), pool.var("y")
    box = Enclosure({"x": (NINF, point(0)[0]), "y": (point(1)[0], INF)})
    both = pool.linear((F(-1), pool.one), (F(2), pool.exp(y)), (F(-1), pool.exp(x)))
    assert sign(both, box) == "+"
    assert sign(pool.linear((F(1), pool.one), (F(1), pool.exp(y)), (F(-2), pool.exp(x))), box) == "+"
    assert sign(pool.linear((F(1), pool.one), (F(-1), pool.exp(x))), box) == "p"
    assert sign(pool.linear((F(1), pool.one), (F(-1), pool.exp(y))), box) == "-"
    assert sign(pool.linear((F(3), pool.one), (F(-1), pool.exp(y))), box) == "?"


def test_softmax_stays_below_1() -> None:
    pool = Pool()
    z = [pool.var(name) for name in ("a", "b")]
    share = pool.exp(pool.sub(z[0], pool.make("lse", None, tuple(z))))
    everywhere = Enclosure({name: (NINF, INF) for name in ("a", "b")})
    assert sign(pool.sub(pool.const(F(19, 10)), share), everywhere) == "+"
    assert sign(pool.sub(pool.one, share), everywhere) == "+"
    assert sign(pool.sub(pool.const(F(9, 10)), share), everywhere) == "?"
