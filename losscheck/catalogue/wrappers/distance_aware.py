"""Distance-aware class weights: classes that are learned worse take weight from those they are taken for (DAFA).

From P, the mean chances that the rows of each class get, class i gains lam P_ij P_jj for each class j that is learned
better (P_ii < P_jj), and loses lam P_ij P_jj for each other one, as in the code of Lee et al. (2024). What one class
gains another need not lose: the weights do not add up to K, and for large lam some are negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from losscheck.catalogue.wrappers.class_weights import class_weights
from losscheck.loss import Loss


def distance_aware_weights(chances: Sequence[Sequence[float]], lam: float = 1.0) -> list[float]:
    """Return the weight of each class, from the mean chances of its rows.

    Raises
    ------
    ValueError
        When the chances are not square, or lam is negative.

    >>> distance_aware_weights([[0.5, 0.5], [0.25, 0.75]])
    [1.375, 0.875]
    """
    if any(len(row) != len(chances) for row in chances):
        raise ValueError(f"chances={chances!r}; give one row of chances for each class, over the same classes")
    if not lam >= 0:
        raise ValueError(f"lam={lam!r}; give a number of at least 0")
    weights = []
    for i, row in enumerate(chances):
        moved = [(1 if row[i] < chances[j][j] else -1) * p * chances[j][j] for j, p in enumerate(row) if j != i]
        weights.append(1 + lam * sum(moved))
    return weights


def distance_aware(loss: Any, chances: Sequence[Sequence[float]], lam: float = 1.0) -> Loss:
    """Return w_y l(z, y) with these weights, for a loss of logits or probabilities.

    Raises
    ------
    ValueError
        When the chances are not square, lam is negative, a weight is not positive, or the loss is of another kind.

    >>> distance_aware("cross_entropy", [[0.5, 0.5], [0.25, 0.75]]).name
    'class_weights(cross_entropy)'
    """
    return class_weights(loss, distance_aware_weights(chances, lam))
