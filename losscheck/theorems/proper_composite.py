"""Composite losses of strictly proper ones. Rule ``proper_composite``."""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import properties
from losscheck.proving import prove, refute
from losscheck.verdict import Outcome, Verdict

NAME = "proper_composite"
MESSAGES = {
    "link": "Every eta has exactly one minimising score, a strictly monotone function of eta.",
    "softmax": "The loss is a strictly proper loss of softmax(z).",
    "not_recovered": "Some eta has no finite minimiser, or two share one.",
    "shifted": "Adding one number to all scores changes the loss, so it is no function of softmax(z).",
}


def attempt(lifted: Lifted) -> Outcome | None:
    """Decide whether a loss is proper composite, or return None."""
    logits = lifted.kind == "logits"
    if logits:
        moved: Outcome = properties()["shift_invariant"].answer(lifted)
        if moved.verdict is Verdict.REFUTED and moved.certificate is not None:
            proof = {"rule": NAME, "way": "shifted", "premise": moved.certificate["proof"]}
            return refute(lifted, NAME, proof, message=MESSAGES["shifted"], witness=moved.witness)
    found: Outcome = properties()["recovers_probability"].answer(lifted, link="softmax" if logits else None)
    if found.certificate is None:
        return None
    premise = found.certificate["proof"]
    if found.verdict is Verdict.PROVED:
        way = "softmax" if logits else "link"
        return prove(lifted, NAME, {"rule": NAME, "way": way, "premise": premise}, message=MESSAGES[way])
    if logits:
        return None
    proof = {"rule": NAME, "way": "not_recovered", "premise": premise}
    return refute(lifted, NAME, proof, message=f"{MESSAGES['not_recovered']} {found.message}", witness=found.witness)
