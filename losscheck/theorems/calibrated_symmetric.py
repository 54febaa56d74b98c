"""Calibration of symmetric binary losses: a right score cheaper than every wrong one is all that is needed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.certificate import q
from losscheck.engines.binary_risk import points, sides
from losscheck.engines.breakpoints import breakpoints, middle
from losscheck.engines.numeric import evaluate
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems import noise
from losscheck.verdict import Outcome

RIGHT = [Fraction(x) for x in ("1/16", "1/4", "1", "2", "4", "8", "16", "64", "1024")]


def _side(f: Expr, name: str, sign: int) -> dict[str, Any] | None:
    """A score on one side, and how much dearer every score of the other side is: hints for the verifier."""
    hints = breakpoints(f, name)
    exact = [Fraction(h) for h in hints if isinstance(h, str)]
    tries = [sign * t for t in RIGHT] + [t for t in exact if t * sign > 0]
    at = np.array([float(t) for t in tries])
    wrong = points(hints)
    wrong = wrong[wrong * sign <= 0]
    here, there = (evaluate([f], {name: z})[0] for z in (at, wrong))
    here = np.where(np.isfinite(here), here, np.inf)
    if not (np.isfinite(here).any() and np.isfinite(there).all()):
        return None
    best = int(np.argmin(here))
    gap = float(np.min(there) - here[best])
    if not gap > 1e-9:
        return None
    beyond = [h for h in hints if middle(h) * sign < 0]
    return {"at": q(tries[best]), "gap": q(Fraction(gap / 2).limit_denominator(2**40)), "breaks": beyond}


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove calibration of a symmetric loss, or None."""
    (one, zero), name = sides(lifted), lifted.variables[0]
    right, left = _side(one, name, 1), _side(zero, name, -1)
    premise = noise.premise(lifted) if right and left else None
    if premise is None:
        return None
    proof = {"rule": "calibrated_symmetric", "premise": premise, "right": right, "left": left}
    message = "The two losses of a score add up to one constant, and some right score is cheaper than all wrong ones."
    return prove(lifted, "classification_calibrated", proof, message=message)
