"""Losses blind to the order of the scores: even in every score, or shared by two classes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from losscheck.certificate import q
from losscheck.engines.risk import Risk
from losscheck.lifting.lifted import Lifted
from losscheck.proving import refute
from losscheck.verdict import Outcome

CENTRES = [Fraction(n, d) for n in (0, 1, -1, 2, -2) for d in (1, 2)]
PROPERTY = "classification_calibrated"


def refuted_by_symmetry(lifted: Lifted) -> Outcome | None:
    """Refute calibration by an identity, or return None."""
    risk, k = Risk(lifted), len(lifted.variables)
    points = np.random.default_rng(0).normal(size=(k, 12))
    here = risk.losses(points)

    def same(a: np.ndarray, b: np.ndarray) -> bool:
        return bool(np.all(np.isfinite(a)) and np.allclose(a, b, rtol=1e-9, atol=1e-9))

    for j in range(k):
        for i in range(j):
            if same(here[i], here[j]):
                message = f"The classes {i} and {j} have the same loss, so it cannot tell which is more likely."
                found = refute(
                    lifted, PROPERTY, {"rule": "calibrated_reflection", "shared": [i, j]}, message=message, witness=None
                )
                if found:
                    return found
    for c in CENTRES:
        mirrored = [np.where(np.arange(k)[:, None] == i, 2 * float(c) - points, points) for i in range(k)]
        if all(same(risk.losses(m), here) for m in mirrored):
            message = (
                f"Reflecting any score at {c} changes no loss, so every risk is also taken with a wrong class on top."
            )
            found = refute(
                lifted, PROPERTY, {"rule": "calibrated_reflection", "centre": q(c)}, message=message, witness=None
            )
            if found:
                return found
    return None
