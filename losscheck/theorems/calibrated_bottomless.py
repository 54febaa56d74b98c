"""Calibration of margin losses that are a falling line up to something bounded."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from losscheck.certificate import q
from losscheck.engines.breakpoints import breakpoints
from losscheck.engines.numeric import evaluate
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove calibration of a margin loss whose risks have no lower bound, or None."""
    if lifted.kind != "margin":
        return None
    near, far = 1e6, 1e7
    a, b, c, d = evaluate([lifted.roots[0]], {"v": np.array([-far, -near, near, far])})[0]
    with np.errstate(invalid="ignore"):  # inf - inf where the loss overflows
        slopes = ((b - a) / (far - near), (d - c) / (far - near))
    if not (np.isfinite(slopes).all() and slopes[0] < 0 and abs(slopes[0] - slopes[1]) < 1e-6):
        return None
    slope = Fraction(-slopes[0]).limit_denominator(1000)
    proof = {"rule": "calibrated_bottomless", "slope": q(slope), "breaks": breakpoints(lifted.roots[0], "v")}
    message = (
        f"The loss is {q(-slope)} v up to something bounded: right scores have risks without bound, wrong ones not."
    )
    return prove(lifted, "classification_calibrated", proof, message=message)
