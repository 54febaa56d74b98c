"""Simplifying constructors for max, min and abs."""

from __future__ import annotations

from fractions import Fraction

from losscheck.expr import arithmetic
from losscheck.expr.absorb import common_shift, raw
from losscheck.expr.graph import Expr, node
from losscheck.expr.linear import affine, combine
from losscheck.expr.signs import nonnegative, positive


def maximum(args: list[Expr]) -> Expr:
    """Largest of the arguments."""
    return _extreme("max", 1, args)


def minimum(args: list[Expr]) -> Expr:
    """Smallest of the arguments."""
    return _extreme("min", -1, args)


def _extreme(op: str, side: int, args: list[Expr]) -> Expr:
    flat: dict[Expr, None] = {}
    top: Fraction | None = None
    for a in args:
        if a.op == "inf":
            if a.value == side:
                return a
            continue
        for b in _spread(op, a):
            if b.op == "const":
                top = b.value if top is None or side * b.value > side * top else top
            else:
                flat[b] = None
    items = list(flat)
    if top is not None:
        bound = arithmetic.const(top)
        above = [b for b in items if _dominates(side, b, top)]
        if not above:
            items = [b for b in items if not _dominated(side, b, top)]
            items.append(bound)
    if not items:
        return node("inf", -side)
    if len(items) == 1:
        return items[0]
    shift, items = common_shift(op, items)
    body = raw(op, items)
    if not shift[0] and not shift[1]:
        return body
    return arithmetic.linear(*combine((Fraction(1), shift), (Fraction(1), (Fraction(0), {body: Fraction(1)}))))


def _dominates(side: int, b: Expr, c: Fraction) -> bool:
    """Whether ``b >= c`` (for max) or ``b <= c`` (for min) is plain from structure."""
    if b.op == "float":
        return side * Fraction(b.value) > side * c
    difference = arithmetic.sub(b, arithmetic.const(c)) if side > 0 else arithmetic.sub(arithmetic.const(c), b)
    return nonnegative(difference)


def _dominated(side: int, b: Expr, c: Fraction) -> bool:
    return _dominates(-side, b, c)


def _spread(op: str, a: Expr) -> list[Expr]:
    """``c * max(x...) + r`` with c > 0 is ``max(c x + r, ...)``: nested extremes of one sort flatten."""
    c0, terms = affine(a)
    inner = [(t, c) for t, c in terms.items() if t.op == op and c > 0]
    if len(inner) != 1:
        return [a]
    t, c = inner[0]
    rest = (c0, {k: v for k, v in terms.items() if k is not t})
    return [arithmetic.linear(*combine((c, affine(x)), (Fraction(1), rest))) for x in t.args]


def absolute(a: Expr) -> Expr:
    """Absolute value."""
    if a.op == "const":
        return arithmetic.const(abs(a.value))
    if a.op == "inf":
        return node("inf", 1)
    if nonnegative(a):
        return a
    minus = arithmetic.neg(a)
    if nonnegative(minus):
        return minus
    if a.op == "abs":
        return a
    if a.op == "add" and len(a.args) == 1 and a.value[0] == 0:
        return arithmetic.scale(abs(a.value[1]), absolute(a.args[0]))
    if a.op == "add":
        lead = a.value[1]
        a = minus if lead < 0 else a
    if a.op == "mul":
        known = [x for x in a.args if positive(x)]
        if known:
            rest = [x for x in a.args if x not in known]
            return arithmetic.mul(*known, absolute(arithmetic.mul(*rest)))
    return node("abs", None, (a,))
