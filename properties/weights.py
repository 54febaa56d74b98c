r"""Weights are repetition: weight 0 removes a row, and the value is homogeneous in the weights.

Asked of an argument with one positive weight per row (named w, weight, weights or sample_weight).

Answers
-------
SUPPORTED
    A row of weight 0 moved nothing; doubling every weight left the value (weighted mean) or doubled it (sum).
REFUTED
    It did not. Severity warning: that the argument is a weight is read from its name. Witness: the batch.
NOT_APPLICABLE
    The signature has no weight per row.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Inputs
from losscheck.behaviour.reduction import close
from losscheck.behaviour.roles import row_weights
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.signature import Argument
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported


@behaviour(title="a weight of 0 removes a row")
def weights(trial: Trial) -> Iterator[Outcome]:
    """Give one row the weight 0, and all rows twice their weight."""
    weight = row_weights(trial.signature)
    if weight is None:
        yield not_applicable("the signature has no weight per row")
        return
    for seed in range(trial.budget):
        x = trial.sample(seed)
        try:
            fact = _removed(trial, weight, x, trial.sample(seed + 60)) or _doubled(trial, weight, x)
        except Raised as error:
            fact = f"the loss raises: {error}"
        if fact is not None:
            yield refuted(f"{fact}, at {show(x)}", witness=witness(x, trial.dtype), severity=Severity.WARNING)
            return
    yield supported("a row of weight 0 moves nothing, and doubling the weights doubles or leaves the value")


def _removed(trial: Trial, weight: Argument, x: Inputs, other: Inputs) -> str | None:
    w = np.array(x[weight.name])
    w[0] = 0.0
    without = {**x, weight.name: w}
    value = trial.value(without)
    if value.ndim and value.shape[0] == len(w) and np.max(np.abs(value[0])) > trial.tolerance:
        return f"a row of weight 0 has the result {value[0]}"
    for argument in trial.signature.floats:
        if argument is weight or argument.shape[:1] != weight.shape:
            continue
        v = np.array(x[argument.name])
        v[0] = other[argument.name][0]
        moved = trial.value({**without, argument.name: v})
        if not close(moved, value, trial.tolerance):
            return f"a row of weight 0 moves the value from {np.sum(value):.6g} to {np.sum(moved):.6g}"
    return None


def _doubled(trial: Trial, weight: Argument, x: Inputs) -> str | None:
    once, twice = trial.value(x), trial.value({**x, weight.name: 2.0 * x[weight.name]})
    if close(twice, once, trial.tolerance) or close(twice, 2.0 * once, trial.tolerance):
        return None
    return f"doubling every weight turns {np.sum(once):.6g} into {np.sum(twice):.6g}"
