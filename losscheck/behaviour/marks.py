"""Whether a number that marks a truth as unknown is taken for one of the two labels."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import Inputs
from losscheck.behaviour.reduction import close
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial

FARTHEST_LABEL = 1.0
"""Beyond it a number added to ``{0,1}`` is a mark (255, -100, 2); -1 is how others write 0."""


def mark_taken_for(trial: Trial) -> tuple[float, int, Inputs] | None:
    """Return the mark, the label it is taken for, and a batch; None where no mark is, or none is taken for a label.

    A mark is taken for a label where replacing it by that label changes nothing whatever is predicted, and replacing
    it by the other one does.
    """
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or t.domain not in ("{0,1}", "{0,1}+"):
        return None
    for mark in (v for v in t.also if abs(v) > FARTHEST_LABEL):
        batches = [trial.sample(seed) for seed in range(3)]
        for label in (0, 1):
            same, other = (all(_alike(trial, t.name, x, mark, v) for x in batches) for v in (label, 1 - label))
            finite = all(np.isfinite(trial.value_or_nan(_at(x, t.name, mark))).all() for x in batches)
            if finite and same and not other:
                return mark, label, _at(batches[0], t.name, mark)
    return None


def _alike(trial: Trial, name: str, x: Inputs, a: float, b: float) -> bool:
    return close(trial.value_or_nan(_at(x, name, a)), trial.value_or_nan(_at(x, name, b)), trial.tolerance)


def _at(x: Inputs, name: str, label: float) -> Inputs:
    """Every second truth becomes ``label``."""
    y = np.array(x[name])
    y[np.asarray(x[name]) > FARTHEST_LABEL] = 0
    y.reshape(-1)[::2] = label
    return {**x, name: y}
