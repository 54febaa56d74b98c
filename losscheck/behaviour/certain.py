"""Certain and right distributions that still cost something: a class is counted that no prediction can get right."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.keywords import smooths_labels
from losscheck.behaviour.ladder import total
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial

SHARE = 0.05
SAME = 1e-6


def unreachable_class(trial: Trial) -> tuple[str, Inputs] | None:
    """Say that distributions that are the labels cost a constant share of what even ones cost, and where.

    Asked of distributions (N, K) beside one index per row. Every class that may be right occurs, in three batches with
    other shares of the classes. Evidence that the cost is a constant and none of the labels': it is the same in all of
    them. Metrics averaged over classes do that when they count a class that is ignored.
    """
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or len(trial.signature.arguments) != 2 or smooths_labels(trial.keywords):
        return None
    if p.domain not in ("simplex", "unit") or not t.domain.startswith("index") or t.shape != p.shape[:1]:
        return None
    if len(p.shape) != 2 or p.shape[1] not in ("K", "C") or trial.reduction == "none":
        return None
    k = trial.n_classes
    classes = [label for label in range(k) if label != t.ignored]
    perfect: list[float] = []
    for extra in ((), (0, 0), (0, 1, 1)):
        y: Array = np.array(classes + [classes[i % len(classes)] for i in extra])
        certain = np.eye(k)[y]
        costs = [total(trial, {p.name: q, t.name: y}) for q in (certain, np.full_like(certain, 1.0 / k))]
        if costs[0] is None or costs[1] is None or costs[0] <= SHARE * costs[1] or costs[1] <= 0.0:
            return None
        perfect.append(costs[0])
    if np.ptp(perfect) > SAME * max(perfect):
        return None
    fact = f"distributions that are the labels cost {perfect[0]:.6g} in every batch with all classes"
    return fact, {p.name: certain, t.name: y}
