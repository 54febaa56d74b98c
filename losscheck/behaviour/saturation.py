"""Confident mistakes that stop to cost more: a loss that rises steadily, then is exactly flat, is clipped."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import Array
from losscheck.behaviour.hazards import labellings
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

PLACES = np.linspace(0.0, 400.0, 81)
STEADY = 0.5
LEAST = 3
"""Steps that rise by more than the share `STEADY` of the steepest: a bounded loss dies down within fewer."""


def saturates(trial: Trial) -> tuple[str, dict[str, Array]] | None:
    """Return where a loss that rises steadily along a ray of one real prediction becomes flat, else None.

    The ray has one sign for all entries of a prediction of one number per row; for scores of classes only the first
    class moves. An exactly flat end after a steady rise is a probability that was clipped, or a constant added inside a
    logarithm. Ramps and truncated losses do it on purpose.
    """
    for tag, x in labellings(trial.signature, trial.sample(0)):
        for a in trial.signature.floats:
            if a.domain != "real" or a.is_label:
                continue
            for sign in (1.0, -1.0):
                found = _along(trial, a, x, sign)
                if found is not None:
                    return f"{found[0]}{tag}", found[1]
    return None


def _along(trial: Trial, a: Argument, x: dict[str, Array], sign: float) -> tuple[str, dict[str, Array]] | None:
    direction = np.full_like(x[a.name], sign)
    if a.shape and a.shape[a.class_axis] in ("K", "C"):
        np.moveaxis(direction, a.class_axis, -1)[..., 1:] = 0.0

    def at(s: float) -> dict[str, Array]:
        return {**x, a.name: np.asarray(x[a.name]) + s * direction}

    def cost(s: float) -> float:
        return float(np.mean(trial.value_or_nan(at(s))))

    if cost(PLACES[-8]) != cost(PLACES[-1]) or not cost(PLACES[-1]) > cost(PLACES[0]):
        return None
    costs = np.array([cost(s) for s in PLACES])
    if not np.isfinite(costs).all():
        return None
    steps = np.diff(costs)
    if (steps < -1e-9 * max(1.0, abs(costs[-1]))).any():
        return None
    steep = np.flatnonzero(steps > STEADY * float(np.max(steps)))
    if len(steep) < LEAST:
        return None
    s = float(PLACES[np.flatnonzero(steps > 0.0)[-1] + 1])
    fact = f"moving {a.name} by {sign * s:g} costs {costs[-1]:.6g}, and so does moving it by {sign * PLACES[-1]:g}"
    return fact, at(s)
