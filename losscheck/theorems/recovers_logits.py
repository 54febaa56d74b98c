"""Whether softmax of the minimising scores is p: every theorem in order of cost."""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.theorems import by_threshold, separable_tie_witness
from losscheck.theorems.does_not_recover_softmax import does_not_recover_softmax
from losscheck.theorems.proper_through_softmax import proper_through_softmax
from losscheck.theorems.recovers_softmax_by_stationarity import recovers_softmax_by_stationarity
from losscheck.theorems.refuted_by_ray import does_not_recover_on_ray
from losscheck.verdict import Outcome, undecided

PROPERTY = "recovers_probability"


def recovers(lifted: Lifted, link: str) -> Outcome:
    """Whether for every interior p every minimising sequence of C_p has softmax(z_n) -> p.

    Raises
    ------
    ValueError
        When the link is not "softmax".
    """
    if link != "softmax":
        raise ValueError(f"link={link!r} is no link of logit losses; the only one is 'softmax'")
    found = (
        by_threshold.attempt(lifted, PROPERTY)
        or recovers_softmax_by_stationarity(lifted)
        or does_not_recover_softmax(lifted)
        or proper_through_softmax(lifted, PROPERTY)
        or does_not_recover_on_ray(lifted)
        or separable_tie_witness.attempt(lifted, PROPERTY)
    )
    return found or undecided(
        "No theorem shows that softmax recovers p, and no distribution was found that refutes it.",
        reason="no theorem applies",
        params={"link": link},
    )
