"""Common shifts move into log-sum-exp and max: ``lse(z) - z0 = lse(0, z1 - z0, ...)``, ``m + lse(x - m) = lse(x)``.

This is what makes a hand-stabilised cross-entropy and ``F.cross_entropy`` one graph, and what leaves no difference of
two large terms in it.
"""

from __future__ import annotations

from fractions import Fraction

from losscheck.expr.graph import Expr, node
from losscheck.expr.linear import Terms, affine, combine, size

Form = tuple[Fraction, Terms]


def absorb(c0: Fraction, terms: Terms) -> Form:
    """Rewrite a sum that contains lse, max or min so that it has fewer terms in all."""
    terms = _cancel_shifts(c0, terms)[1] if sum(t.op == "lse" for t in terms) > 1 else terms
    c0, terms = _rejoin(c0, terms)
    for _ in range(8):
        step = next((s for t in sorted(terms, key=lambda t: t.key) if (s := _step(t, c0, terms))), None)
        if step is None:
            return c0, terms
        c0, terms = step
    return c0, terms


def _cancel_shifts(c0: Fraction, terms: Terms) -> Form:
    """``c lse(a) - c lse(a + m) = -c m``: opposite terms that are shifts of each other cancel."""
    found = sorted((t for t in terms if t.op == "lse"), key=lambda t: t.key)
    for i, s in enumerate(found):
        for t in found[i + 1 :]:
            if terms[s] != -terms[t] or len(s.args) != len(t.args):
                continue
            for b in t.args:
                m = combine((Fraction(1), affine(s.args[0])), (Fraction(-1), affine(b)))
                if _shifted(t, m) is s:
                    rest = {k: v for k, v in terms.items() if k not in (s, t)}
                    return combine((Fraction(1), (c0, rest)), (terms[s], m))
    return c0, terms


def _rejoin(c0: Fraction, terms: Terms) -> Form:
    """``max(a, b) + lse(0, -|a - b|) = lse(a, b)``: log-sum-exp of two as libraries compute it."""
    from losscheck.expr.exponentials import lse

    for t in sorted((t for t in terms if t.op == "lse" and len(t.args) == 2), key=lambda t: t.key):
        zero, (start, inner) = sorted((affine(a) for a in t.args), key=size)
        if size(zero) or start or [n.op for n in inner] != ["abs"]:
            continue
        ((gap, k),) = inner.items()
        for m in sorted((m for m in terms if m.op == "max" and len(m.args) == 2), key=lambda m: m.key):
            apart = combine((Fraction(1), affine(m.args[0])), (Fraction(-1), affine(m.args[1])))
            sides = (combine((k, affine(gap.args[0]))), combine((-k, affine(gap.args[0]))))
            if k < 0 and terms[m] == terms[t] and apart in sides:
                rest = {n: c for n, c in terms.items() if n not in (t, m)}
                return combine((Fraction(1), (c0, rest)), (terms[t], affine(lse(list(m.args)))))
    return c0, terms


def _shifted(t: Expr, m: Form) -> Expr:
    """The node ``op(a + m for a in args)``, through the simplifying constructor."""
    from losscheck.expr.arithmetic import linear
    from losscheck.expr.exponentials import lse
    from losscheck.expr.lattice import maximum, minimum

    args = [linear(*combine((Fraction(1), affine(a)), (Fraction(1), m))) for a in t.args]
    return {"lse": lse, "max": maximum, "min": minimum}[t.op](args)


def _cost(t: Expr, rest: Form) -> int:
    inner = t.args if t.op in ("lse", "max", "min") else (t,)
    return sum(size(affine(a)) for a in inner) + size(rest)


def _step(t: Expr, c0: Fraction, terms: Terms) -> Form | None:
    """One absorption into ``t`` that makes the sum smaller, or equally large with a 0 among the arguments of t."""
    if t.op not in ("lse", "max", "min"):
        return None
    c = terms[t]
    if t.op != "lse" and c < 0:
        return None  # x - max(x) stays: a stabilised log-sum-exp is recognised by its shift
    rest: Form = (c0, {k: v for k, v in terms.items() if k is not t})
    if not rest[1] and not (t.op != "lse" and c0):
        return None
    atoms = {k for a in t.args for k in affine(a)[1]}
    has_zero = any(a.op == "const" and a.value == 0 for a in t.args)
    candidates: list[Form] = [combine((Fraction(-1), affine(a))) for a in t.args if size(affine(a))]
    candidates.append((Fraction(0), {k: v / c for k, v in rest[1].items() if k in atoms}))
    if t.op != "lse" and all(a.op == "const" or size(affine(a)) == 1 for a in t.args) and not rest[1]:
        return None
    best: tuple[tuple[int, int, str], Form] | None = None
    old = _cost(t, rest)
    for i, m in enumerate(candidates):
        if not size(m):
            continue
        left = combine((Fraction(1), rest), (-c, m))
        if not size(left) < size(rest):
            continue
        moved = _shifted(t, m)
        if moved.op != t.op or len(moved.args) != len(t.args):
            new = combine((Fraction(1), left), (c, affine(moved)))
            cost = size(new)
        else:
            new = combine((Fraction(1), left), (c, (Fraction(0), {moved: Fraction(1)})))
            cost = _cost(moved, left)
        zero = i < len(t.args) and not has_zero
        if cost < old or (cost == old and zero and not size(left)):
            rank = (cost, size(left), moved.key)
            if best is None or rank < best[0]:
                best = rank, new
    return None if best is None else best[1]


def common_shift(op: str, args: list[Expr]) -> tuple[Form, list[Expr]]:
    """Pull out the terms that all arguments share: ``lse(a + m, b + m) = m + lse(a, b)``."""
    from losscheck.expr.arithmetic import linear

    forms = [affine(a) for a in args]
    shared = {k: c for k, c in forms[0][1].items() if all(f[1].get(k) == c for f in forms[1:])}
    c0 = forms[0][0] if len({f[0] for f in forms}) == 1 else Fraction(0)
    m: Form = (c0, shared)
    if not shared and not c0:
        return (Fraction(0), {}), args
    return m, [linear(*combine((Fraction(1), f), (Fraction(-1), m))) for f in forms]


def raw(op: str, args: list[Expr]) -> Expr:
    """The bare n-ary node with sorted arguments."""
    return node(op, None, sorted(args, key=lambda a: a.key))
