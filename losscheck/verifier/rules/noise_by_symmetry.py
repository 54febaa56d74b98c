r"""Symmetric losses tolerate uniform label noise (Ghosh, Manwani, Sastry 2015; Ghosh, Kumar, Sastry 2017).

Let ``sum_y l_y = C`` (premise), and let a label be replaced by each other one with probability ``rate / (K - 1)``. For
every distribution and every hypothesis f, ``R_noisy(f) = a R(f) + C rate / (K - 1)`` with ``a = 1 - rate K / (K - 1)``.
So for rate < 1 - 1/K risks keep their order and the minimisers over every hypothesis class are the same
(``noise_tolerant``, at the rate asked, or at every such rate); and a loss that is not constant has its order reversed
above: ``uniform_noise_threshold`` is 1 - 1/K. A margin loss has K = 2. At rate 0 nothing is needed.

Proof node: ``{"rule": "noise_by_symmetry", "ask": ..., "params": {...}, "premise": proof or null, "rate": ...,
"label": y, "points": [z, z']}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.noise import KINDS, label_losses, transition
from losscheck.verifier.numbers import enclosed
from losscheck.verifier.points import apart, rational_point, value_range
from losscheck.verifier.verify import Checker, Fact

__all__ = ["KINDS", "check"]


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise and the rate."""
    ask, losses = proof["ask"], label_losses(case)
    k = len(losses)
    if ask == "uniform_noise_threshold":
        checker.premise(proof["premise"], "symmetric")
        loss = losses[proof["label"]]
        a, b = (value_range(case, loss, rational_point(case, at)) for at in proof["points"])
        expect(apart(a, b), "the loss is not shown to vary")
        value, bounds = enclosed(Fraction(k - 1, k), Fraction(k - 1, k))
        return Fact(ask, value=value, bounds=bounds)
    expect(ask == "noise_tolerant", "nothing else follows")
    params = dict(proof["params"])
    matrix = transition(case, params, proof)
    off = {matrix[i][j] for i in range(k) for j in range(k) if i != j}
    expect(len(off) == 1, "the noise is not uniform")
    flip = off.pop()
    expect(1 - k * flip > 0, "the rate is not below the threshold")
    every = params["model"] != "class_conditional" and params["rate"] is None
    if every or flip > 0:
        checker.premise(proof["premise"], "symmetric")
    return Fact(ask, params=params)
