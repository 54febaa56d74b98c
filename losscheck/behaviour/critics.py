"""A critic tells real from fake: one of the two ways to keep their scores apart is the cheapest there is."""

from __future__ import annotations

import re

import numpy as np

from losscheck.behaviour.formats import Inputs
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

LEAD = 3.0


def not_told_apart(trial: Trial) -> tuple[str, Inputs] | None:
    """Say that scores of real and fake ones cost least where both are high, or both low, and where.

    Asked of two arguments with one score per row, told apart by the words ``real`` and ``fake`` in their names; which
    of them is to be high is a convention and not asked. Evidence: both high costs something else than both low, so that
    it is no distance between the two.

    >>> from losscheck.signature import parse
    >>> twice = lambda real, fake: np.mean(np.logaddexp(0, -real) + np.logaddexp(0, -fake))
    >>> not_told_apart(Trial(twice, parse("real:(N,):real fake:(N,):real")))[0]
    'real and fake both at 3 cost 0.0971747, apart 3.09717: they are not told apart'
    """
    batch = trial.signature.batch
    told = {word: [a for a in trial.signature.arguments if word in _words(a)] for word in ("real", "fake")}
    if batch is None or len(trial.signature.arguments) != 2 or any(len(found) != 1 for found in told.values()):
        return None
    real, fake = told["real"][0], told["fake"][0]
    if real is fake or any(a.domain != "real" or a.shape not in ((batch,), (batch, "1")) for a in (real, fake)):
        return None
    x = trial.sample(0)

    def at(r: float, f: float) -> Inputs:
        return {**x, real.name: np.full_like(x[real.name], r), fake.name: np.full_like(x[fake.name], f)}

    def cost(r: float, f: float) -> float:
        return float(np.sum(trial.value_or_nan(at(r, f))))

    together = {r: cost(r, r) for r in (LEAD, -LEAD)}
    apart = min(cost(LEAD, -LEAD), cost(-LEAD, LEAD))
    room = 1e-3 * max(1.0, abs(apart))
    if not np.isfinite([*together.values(), apart]).all() or abs(together[LEAD] - together[-LEAD]) <= room:
        return None
    where = min(together, key=lambda r: together[r])
    if together[where] >= apart - room:
        return None
    fact = f"{real.name} and {fake.name} both at {where:g} cost {together[where]:.6g}, apart {apart:.6g}"
    return f"{fact}: they are not told apart", at(where, where)


def _words(argument: Argument) -> list[str]:
    return re.findall(r"[a-z]+", argument.name.lower())
