r"""Gradients of the form ``grad l(z, y) = s(z) - e_y`` with one map s for all labels (Fenchel-Young losses).

If ``l_y(z) + z_y - c_y`` is one function A of z for every y, with constants c_y, then wherever A is differentiable all
losses are, with ``grad l_y = grad A - e_y``: s = grad A. With ``map="softmax"``, ``A = log sum exp z``, s = softmax.
Shifting all scores by one number leaves A with ``sum_k ds_k = 1``, no hypothesis here.

Hypotheses checked: every loss is defined at every finite score; each difference ``l_y + z_y - A - c_y`` has normal
form zero, on the whole or on every polyhedral cell on which its branches are decided, ties included.

Proof node: ``{"rule": "gradient_identity", "map": null | "softmax"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.cells import equal_on_cells
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.defined import exactly
from losscheck.verifier.identity import same
from losscheck.verifier.points import defined_everywhere, whole_domain
from losscheck.verifier.terms import F0, Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the identity of every label."""
    pool, names, asked = case.pool, case.variables, proof["map"]
    expect(asked in (None, "softmax"), "the map is softmax, or any")
    expect(all(defined_everywhere(r, whole_domain(case)) for r in case.roots), "a loss may not be defined")
    sums = [pool.add(root, pool.var(x)) for root, x in zip(case.roots, names, strict=True)]
    z = tuple(pool.var(x) for x in names)
    common: Node = sums[0] if asked is None else pool.build("lse", None, z)
    origin = dict.fromkeys(names, F0)
    for y, total in enumerate(sums):
        constant = exactly(pool, pool.sub(total, common), origin)
        meant = pool.add(common, constant)
        shown = same(pool, total, meant) or equal_on_cells(pool, total, meant, names)
        expect(shown, f"the identity of label {y} is not shown")
    return Fact("gradient_identity", params={"map": asked})
