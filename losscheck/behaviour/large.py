"""Large batches: many copies of a small one, where the loss does not compare all pairs of rows."""

from __future__ import annotations

import time

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.trial import Trial

SLOW = 0.05
"""Seconds that 2,000 rows may take: a loss over all pairs takes more, and 1,000 times that for large batches."""


def copies(trial: Trial, x: Inputs, times: int) -> dict[str, Array]:
    """Return the batch ``times`` times over."""
    return trial.rows(x, np.tile(np.arange(trial.count(x)), times))


def quadratic(trial: Trial, x: Inputs) -> bool:
    """Whether a large batch is out of question: refused, or made of pairs of rows.

    Two sizes are compared, so that a slow machine does not make every loss look quadratic.
    """
    batch = trial.signature.batch
    if any(a.shape.count(batch) > 1 for a in trial.signature.arguments if batch is not None):
        return True
    seconds = []
    for rows in (250, 2000):
        large = copies(trial, x, rows // trial.count(x))
        best = np.inf
        for _ in range(2):
            began = time.perf_counter()
            try:
                trial.fresh_value(large)
            except (Raised, MemoryError):
                return True
            best = min(best, time.perf_counter() - began)
        seconds.append(best)
    return seconds[1] > SLOW or seconds[1] > 12.0 * seconds[0] + 0.01
