"""Comparisons, logic and ``where``.

A comparison of reals is stored as ``0 < d``, ``0 <= d`` or ``0 == d`` with d scaled by a positive factor, so equal
conditions are equal nodes.
"""

from __future__ import annotations

from fractions import Fraction

from losscheck.expr import arithmetic
from losscheck.expr.graph import Expr, node, topological
from losscheck.expr.lattice import maximum, minimum
from losscheck.expr.linear import affine, combine
from losscheck.expr.signs import nonnegative, positive

TRUE, FALSE = node("true"), node("false")
BOOLEAN = frozenset({"lt", "le", "eq", "not", "and", "true", "false"})


def truth(x: bool) -> Expr:
    """The node of a Python truth value."""
    return TRUE if x else FALSE


def _compare(op: str, a: Expr, b: Expr) -> Expr:
    if a.op == "inf" or b.op == "inf":
        x, y = (n.value if n.op == "inf" else 0 for n in (a, b))
        return truth({"lt": x < y, "le": x <= y, "eq": x == y}[op])
    d = arithmetic.sub(b, a)
    if d.op == "const":
        return truth({"lt": d.value > 0, "le": d.value >= 0, "eq": d.value == 0}[op])
    minus = arithmetic.neg(d)
    if op == "lt" and (positive(d) or nonnegative(minus)):
        return truth(positive(d))
    if op == "le" and (nonnegative(d) or positive(minus)):
        return truth(nonnegative(d))
    if op == "eq" and (positive(d) or positive(minus)):
        return FALSE
    if d.op == "add":
        lead = d.value[1]
        d = arithmetic.scale(1 / lead if op == "eq" else 1 / abs(lead), d)
    return node(op, None, (arithmetic.ZERO, d))


def less(a: Expr, b: Expr) -> Expr:
    """``a < b``."""
    return _compare("lt", a, b)


def less_equal(a: Expr, b: Expr) -> Expr:
    """``a <= b``."""
    return _compare("le", a, b)


def equal(a: Expr, b: Expr) -> Expr:
    """``a == b``."""
    return _compare("eq", a, b)


def logical_not(a: Expr) -> Expr:
    """Negation; ``not 0 < d`` is ``0 <= -d``."""
    if a.op in ("true", "false"):
        return truth(a.op == "false")
    if a.op == "not":
        return a.args[0]
    if a.op in ("lt", "le"):
        return node("le" if a.op == "lt" else "lt", None, (arithmetic.ZERO, arithmetic.neg(a.args[1])))
    return node("not", None, (a,))


def logical_and(*xs: Expr) -> Expr:
    """Conjunction."""
    flat: dict[Expr, None] = {}
    for x in xs:
        for y in x.args if x.op == "and" else (x,):
            if y.op == "false" or logical_not(y) in flat:
                return FALSE
            if y.op != "true":
                flat[y] = None
    if not flat:
        return TRUE
    items = sorted(flat, key=lambda x: x.key)
    return items[0] if len(items) == 1 else node("and", None, items)


def logical_or(*xs: Expr) -> Expr:
    """Disjunction."""
    return logical_not(logical_and(*(logical_not(x) for x in xs)))


def where(cond: Expr, a: Expr, b: Expr) -> Expr:
    """``a`` where the condition holds, else ``b``; continuous affine switches become max or min."""
    if cond.op in ("true", "false"):
        return a if cond.op == "true" else b
    if cond.op == "not":
        return where(cond.args[0], b, a)
    a, b = assume(a, cond, True), assume(b, cond, False)
    if a is b:
        return a
    if cond.op in ("lt", "le"):
        switch = _as_extreme(cond, a, b)
        if switch is not None:
            return switch
        opposite = logical_not(cond)
        if opposite.key < cond.key:
            cond, a, b = opposite, b, a
    if cond.op == "eq" and b.op == "where" and b.args[0].op == "eq" and a is b.args[1]:
        return where(logical_or(cond, b.args[0]), a, b.args[2])
    return node("where", None, (cond, a, b))


def _as_extreme(cond: Expr, a: Expr, b: Expr) -> Expr | None:
    """``where(0 < d, a, b)`` with ``a - b = k d``: max for k > 0, min for k < 0 (continuous at d = 0)."""
    d0, d = affine(cond.args[1])
    gap0, gap = combine((Fraction(1), affine(a)), (Fraction(-1), affine(b)))
    if set(gap) != set(d) or not d:
        return None
    ratios = {gap[t] / d[t] for t in d}
    if len(ratios) != 1:
        return None
    k = ratios.pop()
    if gap0 != k * d0:
        return None
    return maximum([a, b]) if k > 0 else minimum([a, b])


def assume(n: Expr, cond: Expr, holds: bool) -> Expr:
    """Simplify ``n`` under the assumption that ``cond`` is true (or false)."""
    opposite = logical_not(cond)
    order = topological([n])
    if not any(x is cond or x is opposite for x in order):
        return n
    from losscheck.expr.build import rebuild

    done: dict[Expr, Expr] = {}
    for x in order:
        if x is cond:
            done[x] = truth(holds)
        elif x is opposite:
            done[x] = truth(not holds)
        else:
            done[x] = rebuild(x, [done[a] for a in x.args])
    return done[n]
