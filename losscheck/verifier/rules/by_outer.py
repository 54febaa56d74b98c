r"""A loss ``Phi(C)`` of another loss C.

C is a node of the graph, less the constant it may have as a sum, outside of which no variable occurs. With C as
a case of its own, by ``ask``:

- triangle_inequality: C has it and is nowhere negative (a premise says so); Phi is continuous, nondecreasing and
  concave on [0, inf) with Phi(0) >= 0, and so subadditive;
- zero_iff_equal, min_at_target (set), identity_of_indiscernibles (divergence): C is 0 for equal arguments only, and
  nowhere negative; Phi(0) = 0 and Phi > 0 on (0, inf).

C is nowhere negative if it is shown ``nonnegative``, or ``min_at_target`` and ``zero_iff_equal``.

Proof node: ``{"rule": "by_outer", "ask": ..., "core": i, "premises": [...], "breaks": [...]}``: i counts the nodes
outside of which no variable occurs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.csiszar import signs
from losscheck.verifier.curve import Curve, Cut, curve, regular
from losscheck.verifier.defined import exactly
from losscheck.verifier.pairs import PAIRS
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.terms import BOOLEAN, F0, Node, walk
from losscheck.verifier.verify import Checker, Fact

KINDS = PAIRS
ZERO = {"divergence": "identity_of_indiscernibles", "set": "zero_iff_equal"}


def inner(case: Case) -> list[Node]:
    """The nodes, other than the root, outside of which no variable occurs."""
    pool, (root,) = case.pool, case.roots
    mark = pool.var("c")
    found = []
    for n in walk(root):
        if n.args and n is not root and n.op not in BOOLEAN:
            rest = pool.substitute(root, {n: mark})
            if not any(m.op == "var" and m is not mark for m in walk(rest)):
                found.append(n)
    return found


def concave(case: Case, outer: Node, c: Curve) -> bool:
    """Whether Phi is continuous, nondecreasing and concave on [0, inf)."""
    pool, first = case.pool, c.pieces[0].node
    for i in range(len(c.pieces)):
        if c.on(c.derivative(i), i) not in "+p0" or c.on(c.derivative(i, 2), i) not in "-m0":
            return False
    if not all(c.step(i) == ("0", "0") and c.bend(i) in "-m0" for i in range(len(c.cuts))):
        return False
    gap = pool.sub(exactly(pool, first, {"c": F0}), exactly(pool, outer, {"c": F0}))
    return regular(first, "c", Cut(F0, F0, pool.zero)) and constant_sign(pool, gap) == "0"


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premises about C and then Phi."""
    pool, ask, (root,) = case.pool, proof["ask"], case.roots
    core = inner(case)[proof["core"]]
    offset = pool.const(pool.form(core)[0])
    about = Checker(replace(case, roots=[pool.sub(core, offset)]))
    facts = {(fact.property, fact.holds) for fact in map(about.fact, proof["premises"])}
    zero = (ZERO[case.kind], True) in facts
    known = ("nonnegative", True) in facts or (zero and ("min_at_target", True) in facts)
    expect(known, "the inner loss may be negative")
    outer = pool.substitute(root, {core: pool.add(pool.var("c"), offset)})
    c, start = curve(pool, outer, "c", F0, None, proof["breaks"]), constant_sign(pool, exactly(pool, outer, {"c": F0}))
    if ask == "triangle_inequality":
        expect((ask, True) in facts, "the inner loss is not shown to have it")
        expect(start in "+0" and concave(case, outer, c), "the outer function is not shown to be concave and rising")
        return Fact(ask)
    expect(ask == ZERO[case.kind] or (ask == "min_at_target" and case.kind == "set"), "nothing else follows")
    expect(zero, "the inner loss is not shown to vanish for equal arguments only")
    expect(start == "0" and signs(c) == {"+"}, "the outer function is not shown to vanish at 0 only")
    return Fact(ask)
