"""Strictly proper scores of softmax(z) (Brier, spherical): they recover p and are calibrated."""

from __future__ import annotations

from fractions import Fraction

from losscheck.certificate import graph_json
from losscheck.expr.constants import choices, chosen
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.in_probabilities import on_simplex, read
from losscheck.verdict import Outcome


def proper_through_softmax(lifted: Lifted, prop: str, **more: int) -> Outcome | None:
    """Prove ``classification_calibrated``, ``recovers_probability`` or ``topk_calibrated`` (of k), or return None."""
    names = [f"s{i}" for i in range(len(lifted.variables))]
    if len(names) > 4:
        return None
    for choice in choices(lifted.roots):
        reading = on_simplex(lifted.variables, Fraction(1))
        scores = [read(reading, root, names) for root in chosen(lifted.roots, choice)]
        found = [n for n in scores if n is not None]
        if len(found) < len(scores):
            continue
        proof = {"rule": "proper_through_softmax", "scores": [graph_json([n]) for n in found], "property": prop, **more}
        message = "As a score of softmax(z) the loss is strictly proper on the closed simplex: "
        message += "every minimising sequence has softmax(z) -> p."
        outcome = prove(lifted, prop, proof, message=message)
        if outcome:
            return outcome
    return None
