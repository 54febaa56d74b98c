r"""Whether a log loss smooths its labels by a constant of its own, which no keyword of the call tells.

Smoothed cross-entropy is :math:`-(1 - s) z_y + \log\sum_k e^{z_k} - \frac{s}{K} \sum_k z_k`, also where the s goes to
the other classes alone (with another s). Evidence asked for, on single rows: the labels c and k differ by exactly
:math:`a (z_c - z_k)` with one a between 0 and 1, a constant added to all scores changes nothing, and far out, where the
true class is certain, the loss rises with slope :math:`(1 - a) (K - 1) / K`, no faster.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from losscheck.behaviour.formats import Array
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial

FAR = 40.0
ROWS = 4
APART = 0.1
"""Scores closer than this tell no slope."""


def smooths_by_itself(trial: Trial) -> bool:
    """Whether the loss of scores (N, K) and index labels (N,) is a smoothed log loss.

    >>> import numpy as np
    >>> from losscheck.signature import parse
    >>> def smoothed(z, y, certain=0.9):
    ...     logs = z - np.log(np.exp(z).sum(1, keepdims=True))
    ...     return -certain * logs[np.arange(len(y)), y] - (1 - certain) * logs.mean(1)
    >>> signature = parse("z:(N,K):real y:(N,):index")
    >>> smooths_by_itself(Trial(smoothed, signature))
    True
    >>> smooths_by_itself(Trial(smoothed, signature, params={"certain": 1.0}))
    False
    """
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or not t.domain.startswith("index"):
        return False
    x = trial.sample(0)
    scores = np.asarray(x[p.name])
    if scores.ndim != 2 or np.ndim(x[t.name]) != 1:
        return False
    k = scores.shape[1]

    def cost(z: Array, label: int) -> float:
        row = {**trial.rows(x, [0]), p.name: z[None], t.name: np.array([label])}
        return float(np.sum(trial.value_or_nan(row)))

    slopes, size = [], 1.0
    for z in scores[:ROWS]:
        costs = [cost(z, c) for c in range(k)]
        size = max(size, *map(abs, costs))
        pairs = [(i, j) for i, j in combinations(range(k), 2) if abs(z[j] - z[i]) > APART]
        slopes += [(costs[i] - costs[j]) / (z[j] - z[i]) for i, j in pairs]
        if not abs(cost(z + 3.0, 0) - costs[0]) <= trial.tolerance * size:
            return False
    if not slopes or not np.isfinite(slopes).all() or np.ptp(slopes) > 20.0 * trial.tolerance * size:
        return False
    a, true = float(np.mean(slopes)), np.eye(k)[0]
    rise = cost((FAR + 1.0) * true, 0) - cost(FAR * true, 0)
    return 0.0 < a < 1.0 - trial.tolerance and rise <= (1.0 - a) * (k - 1) / k + trial.tolerance * FAR
