r"""Continuous maps whose Jacobian is symmetric and positive semidefinite wherever they are differentiable.

``J_ij = ds_i / dz_j``; the locally Lipschitz ones, as here, are the gradients of convex functions.

- ``dominant`` (no switches, analytic on R^K): ``J_ij - J_ji`` vanishes identically, ``J_ij <= 0`` for i != j, and every
  row adds up to something >= 0 (to 0, an identity, or by its sign). A symmetric matrix with these signs is weakly
  diagonally dominant with a nonnegative diagonal, hence positive semidefinite (Gershgorin).
- ``cells``: every output is continuous (premise 2 of rules/convex_by_cells.py), and on every polyhedral cell of full
  dimension all outputs are affine, with a symmetric and positive semidefinite matrix of coefficients. Where the map is
  differentiable on the boundary of a full cell, its derivatives along the directions into the cell, which span R^K, are
  those of the cell; full cells are dense.

Proof node: ``{"rule": "map_jacobian", "way": "dominant"}`` or ``{"rule": "map_jacobian", "way": "cells"}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.cells import Cells
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import sign
from losscheck.verifier.defined_boxes import real_everywhere
from losscheck.verifier.identity import same, vanishes
from losscheck.verifier.points import whole_domain
from losscheck.verifier.quadratic import nonnegative_definite
from losscheck.verifier.rules.convex_by_cells import joined
from losscheck.verifier.rules.recovers_softmax_by_stationarity import analytic
from losscheck.verifier.terms import F0
from losscheck.verifier.verify import Checker, Fact

KINDS = ("map",)


def dominant(case: Case) -> bool:
    """Whether the Jacobian is symmetric with the signs of a graph's Laplacian."""
    pool, value, names = case.pool, whole_domain(case), case.variables
    j = [[pool.differentiate(root, x) for x in names] for root in case.roots]
    for i, row in enumerate(j):
        if not all(same(pool, row[k], j[k][i]) and sign(row[k], value) in "-m0" for k in range(i)):
            return False
        total = pool.add(*row)
        if not (vanishes(pool, total) or sign(total, value) in "+p0"):
            return False
    return True


def on_cells(case: Case) -> bool:
    """Whether the coefficients of every full cell are symmetric and positive semidefinite."""
    pool, names = case.pool, case.variables
    marks = [pool.var(f"mark{i}") for i in range(len(names))]
    joined = pool.add(*(pool.mul(m, root) for m, root in zip(marks, case.roots, strict=True)))
    cells = Cells(pool, joined, names)
    for cell in cells.found:
        if cell.equations:
            continue
        parts = [pool.differentiate(cell.node, m.value) for m in marks]
        rows: list[list[Fraction]] = []
        for part in parts:
            _, terms = pool.form(part)
            if not all(t.op == "var" and t.value in names for t in terms):
                return False
            rows.append([terms.get(pool.var(x), F0) for x in names])
        if any(rows[i][k] != rows[k][i] for i in range(len(rows)) for k in range(i)) or not nonnegative_definite(rows):
            return False
    return True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check one of the two ways."""
    expect(real_everywhere(case), "an output may not be defined")
    if proof["way"] == "dominant":
        expect(analytic(case), "an output is not shown to be differentiable")
        expect(dominant(case), "the Jacobian is not shown symmetric with the signs of a Laplacian")
    else:
        expect(proof["way"] == "cells", "unknown way")
        whole = [Cells(case.pool, root, case.variables) for root in case.roots]
        expect(all(joined(cells, lambda *_: True) for cells in whole), "an output is not shown to be continuous")
        expect(on_cells(case), "the coefficients of a cell are not symmetric and positive semidefinite")
    return Fact("jacobian_symmetric_psd")
