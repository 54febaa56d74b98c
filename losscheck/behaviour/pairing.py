"""Labels belong to rows: dealing them out to other rows, and nothing else, changes what a batch costs."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.reduction import close
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

LABELS = frozenset({"{0,1}", "{0,1}+", "{-1,1}", "index", "index*", "mask"})
ROWS = 6
SEEDS = 4


def dealt_anywhere(trial: Trial) -> str | None:
    """Say which labels, marks or masks may be dealt out to other rows without a change, though they are read.

    Asked of an argument with one label per row beside predictions with the same rows. Evidence that it is read: other
    labels change the value. Then the labels of one row given to another, and its own to that one, must change the
    value of some batch; where they never do, each prediction met every label (a column of labels against a flat
    prediction), or only their number was counted.

    >>> from losscheck.signature import parse
    >>> everyone = Trial(lambda z, e: np.mean(z * e), parse("z:(N,):real e:(N,1):{0,1}"))
    >>> dealt_anywhere(everyone)
    'which row has which e changes nothing in 4 batches of 6 rows: only how many there are is counted'
    """
    batch = trial.signature.batch
    if batch is None:
        return None
    for label in trial.signature.arguments:
        beside = [a for a in trial.signature.floats if a is not label and a.shape[:1] == (batch,)]
        if label.domain not in LABELS or label.shape not in ((batch,), (batch, "1")) or not beside:
            continue
        if _anywhere(trial, label, batch):
            return (
                f"which row has which {label.name} changes nothing in {SEEDS} batches of {ROWS} rows: only how many "
                "there are is counted"
            )
    return None


def _anywhere(trial: Trial, label: Argument, batch: str) -> bool:
    read = False
    for seed in range(SEEDS):
        x, other = (trial.sample(seed + shift, **{batch: ROWS}) for shift in (0, 50))
        value = trial.value_or_nan(x)
        labels = np.asarray(x[label.name])
        if value.ndim or not np.isfinite(value):
            return False
        read = read or not close(trial.value_or_nan({**x, label.name: other[label.name]}), value, trial.tolerance)
        for turn in (1, 2, 3):
            dealt = np.roll(labels, turn, axis=0)
            if not np.array_equal(dealt, labels) and not close(
                trial.value_or_nan({**x, label.name: dealt}), value, trial.tolerance
            ):
                return False
    return read
