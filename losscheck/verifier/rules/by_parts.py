r"""Losses that are a sum of parts, each with the property: what sums keep.

Lemma. Let ``l = l_1 + ... + l_m`` for every label. If every part has it, l is nonnegative, bounded below or above,
convex, jointly convex, convex for binary targets, a loss with the triangle inequality, with a best target, proper, or
one that is larger the farther the mass; it is strictly proper if one part is and the others are proper. It is 0 exactly
for equal arguments if every part is, and none is negative. A sum of finite values has no other value than that; where a
part is infinite, at the ends of [0, 1] and of the simplex, the claims are about the points with a value and limits of
risks, and the limit of a sum of risks that are both least at the truth is least there.

Hypotheses checked: every root is a sum in the graph, and every term of it belongs to one part; each part by its own
rules, none with a number.

Proof node: ``{"rule": "by_parts", "ask": "proper", "parts": [[0, 1], ...], "proofs": [[{...}], ...]}``: for every label
the part of each term, and the proofs of each part (the constants belong to the first).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import SCORES, Checker, Fact

KINDS = (*SCORES, "regression", "divergence", "set")
SUMMED = frozenset({
    "nonnegative", "bounded_below", "bounded_above", "convex", "jointly_convex", "convex_in_x_binary_y",
    "triangle_inequality", "min_at_target", "proper", "distance_sensitive", "strictly_proper",
    "identity_of_indiscernibles",
})  # fmt: skip
MOST = 4


def part_of(case: Case, root: Node, said: Any, part: int) -> Node:
    """The terms of one part of a root."""
    expect(root.op == "add" and len(root.args) > 1, "a loss is no sum")
    expect(isinstance(said, list) and len(said) == len(root.args), "one part for every term")
    expect(all(type(p) is int and 0 <= p < MOST for p in said), "a part is a small number")
    terms = [(c, n) for c, n, p in zip(root.value[1:], root.args, said, strict=True) if p == part]
    return case.pool.add(case.pool.linear(*terms), case.pool.const(0 if part else root.value[0]))


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every part."""
    ask, parts, proofs = proof["ask"], proof["parts"], proof["proofs"]
    expect(ask in SUMMED, "sums need not keep this")
    expect(isinstance(parts, list) and len(parts) == len(case.roots), "the parts of every label")
    expect(isinstance(proofs, list) and 2 <= len(proofs) <= MOST, f"from 2 to {MOST} parts")
    known: list[set[str]] = []
    for i, own in enumerate(proofs):
        expect(isinstance(own, list) and bool(own), "a part has its proofs")
        roots = [part_of(case, root, said, i) for root, said in zip(case.roots, parts, strict=True)]
        inner = Checker(replace(case, roots=roots))
        inner.steps = checker.steps
        found = [inner.fact(each) for each in own]
        checker.steps = inner.steps
        expect(all(f.holds and not f.params and f.value is None and f.bounds is None for f in found), "only properties")
        known.append({f.property for f in found})
    expect(all(p < len(proofs) for said in parts for p in said), "a term belongs to no part")
    if ask == "strictly_proper":
        expect(all(k & {"proper", "strictly_proper"} for k in known), "a part is not shown proper")
        expect(any("strictly_proper" in k for k in known), "no part is shown strictly proper")
    elif ask == "identity_of_indiscernibles":
        expect(all({ask, "nonnegative"} <= k for k in known), "a part is not 0 for equal arguments alone")
    else:
        expect(all(ask in k for k in known), f"a part is not shown {ask}")
    return Fact(str(ask))
