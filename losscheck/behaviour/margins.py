"""A keyword ``margin`` asks for more: the larger it is, the larger the loss."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.trial import Trial

SHARES = (0.5, 1.0, 2.0)
INPUTS = 4


def margin_turned(trial: Trial, name: str, value: float) -> str | None:
    """Say that the loss falls, at some inputs, and rises at none, as the keyword ``margin`` grows.

    Triplet, ranking, contrastive and angular losses all grow with their margin. Losses with labels -1 and 1 beside two
    predictions are not asked: the margin of a cosine embedding is where a pair of strangers stops to cost.
    """
    signs = any(a.domain == "{-1,1}" for a in trial.signature.arguments)
    if name != "margin" or value <= 0.0 or (signs and len(trial.signature.arguments) > 2):
        return None
    steps = []
    for seed in range(INPUTS):
        x = trial.sample(seed)
        try:
            costs = [float(np.sum(trial.value(x, params={name: share * value}))) for share in SHARES]
        except Raised:
            return None
        steps.extend(np.diff(costs).tolist())
    if not np.isfinite(steps).all() or max(steps) > 1e-9 or min(steps) > -1e-6:
        return None
    return f"a {name} of {SHARES[-1] * value:g} costs less than one of {SHARES[0] * value:g}, at {INPUTS} inputs alike"
