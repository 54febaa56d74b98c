r"""Invariance as an exact identity: ``shift_invariant``, ``scale_invariant``, ``permutation_equivariant``.

- shift: ``l(z + c 1, y) - l(z, y)`` vanishes identically in z and c, for every y;
- scale: ``l(e^c z, y) - l(z, y)`` vanishes identically in z and c, for every y;
- permutation: ``l(s z, s(y)) - l(z, y)`` vanishes for the adjacent transpositions s, which generate all permutations.
For a map, ``l(z, y)`` stands for its output number y.

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
from losscheck.verifier.points import defined_everywhere, whole_domain
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import SCORES, Checker, Fact

NAMES = {"shift": "shift_invariant", "scale": "scale_invariant", "permutation": "permutation_equivariant"}
ASKED = {
    "shift": ("logits", "map"),
    "scale": ("margin", "binary", "signed", "logits", "map"),
    "permutation": ("logits", "simplex", "map"),
}
KINDS = (*SCORES, "map")


def moved(case: Case, under: str) -> Iterator[tuple[Node, Node]]:
    """Pairs of nodes that must be equal."""
    pool, z = case.pool, [case.pool.var(x) for x in case.variables]
    if under == "permutation":
        for i in range(len(z) - 1):
            swap = {z[i]: z[i + 1], z[i + 1]: z[i]}
            for y, root in enumerate(case.roots):
                other = i + 1 if y == i else i if y == i + 1 else y
                yield pool.substitute(case.roots[other], swap), root
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
    simplex = case.variables if case.domain == "simplex" else ()
    affine = case.domain == "real" and under != "scale"
    names = [*case.variables, "c"] if under == "shift" else case.variables
    for a, b in moved(case, under):
        shown = same(case.pool, a, b, simplex=simplex) or (affine and equal_on_cells(case.pool, a, b, names))
        expect(shown, "an identity is not shown")
    return Fact(NAMES[under])
