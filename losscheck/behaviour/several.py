"""Labels that name several classes: raising the score of a class that is there never costs, for any of them."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import Inputs
from losscheck.behaviour.roles import is_embedding, prediction, target
from losscheck.behaviour.trial import Trial

RISE = 0.5


def unheard_class(trial: Trial) -> tuple[str, Inputs] | None:
    """Say that of two classes that are there one is treated as absent, and where.

    Asked of scores (N, K) beside labels in {0, 1} of their shape: from scores of 0, raising the score of the first two
    classes, both there, in turn. One pays off and the other costs: only one of them was taken for the label.
    """
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or t.domain not in ("{0,1}", "{0,1}+") or p.shape != t.shape or is_embedding(p):
        return None
    if p.domain != "real" or len(p.shape) != 2 or p.shape[1] not in ("K", "C") or trial.n_classes < 3:
        return None
    x = trial.sample(0)
    y = np.zeros_like(x[t.name])
    y[:, :2] = 1.0
    flat = {**x, t.name: y, p.name: np.zeros_like(x[p.name])}
    gains = []
    for k in (0, 1):
        v = np.zeros_like(x[p.name])
        v[:, k] = RISE
        gains.append(float(np.sum(trial.value_or_nan(flat)) - np.sum(trial.value_or_nan({**flat, p.name: v}))))
    best, worst = max(gains), min(gains)
    if not np.isfinite(gains).all() or best <= trial.tolerance or worst >= -trial.tolerance:
        return None
    k = int(np.argmin(gains))
    fact = f"of two classes that are there, raising the score of class {k} by {RISE:g} costs {-worst:.4g} more"
    return f"{fact}, raising that of the other {best:.4g} less", flat
