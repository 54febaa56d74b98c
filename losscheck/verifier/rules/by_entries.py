r"""Sums ``d(p, q) = sum of h_i(p_i - q_i)`` of functions of one variable each.

Checked: d is defined at every pair; ``d(q + v, q) = N(v)`` with ``N(v) = d(v, 0)``, an identity; every term of N
reads one entry; the h_i, a constant of the sum being part of the first, are pieces between breakpoints on (-1, 0) and
(0, 1), which hold every difference off 0 and +-1 (+-1 is a difference of set losses alone: there the value is
compared too). By ``ask``:

- nonnegative, identity_of_indiscernibles (divergence), zero_iff_equal, min_at_target (set): h_i(0) = 0 and h_i > 0
  elsewhere;
- triangle_inequality: besides, every h_i is even, and continuous, nondecreasing and concave on [0, 1]: then
  ``h(s + t) <= h(|s| + |t|) <= h(s) + h(t)`` where ``|s + t| <= 1``.

Proof node: ``{"rule": "by_entries", "ask": ..., "breaks": [[...], ...]}``, breakpoints on (0, 1), mirrored on (-1, 0).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.curve import Curve, Cut, curve, regular
from losscheck.verifier.defined import exactly
from losscheck.verifier.identity import same
from losscheck.verifier.pairs import PAIRS, names, region, swappable
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.terms import F0, F1, Node, walk
from losscheck.verifier.verify import Checker, Fact

KINDS = PAIRS
ASKED = {
    "divergence": ("nonnegative", "identity_of_indiscernibles", "triangle_inequality"),
    "set": ("zero_iff_equal", "min_at_target", "triangle_inequality"),
}


def entries(case: Case) -> list[Node]:
    """The functions h_i of v, or rejected."""
    pool, (root,), (first, second) = case.pool, case.roots, names(case)
    expect(defined_everywhere(root, region(case)), "the loss is not shown to be defined")
    n = pool.substitute(root, {pool.var(b): pool.zero for b in second})
    moved = {pool.var(a): pool.add(pool.var(a), pool.var(b)) for a, b in zip(first, second, strict=True)}
    expect(same(pool, pool.substitute(root, moved), n), "the loss does not depend on the difference alone")
    c0, terms = pool.form(n)
    parts: dict[str, list[tuple[Fraction, Node]]] = {x: [] for x in first}
    parts[first[0]].append((c0, pool.one))
    for term, c in terms.items():
        inside = {m.value for m in walk(term) if m.op == "var"}
        expect(len(inside) == 1, "a term reads several entries")
        parts[inside.pop()].append((c, term))
    return [pool.substitute(pool.linear(*part), {pool.var(x): pool.var("v")}) for x, part in parts.items()]


def positive(case: Case, c: Curve, h: Node) -> bool:
    """Whether a curve on (0, 1) is positive, at 1 too."""
    found = {*(c.on(p.node, i) for i, p in enumerate(c.pieces)), *(c.sign(v, i) for i, v in enumerate(c.values))}
    return found == {"+"} and constant_sign(case.pool, exactly(case.pool, h, {"v": F1})) == "+"


def rises_concavely(case: Case, c: Curve, h: Node) -> bool:
    """Whether h, 0 at 0, is continuous, nondecreasing and concave on [0, 1]."""
    pool = case.pool
    for i in range(len(c.pieces)):
        if c.on(c.derivative(i), i) not in "+p0" or c.on(c.derivative(i, 2), i) not in "-m0":
            return False
    if not all(c.step(i) == ("0", "0") and c.bend(i) in "-m0" for i in range(len(c.cuts))):
        return False
    for end, piece in ((F0, c.pieces[0]), (F1, c.pieces[-1])):
        cut = Cut(end, end, pool.const(end))
        gap = pool.sub(exactly(pool, piece.node, {"v": end}), exactly(pool, h, {"v": end}))
        if not regular(piece.node, "v", cut) or constant_sign(pool, gap) != "0":
            return False
    return True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every entry."""
    pool, ask, hints = case.pool, proof["ask"], proof["breaks"]
    expect(ask in ASKED[case.kind] and (ask != "triangle_inequality" or swappable(case)), "nothing else follows")
    v = pool.var("v")
    hs = entries(case)
    expect(isinstance(hints, list) and len(hints) == len(hs), "one list of breakpoints per entry")
    for h, breaks in zip(hs, hints, strict=True):
        expect(constant_sign(pool, exactly(pool, h, {"v": F0})) == "0", "a term is not 0 for equal entries")
        mirrored = pool.substitute(h, {v: pool.scale(-1, v)})
        right, left = (curve(pool, side, "v", F0, F1, breaks) for side in (h, mirrored))
        expect(positive(case, right, h) and positive(case, left, mirrored), "a term is not shown to be positive")
        if ask == "triangle_inequality":
            expect(same(pool, h, mirrored), "a term is not shown to be even")
            expect(rises_concavely(case, right, h), "a term is not shown to rise concavely")
    return Fact(ask)
