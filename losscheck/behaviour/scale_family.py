"""A parameter that acts like the scale of a likelihood, whatever it is called."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array
from losscheck.behaviour.roles import is_weight, target
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

POWERS = (1.0, 0.5, -1.0, -0.5)
"""Standard deviation, variance, and their inverses: how residuals grow with the parameter."""

GROWTH = 3.0
RESIDUALS = (-1.7, 0.3, 1.0, 2.5)


def unnamed_scale(trial: Trial) -> tuple[Argument, Argument, Argument] | None:
    r"""Return location, scale and target where the loss says itself which argument is a scale.

    Evidence, for some power k: with the parameter c times as large (a real one: log c added) and the residual
    :math:`c^k` times, the value moves by one number, not 0, whatever the residual, and by twice that number for
    :math:`c^2`. Such a logarithm is the normaliser of a likelihood: weights and ratios have none, and scores of whole
    distributions grow by a factor instead.

    >>> from losscheck.signature import parse
    >>> laplace = lambda m, b, y: (abs(y - m) / b + np.log(b)).mean()
    >>> [a.name for a in unnamed_scale(Trial(laplace, parse("m:(N,):real b:(N,):positive y:(N,):real")))]
    ['m', 'b', 'y']
    """
    t = target(trial.signature)
    others = [a for a in trial.signature.arguments if a is not t]
    if t is None or t.domain != "real" or len(others) != 2 or any(a.shape != t.shape for a in others):
        return None
    for location, scale in (others, others[::-1]):
        if location.domain != "real" or scale.domain not in ("real", "positive") or is_weight(scale, trial.signature):
            continue
        try:
            if any(_normaliser(trial, location, scale, t, power) for power in POWERS):
                return location, scale, t
        except Raised:
            return None
    return None


def _normaliser(trial: Trial, location: Argument, scale: Argument, t: Argument, power: float) -> bool:
    axes = {axis: 1 for a in trial.signature.arguments for axis in a.shape if axis.isalpha()}
    x = trial.sample(0, **axes)
    log = scale.domain == "real"

    def cost(size: float, residual: float) -> float:
        s = np.full_like(x[scale.name], np.log(size) if log else size)
        at = {location.name: np.zeros_like(x[location.name]), t.name: np.full_like(x[t.name], residual)}
        return float(np.sum(trial.value({**x, **at, scale.name: s})))

    once: Array = np.array([cost(1.0, r) for r in RESIDUALS])
    added, twice = (np.array([cost(c, r * c**power) for r in RESIDUALS]) - once for c in (GROWTH, GROWTH * GROWTH))
    room = max(1e-7, trial.tolerance) * max(1.0, float(np.max(np.abs(once), initial=0.0)))
    if not np.isfinite([*added, *twice]).all() or np.ptp(once) < 1e-3:
        return False
    logarithm = np.max(np.abs(twice - 2.0 * added)) <= 10.0 * room
    return bool(np.ptp(added) <= room and logarithm and abs(added[0]) > 1e-3)
