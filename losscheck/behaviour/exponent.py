"""Whether an exponent named gamma is one for both labels of a binary loss."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial

EXPONENTS = (1.0, 2.0, 3.0)
PLACES = {"unit": (0.2, 0.55, 0.8), "(0,1)": (0.2, 0.55, 0.8), "real": (-1.5, 0.3, 1.2)}
"""Predictions it is asked at: a factor and a power may agree at one of them."""


def exponent_of_one_label(trial: Trial) -> str | None:
    """Say that gamma is the exponent of a factor for one label, and moves the loss in some other way for the other.

    With an exponent the losses at gamma = 1, 2, 3 are in geometric progression. Asked of one row whose predictions are
    all equal; nothing is said where gamma does nothing to one of the labels.
    """
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or t.domain not in ("{0,1}", "{-1,1}") or p.domain not in PLACES:
        return None
    x = trial.sample(0, **{axis: 1 for a in trial.signature.arguments for axis in a.shape if axis in "NBML"})
    kinds: dict[int, set[str]] = {}
    for label in (1, 0 if t.domain == "{0,1}" else -1):
        kinds[label] = set()
        for place in PLACES[p.domain]:
            at = {**x, p.name: np.full_like(x[p.name], place), t.name: np.full_like(x[t.name], label)}
            try:
                values = [float(np.sum(trial.value(at, params={"gamma": g}))) for g in EXPONENTS]
            except Raised:
                return None
            kinds[label].add(_progression(values))
    ways = {label: next(iter(found)) for label, found in kinds.items() if len(found) == 1}
    if sorted(ways.values()) != ["geometric", "other"]:
        return None
    power, other = (next(label for label, way in ways.items() if way == name) for name in ("geometric", "other"))
    return f"gamma is an exponent for the label {power}, and none for the label {other}"


def _progression(values: list[float]) -> str:
    if not np.isfinite(values).all() or min(values) <= 0.0:
        return "unknown"
    first, second, third = values
    if abs(third - first) < 1e-9 * first:
        return "constant"
    return "geometric" if abs(first * third - second**2) < 1e-6 * second**2 else "other"
