"""Locality: whether the split of the mass outside the label matters (``local_by_derivatives``, ``local_witness``)."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np

from losscheck.certificate import q as text
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.improper_by_witness import losses
from losscheck.verdict import Outcome

INSIDE = (Fraction(1, 7), Fraction(3, 7), Fraction(6, 7), Fraction(1, 97))
SHARES = (INSIDE, (*INSIDE, Fraction(1)))
"""How one class shares the rest with the others; first without zeros, where a loss may not be defined."""
OWN = (Fraction(2, 5), Fraction(1, 9), Fraction(4, 5), Fraction(1, 101))


def refuted(lifted: Lifted) -> Outcome | None:
    """Two reports that differ only in how the rest is split, with different losses, or None."""
    k = len(lifted.variables)
    for y in range(k):
        others = [i for i in range(k) if i != y]
        for own, shares in product(OWN, SHARES):
            rows = []
            for share in shares:
                for one in others:
                    row = [(1 - own) * (1 - share) / max(1, k - 2)] * k
                    row[y], row[one] = own, (1 - own) * share
                    rows.append(row)
            values = losses(lifted, list(lifted.roots), np.array(rows, float))[:, y]
            finite = np.flatnonzero(np.isfinite(values))
            if len(finite) < 2 or k == 2:
                continue
            low, high = finite[values[finite].argmin()], finite[values[finite].argmax()]
            if values[high] - values[low] > 1e-13 * (1 + abs(values[low])):
                p, q = ([text(x) for x in rows[i]] for i in (low, high))
                found = refute(
                    lifted, "local", {"rule": "local_witness", "label": y, "p": p, "q": q},
                    message=f"For y = {y} the reports ({', '.join(p)}) and ({', '.join(q)}) agree in p_{y}, "
                    f"but their losses are {values[low]:.9g} and {values[high]:.9g}.",
                    witness={"p": p, "q": q, "y": y},
                )  # fmt: skip
                if found:
                    return found
    return None


def proved(lifted: Lifted) -> Outcome | None:
    """The derivatives vanish along every split of the rest, or None."""
    message = "Every l_y is a function of p_y alone: its derivatives along the other classes agree identically."
    return prove(lifted, "local", {"rule": "local_by_derivatives"}, message=message)
