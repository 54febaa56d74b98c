"""Labels or targets of one side that teach nothing: the predictions beside them never move the loss."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial

SCORES = (-30.0, -3.0, -0.5, 0.5, 3.0, 30.0)
PROBABILITIES = (0.0, 0.05, 0.3, 0.7, 0.95, 1.0)
"""Where predictions move to when it is asked whether they matter; a hinge may be flat at some."""

INPUTS = 3


def deaf_side(trial: Trial) -> str | None:
    """Say that no prediction beside a label of one side moves the loss, while those beside the other side do.

    Asked of one prediction beside labels in {0, 1} of its shape, both sides present: a logarithm of the positives
    alone, or labels 0 and 1 where -1 and 1 were meant. Overlaps of sets (Dice) count what lies outside, and pass. Of
    real predictions beside real targets of a batch the sides are those of 0: a mask of what is known, ``t > 0``, where
    the targets may be negative.

    >>> from losscheck.signature import parse
    >>> one_sided = Trial(lambda z, y: np.mean(np.logaddexp(0, -y * z)), parse("z:(N,):real y:(N,):{0,1}"))
    >>> deaf_side(one_sided)
    'no prediction beside a label 0 moves the loss at any of 3 inputs: nothing is learnt from them'
    """
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or p.shape != t.shape or p.domain not in ("real", "unit", "(0,1)"):
        return None
    regression = p.domain == t.domain == "real" and trial.signature.batch is not None
    if not regression and t.domain not in ("{0,1}", "{0,1}+"):
        return None
    places = SCORES if p.domain == "real" else PROBABILITIES[1:-1] if p.domain == "(0,1)" else PROBABILITIES
    moved = {0: 0, 1: 0}
    for seed in range(INPUTS):
        x = trial.sample(seed)
        y = np.asarray(x[t.name]) > (0.0 if regression else 0.5)
        if y.all() or not y.any():
            return None
        value = trial.value_or_nan(x)
        for side in (0, 1):
            guesses = [np.where(y == bool(side), place, x[p.name]) for place in places]
            seen = [trial.value_or_nan({**x, p.name: guess}) for guess in guesses]
            if any(v.shape != value.shape or not np.array_equal(v, value, equal_nan=True) for v in seen):
                moved[side] += 1
    if min(moved.values()) > 0 or max(moved.values()) < INPUTS:
        return None
    deaf = 0 if moved[0] == 0 else 1
    told = f"a target {'above' if deaf else 'below'} 0" if regression else f"a label {deaf}"
    return f"no prediction beside {told} moves the loss at any of {INPUTS} inputs: nothing is learnt from them"
