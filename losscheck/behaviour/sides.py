"""Keywords that name a side, ``gamma_pos`` or ``neg_weight``, act on labels of that side and on no others."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.reduction import close
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial

POSITIVE, NEGATIVE = frozenset({"pos", "positive"}), frozenset({"neg", "negative"})
STRENGTHS = frozenset({"gamma", "weight", "alpha", "margin", "scale", "clip", "lambda", "beta"})
"""What a keyword of a side strengthens; a prior or a number of negatives may act on both."""

INPUTS = 3


def wrong_side(trial: Trial, name: str, value: float) -> str | None:
    """Say that a keyword named after one side moves the loss of labels that are all of the other.

    Asked of one prediction beside labels in {0, 1}. At labels of one side only, nothing of the other side is there.

    >>> from losscheck.signature import parse
    >>> def turned(z, y, weight_pos=2.0):
    ...     return np.mean(np.logaddexp(0, -z) * y + weight_pos * np.logaddexp(0, z) * (1 - y))
    >>> wrong_side(Trial(turned, parse("z:(N,):real y:(N,):{0,1}")), "weight_pos", 2.0)
    'weight_pos moves the loss of labels that are all 0, from 1.7252 to 2.5878'
    """
    said = set(name.lower().split("_"))
    side = 1.0 if said & POSITIVE else 0.0 if said & NEGATIVE else None
    p, t = prediction(trial.signature), target(trial.signature)
    if side is None or not said & STRENGTHS or p is None or t is None or t.domain != "{0,1}":
        return None
    other = 1.0 - side
    for seed in range(INPUTS):
        x = trial.sample(seed)
        x = {**x, t.name: np.full_like(x[t.name], other)}
        try:
            usual, moved = trial.value(x), trial.value(x, params={name: 1.5 * value if value else 0.5})
        except Raised:
            return None
        if not np.isfinite([*usual.ravel(), *moved.ravel()]).all() or close(moved, usual, trial.tolerance):
            continue
        return (
            f"{name} moves the loss of labels that are all {other:g}, from {np.sum(usual):.6g} to {np.sum(moved):.6g}"
        )
    return None
