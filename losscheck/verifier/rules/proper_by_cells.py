r"""Piecewise constant scoring rules of K classes are proper by finitely many comparisons.

Let the losses be constant, v_C, on finitely many cells C of the simplex (:mod:`losscheck.verifier.constant_cells`). The
loss is proper iff for all cells C, D and p in C ``p . v_C <= p . v_D``. Both sides are linear in p, so it is enough at
the vertices of the closure of C; where that holds, ties and the code's own values on thin cells are included.

Proof node: ``{"rule": "proper_by_cells"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.budget import Budget
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.constant_cells import constants, expected, full, planes
from losscheck.verifier.verify import Checker, Fact

KINDS = ("simplex",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Compare the losses of all cells at the vertices of all cells."""
    rows = planes(case)
    losses, corners = constants(case, rows)
    reports = sorted(set(losses.values()))
    for corner, x in corners.items():
        p = full(x)
        least = min(expected(p, v) for v in reports)
        Budget.spend(len(rows) * len(losses))
        for cell, v in losses.items():
            if all(a in (0, b) for a, b in zip(corner, cell, strict=True)):
                expect(expected(p, v) == least, "a report of another cell has a lower risk")
    return Fact("proper")
