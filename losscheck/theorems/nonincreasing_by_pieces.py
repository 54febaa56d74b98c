"""Monotone margin losses: the sign of the derivative on pieces, or two margins in the wrong order."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from losscheck.certificate import q
from losscheck.engines.breakpoints import breakpoints, grid, merge, middle
from losscheck.engines.numeric import evaluate
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.convex_by_pieces import touching
from losscheck.verdict import Outcome


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove that a margin loss never increases, or None."""
    hints = breakpoints(lifted.roots[0], "v")
    where = f" between {len(hints)} breakpoints, where it does not step up" if hints else ""
    for cuts in (hints, merge([*hints, *touching(lifted, 0, 1)])):
        proof = {"rule": "nonincreasing_by_pieces", "breaks": [cuts]}
        found = prove(lifted, "nonincreasing", proof, message=f"The derivative is nowhere positive{where}.")
        if found:
            return found
    return None


def _short(v: float) -> Fraction:
    """A rational with a small denominator, if it is as good as the double: next to a jump it is not."""
    guess = Fraction(v).limit_denominator(2**30)
    return guess if abs(guess - Fraction(v)) < 1e-13 else Fraction(v)


def refuted(lifted: Lifted) -> Outcome | None:
    """Two margins between which the loss increases, or None."""
    at = np.array([middle(h) for h in breakpoints(lifted.roots[0], "v")])
    near = np.concatenate([at + side * gap for gap in (0, 1e-11, 1e-9, 1e-3) for side in (-1, 1)])
    v = np.unique(np.concatenate([grid("real"), near]))
    y = evaluate([lifted.roots[0]], {"v": v})[0]
    finite = np.isfinite(y)
    v, y = v[finite], y[finite]
    if len(v) < 2:
        return None
    lowest = np.minimum.accumulate(y)
    rise = (y - lowest) / (1e-13 * (1 + np.abs(y)))
    for k in dict.fromkeys([int(np.argmax(y - lowest)), int(np.argmax(rise)), *np.flatnonzero(rise > 1)[:3].tolist()]):
        if rise[k] <= 1:
            continue
        least = np.flatnonzero(y[: k + 1] == y[: k + 1].min())
        j = int(least[len(least) // 2])  # in the middle of a flat bottom, away from its ends
        low, high = (q(_short(float(v[i]))) for i in (j, k))
        form = ".6g" if f"{v[j]:.6g}" != f"{v[k]:.6g}" and f"{y[j]:.6g}" != f"{y[k]:.6g}" else ".16g"
        message = f"The loss increases from {y[j]:{form}} at v = {v[j]:{form}} to {y[k]:{form}} at v = {v[k]:{form}}."
        proof = {"rule": "increase_witness", "u": low, "v": high}
        found = refute(lifted, "nonincreasing", proof, message=message, witness={"u": low, "v": high})
        if found:
            return found
    return None
