"""Calibration of losses with an increasing link that is 0 at 1/2. Rule ``calibrated_by_link``."""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems import recovers_by_link
from losscheck.verdict import Outcome


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove calibration from a link, or None."""
    found = recovers_by_link.attempt(lifted)
    premise = found.certificate["proof"] if found and found.certificate else None
    if premise is None or premise["rule"] != "recovers_by_link" or premise["turned"]:
        return None
    proof = {"rule": "calibrated_by_link", "premise": premise}
    message = "The minimising score is an increasing function of eta that is 0 at eta = 1/2."
    return prove(lifted, "classification_calibrated", proof, message=message)
