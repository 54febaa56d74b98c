"""The psi-transform where T is infinite from some regret on (rule ``psi_transform_infinite``)."""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.h_transform_bottomless import h_transform_bottomless
from losscheck.verdict import Outcome

BEFORE = 1 - 2.0**-20
MESSAGE = "The least risk is -infinity from a smaller theta on, and wrong scores stay away from it: psi is infinite."


def psi_transform_infinite(lifted: Lifted, theta: float | list[float]) -> Outcome | None:
    """Show that psi is infinite at theta (one number or several), or return None."""
    least = min(theta) if isinstance(theta, list) else theta
    if not 0 < least <= 1:
        return None
    found = h_transform_bottomless(lifted, "All", [least * BEFORE, 1.0])
    if found is None or found.certificate is None or found.params["t"] != [least * BEFORE, 1.0]:
        return None
    proof = {"rule": "psi_transform_infinite", "theta": theta, "transform": found.certificate["proof"]}
    return prove(lifted, "psi_transform", proof, message=MESSAGE)
