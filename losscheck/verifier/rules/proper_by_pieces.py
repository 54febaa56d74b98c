r"""Binary properness from the weight on every piece and the jumps between them (Shuford-Savage; Buja et al. 2005).

Write ``C_p(q) = p l1(q) + (1 - p) l0(q)``. Suppose (0, 1) is cut at rational points into finitely many pieces and

1. on every open piece l0 and l1 are analytic and ``q l1'(q) + (1 - q) l0'(q) = 0`` identically, so that with
   ``w = l0' - l1'`` we have ``l0' = q w``, ``l1' = -(1 - q) w`` and ``dC_p/dq = w(q) (q - p)``; and ``w >= 0``;
2. at every breakpoint c the limits from both sides exist and, with the jump ``J = right - left`` and the value
   ``V - left = A`` at c itself, ``(1 - c) J0 + c J1 = 0 = (1 - c) A0 + c A1`` and ``0 <= A0 <= J0``;
3. at 0: the values of the code, if it has values of its own there, are ``V0 = l0(0+)`` and ``V1 >= l1(0+)``;
   at 1: ``V1 = l1(1-)`` and ``V0 >= l0(1-)``. Ends where the expression merely continues (or is +inf, or undefined)
   count as their limits.

Then ``C_p`` does not increase towards p from either side, for every p in [0, 1]: the loss is proper. If w is positive
apart from isolated points (analytic and not identically 0 on each piece), ``C_p`` decreases strictly towards p, also
across jumps: strictly proper. A simplex loss of two classes is read at ``(1 - p, p)``.

Proof node: ``{"rule": "proper_by_pieces", "strict": bool, "breaks": ["1/2", ...]}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import analytic_on, exactly, positive_somewhere, settled
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.pieces import Piece, constant_sign, pieces, resolve
from losscheck.verifier.terms import Node, Pool, walk
from losscheck.verifier.verify import Checker, Fact

Pair = tuple[Node, Node]


def binary(case: Case) -> Pair:
    """``(l0, l1)`` as functions of the one variable p."""
    if case.kind == "probability":
        return case.roots[0], case.roots[1]
    expect(case.kind == "simplex" and case.n_classes == 2, "two classes are needed")
    pool, p = case.pool, case.pool.var("p")
    change = {pool.var("p0"): pool.sub(pool.one, p), pool.var("p1"): p}
    return pool.substitute(case.roots[0], change), pool.substitute(case.roots[1], change)


def positive_weight(pool: Pool, l0: Piece, l1: Piece, strict: bool) -> bool:
    """Premise 1 on one piece."""
    a, b = l0.a, l0.b
    if not (analytic_on(pool, l0.node, "p", a, b) and analytic_on(pool, l1.node, "p", a, b)):
        return False
    p = pool.var("p")
    d0, d1 = pool.differentiate(l0.node, "p"), pool.differentiate(l1.node, "p")
    if not vanishes(pool, pool.add(pool.mul(p, d1), d0, pool.scale(-1, pool.mul(p, d0)))):
        return False
    for w in (d0, pool.scale(-1, d1), pool.sub(d0, d1)):
        s = interval_sign(pool, w, "p", a, b)
        if s == "+" or (not strict and s in "p0"):
            return True
        if s == "p":
            return positive_somewhere(pool, w, "p", a or Fraction(0), Fraction(1) if b is None else b)
    return False


def fair_jump(pool: Pool, left: Pair, value: Pair, right: Pair, c: Fraction) -> bool:
    """Premise 2 at one breakpoint."""
    jump = [pool.sub(r, s) for r, s in zip(right, left, strict=True)]
    own = [pool.sub(v, s) for v, s in zip(value, left, strict=True)]
    for x in (jump, own):
        if constant_sign(pool, pool.linear((1 - c, x[0]), (c, x[1]))) != "0":
            return False
    return constant_sign(pool, own[0]) in "+0" and constant_sign(pool, pool.sub(jump[0], own[0])) in "+0"


def fair_end(pool: Pool, root: Node, piece: Piece, end: Fraction, own: bool) -> bool:
    """Premise 3 for one label; ``own`` says that the label is the certain one there, so the value must be the limit."""
    if not any(n.op == "where" for n in walk(root)):
        return True
    if resolve(pool, settled(pool, root, {"p": end}), "p", piece.a, piece.b) is piece.node:
        return True
    at = {"p": end}
    gap = constant_sign(pool, pool.sub(exactly(pool, root, at), exactly(pool, piece.node, at)))
    return gap == "0" or (gap == "+" and not own)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the three premises."""
    pool, roots, strict = case.pool, binary(case), bool(proof.get("strict"))
    breaks = sorted({rational(x) for x in proof["breaks"]})
    expect(all(0 < c < 1 for c in breaks), "breakpoints lie inside (0, 1)")
    zero, one = Fraction(0), Fraction(1)
    cut = [pieces(pool, r, "p", zero, one, breaks) for r in roots]
    for l0, l1 in zip(*cut, strict=True):
        expect(positive_weight(pool, l0, l1, strict), f"the weight is not shown between {l0.a} and {l0.b}")
    for i, c in enumerate(breaks):
        left, right, value = (
            (exactly(pool, l0, {"p": c}), exactly(pool, l1, {"p": c}))
            for l0, l1 in ((cut[0][i].node, cut[1][i].node), (cut[0][i + 1].node, cut[1][i + 1].node), roots)
        )
        expect(fair_jump(pool, left, value, right, c), f"the jump at {c} is not proper")
    for y, root in enumerate(roots):
        expect(fair_end(pool, root, cut[y][0], zero, y == 0), "the value at 0 is not the limit")
        expect(fair_end(pool, root, cut[y][-1], one, y == 1), "the value at 1 is not the limit")
    return Fact("strictly_proper" if strict else "proper")
