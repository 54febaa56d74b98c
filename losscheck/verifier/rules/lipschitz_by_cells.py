r"""Least Lipschitz constant of a continuous loss that is affine on polyhedral cells: the steepest of their slopes.

R^K is cut into relatively open cells (verifier/cells.py), ties included. Hypotheses checked, per label: on every cell
of full dimension the loss is affine; it is continuous, because its graph has sums, max, min and abs only, or because
the formulas of the full cells agree with those of the lower cells that their closures meet (premise 2 of
rules/convex_by_cells.py).

A segment crosses finitely many closures of full cells (they cover R^K), on each of which the loss rises by at most the
dual norm of the cell's gradient times the length; in the open cell with the steepest gradient a short step along its
direction rises by just that. So the constant is the largest dual norm: the 2-norm for "l2", the 1-norm for "linf".

Proof node: ``{"rule": "lipschitz_by_cells", "norm": "l2"}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import exact
from losscheck.verifier.cells import Cells
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.piecewise_linear import is_piecewise_linear
from losscheck.verifier.rules.convex_by_cells import joined
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = EACH_LABEL


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that every label's loss is continuous and affine on its cells; take the steepest gradient."""
    norm = proof["norm"]
    expect(norm in ("l2", "linf") and case.domain == "real", "norm is l2 or linf, scores are real")
    top = Fraction(0)
    for y, root in enumerate(case.roots):
        cells = Cells(case.pool, root, case.variables)
        continuous = is_piecewise_linear([root]) or joined(cells, lambda *_: True)
        expect(continuous, f"label {y} is not shown to be continuous")
        for cell in cells.found:
            if cell.equations:
                continue
            _, slopes = case.pool.form(cell.node)
            expect(all(n.op == "var" for n in slopes), f"label {y} is not affine on a cell")
            sizes = [abs(c) ** (2 if norm == "l2" else 1) for c in slopes.values()]
            top = max(top, sum(sizes, Fraction(0)))
    size = exact(top).sqrt() if norm == "l2" else exact(top)
    value, bounds = enclosed(fraction(size.lower()), fraction(size.upper()))
    return Fact("lipschitz", params={"norm": norm}, value=value, bounds=bounds)
