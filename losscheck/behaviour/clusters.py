"""Embeddings with labels: classes apart cost less than classes that share a place, or that are mixed up."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.ladder import total
from losscheck.behaviour.roles import is_embedding
from losscheck.behaviour.trial import Trial

LABELS = np.array([0, 0, 1, 1, 2, 2])
MIXED = np.array([0, 1, 0, 1, 2, 2])
DISTANCE = 3.0
JITTER = 0.1
"""Rows of a class are near, not equal: semi-hard mining looks for negatives a little farther than the positive."""

SEEDS = range(3)


def classes_confused(trial: Trial) -> tuple[str, Inputs] | None:
    """Say that clusters of one class each cost as much as clusters that are shared, and where.

    Asked of embeddings beside one index per row, nothing else, whose rows interact. Six rows of three classes, two
    near each other in each class. (1) The same places with labels such that rows of one place have different classes
    cost no less. (2) Where a collapse of all rows to one place costs more than classes apart (the loss pushes; terms
    that only pull a class together do not), two classes at one place, the third apart, cost more too.
    """
    arguments = trial.signature.arguments
    if len(arguments) != 2 or trial.reduction != "coupled" or trial.n_classes < 3 or trial.caller.returns_tuple:
        return None
    e = next((a for a in arguments if a.domain == "real" and len(a.shape) == 2 and is_embedding(a)), None)
    y = next((a for a in arguments if a.domain == "index"), None)
    if e is None or y is None or y.shape != e.shape[:1] or trial.signature.batch not in e.shape:
        return None
    width = np.shape(trial.sample(0)[e.name])[1]
    if width < len(set(LABELS.tolist())):
        return None
    shared: list[tuple[float, float]] = []
    for seed in SEEDS:
        near = JITTER * np.random.default_rng(seed).normal(size=(len(LABELS), width))

        def cost(places: Array, labels: Array = LABELS, near: Array = near) -> float | None:
            return total(trial, {e.name: DISTANCE * np.eye(width)[places] + near, y.name: labels})

        apart, mixed, together = cost(LABELS), cost(LABELS, MIXED), cost(np.zeros_like(LABELS))
        two = cost(np.where(LABELS == 1, 0, LABELS))
        if apart is None or mixed is None or together is None or two is None:
            return None
        room = trial.tolerance * max(1.0, abs(apart))
        at = {e.name: DISTANCE * np.eye(width)[LABELS] + near, y.name: LABELS}
        if mixed < apart - room:
            return f"classes apart from each other cost {apart:.6g}, mixed up only {mixed:.6g}", at
        if together > apart + room:
            shared.append((apart, two))
    if len(shared) == len(SEEDS) and all(
        two <= apart + trial.tolerance * max(1.0, abs(apart)) for apart, two in shared
    ):
        apart, two = shared[0]
        return f"two of three classes at one place cost {two:.6g}, all three apart {apart:.6g}", at
    return None
