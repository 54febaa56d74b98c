r"""Symmetric Fenchel-Young losses that are quadratic on polyhedral cells (sparsemax) are calibrated.

Let ``l_y(z) = A(z) - z_y + c_y`` (premise ``gradient_identity``), convex (premise), differentiable and quadratic on
polyhedral cells (premise ``differentiable``, by rules/differentiable_by_cells.py), with ``l_{s(y)}(s z) = l_y(z)``
(premise ``permutation_equivariant``). At z = 0 this makes the c_y equal, so A is symmetric. Let l_0 be flat at a point
of an open cell: it is convex, so that is its minimum, and by symmetry all losses are bounded below.

Lemma. A symmetric convex differentiable A has ``(z_i - z_j) (dA/dz_i - dA/dz_j) >= 0`` (it does not rise when two
entries move towards each other: Schur). Let p have the unique top class t, and let z be wrong: ``z_j = max z``, j != t.
If z minimised ``C_p = A - p.z + const``, then ``grad A(z) = p``, so ``z_j >= z_t`` would give ``p_j >= p_t``. So no
wrong z is a minimiser. The wrong z with ``z_j = max z`` form a closed polyhedron, cut by the closed cells into finitely
many, on each of which C_p is a quadratic bounded below; such a function attains its infimum (Frank, Wolfe 1956). So the
infimum over wrong scores is attained, and exceeds that of C_p.

Proof node: ``{"rule": "calibrated_gradient_order", "convex": proof, "differentiable": proof, "equivariant": proof,
"identity": proof, "flat": ["1", "0", ...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.cells import Cells
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.points import rational_point
from losscheck.verifier.rules.nonnegative_by_signs import flat_cell
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premises and the flat point."""
    cells = Cells(case.pool, case.roots[0], case.variables)
    expect(flat_cell(cells, rational_point(case, proof["flat"])) is not None, "the loss is not flat at the point")
    identity = checker.premise(proof["identity"], "gradient_identity")
    expect(identity.params == {"map": None}, "the premise is about one map")
    checker.premise(proof["convex"], "convex")
    expect(proof["differentiable"]["rule"] == "differentiable_by_cells", "the loss is not shown quadratic on cells")
    checker.premise(proof["differentiable"], "differentiable")
    checker.premise(proof["equivariant"], "permutation_equivariant")
    return Fact("classification_calibrated")
