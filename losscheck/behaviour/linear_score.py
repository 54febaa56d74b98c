"""Probabilities where logarithms of them were meant: a loss that is linear in them and rewards instead of costing."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.ladder import total
from losscheck.behaviour.reduction import close
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial


def logarithm_missing(trial: Trial) -> tuple[str, Inputs] | None:
    """Say that a perfect prediction costs less than 0 and the loss is linear in the probabilities, and where.

    Asked of distributions (N, K) beside one index per row. A negative log-likelihood that is handed probabilities is
    minus the probability of the true class: least at certainty whatever the truth, so it teaches no probabilities. The
    same with a constant, 1 minus that probability, is meant (an absolute error) and not negative; scores that are
    proper and negative (spherical, quadratic) are not linear.

    >>> from losscheck.signature import parse
    >>> fed = Trial(lambda p, t: -np.mean(p[np.arange(len(t)), t]), parse("p:(N,K):simplex t:(N,):index"))
    >>> logarithm_missing(fed)[0]
    'certainty of the truth costs -1, and the loss is linear in the probabilities: their logarithm may be missing'
    """
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or len(trial.signature.arguments) != 2 or trial.caller.returns_tuple:
        return None
    if p.domain not in ("simplex", "simplex+") or not t.domain.startswith("index") or len(p.shape) != 2:
        return None
    x, other = trial.sample(0), trial.sample(1)[p.name]
    labels: Array = np.asarray(x[t.name])
    if labels.shape != np.shape(x[p.name])[:1]:
        return None
    perfect = {**x, p.name: np.eye(np.shape(x[p.name])[1])[labels]}
    best, here, there = (total(trial, at) for at in (perfect, x, {**x, p.name: other}))
    between = total(trial, {**x, p.name: 0.5 * np.asarray(x[p.name]) + 0.5 * np.asarray(other)})
    if best is None or here is None or there is None or between is None or best >= -trial.tolerance:
        return None
    linear = close(np.array(between), np.array(0.5 * (here + there)), trial.tolerance)
    if not linear or abs(here - there) < 1e-3 or best > min(here, there):
        return None
    fact = f"certainty of the truth costs {best:.6g}, and the loss is linear in the probabilities"
    return f"{fact}: their logarithm may be missing", perfect
