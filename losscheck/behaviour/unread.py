"""Arguments that change nothing: a prediction, label, weight or mask the loss never reads, or cancels."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import EPSILON, Array, Inputs
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

ROUNDING = 64.0
"""Units of the format by which a value may move though the argument cancels exactly over the reals."""

FACTORS = (40.0, 0.025)
"""A cap on what a weight may be hides ordinary values of it."""

DIRECTED = 40
"""Directed inputs at which an argument that does nothing at ordinary ones is given another chance."""


def same_value(trial: Trial, a: Array, b: Array, x: Inputs) -> bool:
    """Whether two values are the same but for the rounding of numbers as large as the inputs."""
    if a.shape != b.shape:
        return False
    size = max([1.0, *(float(np.max(np.abs(x[f.name]), initial=0.0)) for f in trial.signature.floats)])
    with np.errstate(all="ignore"):
        room = ROUNDING * EPSILON[trial.dtype] * (size + np.abs(b))
        return bool(np.all((np.abs(a - b) <= room) | (a == b) | (np.isnan(a) & np.isnan(b))))


def unread(trial: Trial) -> str | None:
    """Say which argument changes the value at no input that was tried, ordinary or directed.

    >>> from losscheck.signature import parse
    >>> unread(Trial(lambda z, y: abs(z).mean(), parse("z:(N,):real y:(N,):{0,1}")))
    'y changes the value at none of 46 inputs: it is not read, or it cancels'
    """
    for argument in trial.signature.arguments:
        tried = _changes_nothing(trial, argument)
        if tried:
            return f"{argument.name} changes the value at none of {tried} inputs: it is not read, or it cancels"
    return None


def _changes_nothing(trial: Trial, argument: Argument) -> int:
    """Return how many inputs were tried, 0 where one of them shows that the argument matters."""
    inputs = [trial.sample(seed) for seed in range(3)] + [h.inputs for h in trial.hazards()[:DIRECTED]]
    tried = 0
    for place, x in enumerate(inputs):
        for value_there in _others(trial, argument, place):
            other = {**x, argument.name: value_there}
            try:
                value, moved = trial.value(x), trial.value(other)
            except Raised:
                continue
            if not same_value(trial, moved, value, {**x, **other}):
                return 0
            tried += 1
    return tried


def _others(trial: Trial, argument: Argument, place: int) -> list[Array]:
    """Return other values of an argument: ordinary ones and, of numbers without a bound, large and small ones."""
    if place >= 3:
        return [trial.sample(33)[argument.name]]
    values: list[Array] = [trial.sample(seed)[argument.name] for seed in (31, 32)]
    unbounded = argument.domain in ("real", "positive") and argument.is_float
    return values + [factor * values[0] for factor in FACTORS if unbounded]
