"""Comp-sum losses that are capped or have kinks, ``a(softmax(alpha z)_y)`` with a non-increasing: calibrated."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from losscheck.certificate import graph_json, q
from losscheck.engines.breakpoints import breakpoints, middle
from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.calibrated_comp_sum import comp_sum, scales
from losscheck.verdict import Outcome


def calibrated_capped(lifted: Lifted) -> Outcome | None:
    """Prove calibration of a comp-sum loss that is flat for small probabilities or has kinks, or return None."""
    for choice in choices(lifted.roots):
        for alpha in scales(chosen(lifted.roots, choice)):
            found = comp_sum(lifted, alpha, choice)
            hints = breakpoints(found[0], "s", "unit") if found else []
            if not found or not hints:  # without cuts the lemma says less than that of all comp-sum losses
                continue
            marks = [0.0, *map(middle, hints), 1.0]
            inner = [a + (b - a) * np.array([0.2, 0.8]) for a, b in pairwise(marks)]
            ends = [evaluate(found, {"s": x})[0] for x in inner]
            level = ends[0][0]
            flat = next((i for i, e in enumerate(ends) if np.any(e != level)), len(ends))
            proof = {
                "rule": "calibrated_capped", "alpha": q(alpha), "own": graph_json(found), "breaks": hints, "flat": flat,
            }  # fmt: skip
            scaled = "softmax(z)" if alpha == 1 else f"softmax({alpha} z)"
            message = f"The loss is a(s_y) of s = {scaled} with a(s) = {found[0]}, which falls where classes may tie."
            outcome = prove(lifted, "classification_calibrated", proof, message=message)
            if outcome:
                return outcome
    return None
