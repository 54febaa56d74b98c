"""Calibration of convex binary losses by their slopes at the score 0 (Bartlett, Jordan, McAuliffe 2006)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.certificate import q
from losscheck.engines.binary_risk import side_hints, sides
from losscheck.engines.breakpoints import middle
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.convex_premise import convex_premise
from losscheck.verdict import Outcome


def reach(lifted: Lifted, *, balls: bool = False) -> str:
    """Half-width of an interval around 0 without any other breakpoint."""
    others = [abs(middle(h)) for h in side_hints(sides(lifted), lifted.variables[0], balls=balls) if h != "0"]
    return q(min(Fraction(1), Fraction(min(others)) / 2)) if others else "1"


def attempt(lifted: Lifted) -> Outcome | None:
    """Decide calibration of a loss that is shown to be convex, or None."""
    convex = convex_premise(lifted)
    if convex is None:
        return None
    proof: dict[str, Any] = {"rule": "calibrated_convex", "convex": convex, "reach": reach(lifted), "holds": True}
    message = "The loss is convex, and its slope at 0 exists and is negative."
    found = prove(lifted, "classification_calibrated", proof, message=message)
    if found:
        return found
    every = convex_premise(lifted, every=True)
    if every is None:
        return None
    proof = {"rule": "calibrated_convex", "convex": every, "reach": reach(lifted, balls=True), "holds": False}
    return refute(
        lifted, "classification_calibrated", proof,
        message="The loss is convex but at 0 its slope is not negative, or does not exist: near some eta 0 is optimal.",
        witness={"z": "0"},
    )  # fmt: skip
