"""Random expressions as nested tuples, with two readings: the verifier's nodes, and plain ball arithmetic at a point.

The second reading shares no code with the verifier: a recipe is evaluated as written, without simplification.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq
from hypothesis import strategies as st

from losscheck.verifier.terms import Node, Pool

Recipe = Any
UNARY = ("exp", "log", "abs", "atan", "erf", "sin", "cos", "log_ndtr", "mills")
EXPONENTS = [Fraction(k) for k in (2, 3, -1, -2)] + [Fraction(1, 2), Fraction(-1, 2), Fraction(3, 2), Fraction(1, 3)]
SWITCHES = ("abs", "max", "min", "where")
rationals = st.fractions(-4, 4, max_denominator=4)


def recipes(names: tuple[str, ...], switches: bool) -> st.SearchStrategy[Recipe]:
    """Expressions in the named variables."""
    leaves = st.sampled_from(names) | rationals

    def grow(inner: st.SearchStrategy[Recipe]) -> st.SearchStrategy[Recipe]:
        unary = [u for u in UNARY if switches or u not in SWITCHES]
        ways = [
            st.tuples(st.just("add"), rationals, st.lists(st.tuples(rationals, inner), min_size=1, max_size=3)),
            st.tuples(st.just("mul"), inner, inner),
            st.tuples(st.just("pow"), inner, st.sampled_from(EXPONENTS)),
            st.tuples(st.just("lse"), inner, inner),
            st.tuples(st.sampled_from(unary), inner),
        ]
        if switches:
            ways.append(st.tuples(st.sampled_from(["max", "min"]), inner, inner))
            ways.append(st.tuples(st.just("where"), st.sampled_from(["lt", "le"]), inner, inner, inner, inner))
        return st.one_of(ways)

    return st.recursive(leaves, grow, max_leaves=8)


def node(pool: Pool, r: Recipe) -> Node:
    """The verifier's reading."""
    if isinstance(r, str):
        return pool.var(r)
    if isinstance(r, Fraction):
        return pool.const(r)
    op, *args = r
    if op == "add":
        return pool.build("add", (args[0], *(c for c, _ in args[1])), tuple(node(pool, a) for _, a in args[1]))
    if op == "pow":
        return pool.build("pow", args[1], (node(pool, args[0]),))
    if op == "where":
        comparison, *rest = args
        a, b, yes, no = (node(pool, a) for a in rest)
        return pool.build("where", None, (pool.build(comparison, None, (a, b)), yes, no))
    return pool.build(op, None, tuple(node(pool, a) for a in args))


class NoValue(Exception):
    """Not defined there, or not decided in this precision."""


def value(r: Recipe, at: Mapping[str, Fraction], bits: int = 700) -> arb:
    """A ball around the value at a rational point."""
    before = ctx.prec
    ctx.prec = bits
    try:
        out = _value(r, {k: arb(fmpq(x.numerator, x.denominator)) for k, x in at.items()})
    finally:
        ctx.prec = before
    if not out.is_finite():
        raise NoValue
    return out


def _value(r: Recipe, at: Mapping[str, arb]) -> arb:
    if isinstance(r, str):
        return at[r]
    if isinstance(r, Fraction):
        return arb(fmpq(r.numerator, r.denominator))
    op, *args = r
    if op == "add":
        return sum((_value(c, at) * _value(a, at) for c, a in args[1]), _value(args[0], at))
    if op == "pow":
        base, e = _value(args[0], at), args[1]
        if e.denominator == 1:
            if e < 0 and base.contains(0):
                raise NoValue
            return base ** int(e)
        if not base > 0:
            raise NoValue
        return (_value(e, at) * base.log()).exp()
    if op == "where":
        comparison, a, b, yes, no = args
        x, y = _value(a, at), _value(b, at)
        if not (x < y or x > y or (x == y and x.is_exact())):
            raise NoValue
        return _value(yes if (x < y or (comparison == "le" and x == y)) else no, at)
    x, *more = (_value(a, at) for a in args)
    if op == "mul":
        return x * more[0]
    if op in ("max", "min"):
        return x.max(more[0]) if op == "max" else x.min(more[0])
    if op == "lse":
        return (x.exp() + more[0].exp()).log()
    if op == "log" and not x > 0:
        raise NoValue
    if op in ("log_ndtr", "mills"):
        below = (-x / arb(2).sqrt()).erfc() / 2
        if not below > 0:
            raise NoValue
        return below.log() if op == "log_ndtr" else (-x * x / 2).exp() / (2 * arb.pi()).sqrt() / below
    return abs(x) if op == "abs" else getattr(x, op)()
