r"""Invariance as an exact identity: ``shift_invariant``, ``scale_invariant``, ``permutation_equivariant``.

- shift: ``l(z + c 1, y) - l(z, y)`` vanishes identically in z and c, for every y;
- scale: ``l(e^c z, y) - l(z, y)`` vanishes identically in z and c, for every y;
- permutation: ``l(s z, s(y)) - l(z, y)`` vanishes for the adjacent transpositions s, which generate all permutations.
For a map, ``l(z, y)`` stands for its output number y. Of several labels y is a vector of 0 and 1, and s permutes it;
of soft labels it is ``l(s z, s q) = l(z, q)`` on R^K x simplex.

Each difference vanishes as a whole, or (shift, permutation) on every polyhedral cell on which its branches are decided,
ties included.

Hypotheses checked: each loss is defined at every finite point of the real domain (on the simplex the statement is about
the points where the loss is finite), and each difference has normal form zero, which holds wherever it is defined.

Proof node: ``{"rule": "invariant_by_identity", "under": "shift" | "scale" | "permutation"}``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from losscheck.verifier.cells import equal_on_cells
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.identity import same
from losscheck.verifier.points import defined_everywhere, soft_halves, whole_domain
from losscheck.verifier.soft_labels import defined_in_scores
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

NAMES = {"shift": "shift_invariant", "scale": "scale_invariant", "permutation": "permutation_equivariant"}
ASKED = {
    "shift": ("logits", "soft", "multilabel", "map"),
    "scale": ("margin", "binary", "signed", "logits", "multilabel", "map"),
    "permutation": ("logits", "soft", "multilabel", "simplex", "map"),
}
KINDS = (*EACH_LABEL, "soft", "map")


def exchanged(case: Case, label: int, i: int, j: int) -> int:
    """The place of a label after the classes i and j have changed names."""
    if case.kind == "soft":
        return label
    if case.kind != "multilabel":
        return j if label == i else i if label == j else label
    bits = list(case.labels[label])
    bits[i], bits[j] = bits[j], bits[i]
    return case.labels.index(bits)


def moved(case: Case, under: str) -> Iterator[tuple[Node, Node]]:
    """Pairs of nodes that must be equal."""
    pool = case.pool
    groups = [
        [pool.var(x) for x in names] for names in (soft_halves(case) if case.kind == "soft" else [case.variables])
    ]
    z = groups[0]
    if under == "permutation":
        for i in range(len(z) - 1):
            swap = {a: b for x in groups for a, b in ((x[i], x[i + 1]), (x[i + 1], x[i]))}
            for y, root in enumerate(case.roots):
                yield pool.substitute(case.roots[exchanged(case, y, i, i + 1)], swap), root
        return
    c = pool.var("c")
    scale = pool.exp(c)
    change = {x: pool.add(x, c) if under == "shift" else pool.mul(scale, x) for x in z}
    for root in case.roots:
        yield pool.substitute(root, change), root


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every identity."""
    under = proof["under"]
    expect(case.kind in ASKED[under], f"{NAMES[under]} is not asked of losses of kind {case.kind}")
    if case.domain == "real":
        value = whole_domain(case)
        expect(all(defined_everywhere(r, value) for r in case.roots), "the loss is not shown to be defined everywhere")
    expect(case.kind != "soft" or defined_in_scores(case), "the loss is not shown to be defined for all scores")
    simplex = case.variables if case.domain == "simplex" else soft_halves(case)[1] if case.kind == "soft" else ()
    affine = case.domain == "real" and under != "scale"
    names = [*case.variables, "c"] if under == "shift" else case.variables
    for a, b in moved(case, under):
        shown = same(case.pool, a, b, simplex=simplex) or (affine and equal_on_cells(case.pool, a, b, names))
        expect(shown, "an identity is not shown")
    return Fact(NAMES[under])
