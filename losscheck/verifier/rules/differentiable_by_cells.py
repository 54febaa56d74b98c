r"""Continuously differentiable losses that are quadratic on polyhedral cells.

R^K is cut into relatively open cells (verifier/cells.py), ties included. Hypotheses checked, per label: on every full
cell the loss is a quadratic polynomial; it is continuous (premise 2 of rules/convex_by_cells.py); and for every two
full cells that meet at a wall ``h = 0`` of codimension 1, with ``q_G - q_F = h m``, the affine m is 0 on the wall, so
both gradients agree there.

The full cells around any point are linked through such walls, so their gradients agree at it, and the loss, continuous
and glued of finitely many polynomials with one gradient there, is differentiable at it.

Proof node: ``{"rule": "differentiable_by_cells"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.cells import Cell, Cells
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.quadratic import quadratic
from losscheck.verifier.rules.convex_by_cells import joined, jump
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = EACH_LABEL


def level(cells: Cells, low: Cell, high: Cell, wall: Cell) -> bool:
    """Whether the slopes of two full cells agree on the wall between them."""
    p = jump(cells, low, high, wall)
    return p is not None and not any(p.terms.values())


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every label."""
    expect(case.domain == "real", "the cells cover all of R^K")
    for y, root in enumerate(case.roots):
        cells = Cells(case.pool, root, case.variables)
        full = [c for c in cells.found if not c.equations]
        expect(all(quadratic(case.pool, c.node) is not None for c in full), f"label {y} is not quadratic on its cells")
        expect(joined(cells, level), f"label {y} is not shown differentiable across its cells")
    return Fact("differentiable")
