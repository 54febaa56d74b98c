"""Kullback-Leibler divergences of a soft label from softmax(z) are nonnegative. Rule ``nonnegative_by_gibbs``."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from losscheck.certificate import q
from losscheck.engines.numeric import evaluate
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.calibrated_comp_sum import scales
from losscheck.verdict import Outcome


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove that the loss is nonnegative, or return None."""
    if lifted.kind != "soft":
        return None
    k = len(lifted.variables) // 2
    z, label = np.arange(1.0, k + 1) / 3, np.arange(1.0, k + 1) / np.sum(np.arange(1.0, k + 1))
    point = {name: np.array([x]) for name, x in zip(lifted.variables, [*z, *label], strict=True)}
    found = float(evaluate(lifted.roots, point)[0][0])
    for alpha in scales(list(lifted.roots)):
        scores = float(alpha) * z
        logs = scores - np.log(np.sum(np.exp(scores)))
        c = found / float(np.sum(label * (np.log(label) - logs)))
        if not (np.isfinite(c) and c > 0):
            continue
        proof = {"rule": "nonnegative_by_gibbs", "alpha": q(alpha), "c": q(Fraction(c).limit_denominator(1000))}
        message = f"The loss is {c:.6g} times the Kullback-Leibler divergence of the label from softmax({q(alpha)} z)."
        if made := prove(lifted, "nonnegative", proof, message=message):
            return made
    return None
