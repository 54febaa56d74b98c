"""Distance sensitivity of scoring rules of ordered classes (rules ``distance_by_slopes``, ``distance_witness``)."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np

from losscheck.certificate import q as text
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.improper_by_witness import losses
from losscheck.verdict import Outcome
from losscheck.verifier.rules.distance_by_slopes import outward

STEPS = 10


def refuted(lifted: Lifted) -> Outcome | None:
    """A move of mass away from the label that does not raise the loss, or None."""
    n = len(lifted.variables)
    rows = [row for row in product(range(STEPS + 1), repeat=n) if sum(row) == STEPS]
    rows.sort(key=lambda row: row.count(0))
    where = {row: i for i, row in enumerate(rows)}
    values = losses(lifted, list(lifted.roots), np.array(rows, float) / STEPS)
    tried = 0
    for y, j, k in outward(n):
        for t in (1, 4):
            for row in rows:
                if row[j] < t or tried > 20:
                    continue
                end = list(row)
                end[j], end[k] = end[j] - t, end[k] + t
                a, b = values[where[row], y], values[where[tuple(end)], y]
                if not np.isfinite([a, b]).all() or b - a > 1e-12 * (1 + abs(a)):
                    continue
                tried += 1
                p, q = ([text(Fraction(x, STEPS)) for x in report] for report in (row, end))
                found = refute(
                    lifted, "distance_sensitive",
                    {"rule": "distance_witness", "label": y, "from": j, "to": k, "p": p, "q": q},
                    message=f"For y = {y} moving probability from class {j} to {k}, from ({', '.join(p)}) to "
                    f"({', '.join(q)}), changes the loss from {a:.9g} to {b:.9g}.",
                    witness={"p": p, "q": q, "y": y},
                )  # fmt: skip
                if found:
                    return found
    return None


def proved(lifted: Lifted) -> Outcome | None:
    """The slope of every loss along every move away from its label is positive, or None."""
    message = "Along every move of mass away from the label, on its side, the loss has a positive slope."
    return prove(lifted, "distance_sensitive", {"rule": "distance_by_slopes"}, message=message)
