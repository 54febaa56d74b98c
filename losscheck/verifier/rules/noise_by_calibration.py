r"""Class-conditional noise on sure labels: a calibrated loss predicts the label that the noise leaves most probable.

``model="separable"``: the label is a function of the point x and scores are free. Where the label is y, the noisy
label is j with probability ``T[y][j]``, so the noisy conditional risk is that of the distribution ``T[y]``. If the loss
is calibrated (premise) and ``T[y]`` has a unique largest entry k, the risks of scores for which another class is
maximal stay away from the infimum: every minimising sequence predicts k in the end. So noise is tolerated iff
``T[y][y]`` is the unique largest entry of every row. The value is the list of the k.

Proof node: ``{"rule": "noise_by_calibration", "params": {...}, "transition": [[...]], "premise": proof}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.noise import KINDS, transition
from losscheck.verifier.verify import Checker, Fact

__all__ = ["KINDS", "check"]


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise and find the largest entries."""
    params = dict(proof["params"])
    expect(params["model"] == "separable", "the model is separable")
    noise = transition(case, {**params, "model": "class_conditional"}, proof)
    checker.premise(proof["premise"], "classification_calibrated")
    expect(all(row.count(max(row)) == 1 for row in noise), "a row has several largest entries")
    found = [row.index(max(row)) for row in noise]
    holds = found == list(range(len(noise)))
    return Fact("noise_tolerant", holds, params, found, [[k, k] for k in found])
