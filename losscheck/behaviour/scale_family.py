"""A parameter that acts like the scale of a likelihood, whatever it is called."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array
from losscheck.behaviour.reduction import close
from losscheck.behaviour.roles import is_weight, target
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

POWERS = (1.0, 0.5, -1.0, -0.5)
"""Standard deviation, variance, and their inverses: how residuals grow with the parameter."""

GROWTH = 3.0
RESIDUALS = (-1.7, 0.3, 1.0, 2.5)


def unnamed_scale(trial: Trial) -> tuple[Argument, Argument, Argument] | None:
    r"""Return location, scale and target where the loss says itself which argument is a scale.

    Asked of three arguments of one shape, of which names may tell the target. Evidence: moving location and target
    together changes nothing; and, for some power k, with the parameter c times as large (a real one: log c added) and
    the residual :math:`c^k` times, the value moves by one number, not 0, whatever the residual, and by twice that
    number for :math:`c^2`. Such a logarithm is the normaliser of a likelihood: weights and ratios have none, and scores
    of whole distributions grow by a factor instead.

    >>> from losscheck.signature import parse
    >>> laplace = lambda m, b, y: (abs(y - m) / b + np.log(b)).mean()
    >>> [a.name for a in unnamed_scale(Trial(laplace, parse("m:(N,):real b:(N,):positive y:(N,):real")))]
    ['m', 'b', 'y']
    """
    arguments = trial.signature.arguments
    if len(arguments) != 3 or any(a.shape != arguments[0].shape or not a.is_float for a in arguments):
        return None
    t = target(trial.signature)
    for scale in arguments:
        location, y = (a for a in arguments if a is not scale)
        if location is t:
            location, y = y, location
        if (t is not None and y is not t) or not location.domain == y.domain == "real":
            continue
        if scale.domain not in ("real", "positive") or is_weight(scale, trial.signature):
            continue
        try:
            if any(_normaliser(trial, location, scale, y, power) for power in POWERS):
                return location, scale, y
        except Raised:
            return None
    return None


def _normaliser(trial: Trial, location: Argument, scale: Argument, t: Argument, power: float) -> bool:
    axes = {axis: 1 for a in trial.signature.arguments for axis in a.shape if axis.isalpha()}
    x = trial.sample(0, **axes)
    log = scale.domain == "real"

    def cost(size: float, residual: float, shift: float = 0.0) -> float:
        s = np.full_like(x[scale.name], np.log(size) if log else size)
        at = {location.name: np.full_like(x[location.name], shift), scale.name: s}
        return float(np.sum(trial.value({**x, **at, t.name: np.full_like(x[t.name], shift + residual)})))

    once: Array = np.array([cost(1.0, r) for r in RESIDUALS])
    if not close(np.array([cost(1.0, r, 0.7) for r in RESIDUALS]), once, max(1e-6, trial.tolerance)):
        return False
    added, twice = (np.array([cost(c, r * c**power) for r in RESIDUALS]) - once for c in (GROWTH, GROWTH * GROWTH))
    room = max(1e-7, trial.tolerance) * max(1.0, float(np.max(np.abs(once), initial=0.0)))
    if not np.isfinite([*added, *twice]).all() or np.ptp(once) < 1e-3:
        return False
    logarithm = np.max(np.abs(twice - 2.0 * added)) <= 10.0 * room
    return bool(np.ptp(added) <= room and logarithm and abs(added[0]) > 1e-3)
