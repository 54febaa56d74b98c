"""H-consistency from a growth rate, or from calibration (rules ``h_consistent_by_...``)."""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove, refute
from losscheck.theorems.growth_rate import growth_rate
from losscheck.verdict import Outcome, Verdict

BY_RATE = "T(t) is at least c t^r with c > 0: the zero-one regret vanishes with the surrogate regret."


def h_consistent(lifted: Lifted, text: str, calibrated: Outcome | None) -> Outcome | None:
    """Decide by the growth rate, over all scores else by what is known of calibration."""
    rate = growth_rate(lifted, text)
    if rate is not None and rate.certificate is not None:
        proof = {"rule": "h_consistent_by_rate", "premise": rate.certificate["proof"]}
        return prove(lifted, "h_consistent", proof, message=BY_RATE)
    if text != "All" or calibrated is None or calibrated.certificate is None:
        return None
    proof = {"rule": "h_consistent_by_calibration", "premise": calibrated.certificate["proof"]}
    if calibrated.verdict is Verdict.PROVED:
        return prove(lifted, "h_consistent", proof, message="The loss is calibrated at every distribution.")
    return refute(lifted, "h_consistent", proof, message=calibrated.message, witness=calibrated.witness)
