"""Bayes risk and act of piecewise linear scoring rules of several classes (rule ``risk_by_cells``)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q as text
from losscheck.expr.graph import Expr, topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.improper_by_witness import expected, losses
from losscheck.theorems.risk_wells import Truth, wells
from losscheck.verdict import Outcome

LINEAR = frozenset(
    {"const", "var", "add", "max", "min", "abs", "where", "lt", "le", "eq", "and", "not", "true", "false"}
)
SIZES = (12, 1000)
"""Largest denominators of a vertex: the report found in floats is rounded to the simplest one near it first."""
MOST_CLASSES = 5


def outside_conditions(roots: tuple[Expr, ...]) -> set[str]:
    """The operations of losses other than in the conditions of their branches."""
    stack, seen = list(roots), set(roots)
    while stack:
        n = stack.pop()
        new = {a for a in n.args[n.op == "where" :] if a not in seen}
        seen |= new
        stack += new
    return {n.op for n in seen}


def attempt(lifted: Lifted, ask: str, given: dict[str, Any], truth: Truth) -> Outcome | None:
    """Enclose the least risk, or its only report, of a piecewise linear rule; None where no report is shown best."""
    ops = outside_conditions(lifted.roots)
    piecewise = "var" not in ops or all(n.op in LINEAR for n in topological(lifted.roots))
    if lifted.kind != "simplex" or not piecewise or not 3 <= len(lifted.variables) <= MOST_CLASSES:
        return None
    best, least = wells(lifted, truth)[0]
    for size in SIZES:
        report = [Fraction(float(x)).limit_denominator(size) for x in best]
        report[int(np.argmax(best))] += 1 - sum(report, Fraction(0))
        if min(report) < 0:
            continue
        row = losses(lifted, list(lifted.roots), np.array([report], float))[0]
        reached = Fraction(float(expected(np.array(truth, float), row))).limit_denominator(10**6)
        if abs(float(reached) - least) > 1e-9 * (1 + abs(least)):
            continue
        proof = {
            "rule": "risk_by_cells", "ask": ask, "params": given, "truths": [[text(x) for x in truth]],
            "best": [text(x) for x in report], "least": text(reached),
        }  # fmt: skip
        message = "The conditional risk is affine on the cells of an arrangement, and no cell has a better report."
        found = prove(lifted, ask, proof, message=message)
        if found:
            return found
    return None
