r"""Weights are repetition: weight 0 removes a row, and the value is homogeneous in the weights.

Asked of an argument with one positive weight per row (named w, weight, weights or sample_weight; weight 2 is the row
twice, up to the number of rows a mean divides by) or per element of a prediction (weight 0 removes it), of one with a
weight per class beside index labels (weight 2 for a class is its rows twice), and of ``pos_weight`` beside labels in
{0, 1} (it raises the loss of positives and leaves negatives alone).

Answers
-------
SUPPORTED
    A row of weight 0 moved nothing; doubling every weight left the value (weighted mean) or doubled it (sum); weight 2
    for a class did what its rows twice do.
REFUTED
    It did not. Severity warning: that the argument is a weight is read from its name, and some libraries divide by the
    number of rows on purpose. Witness: the batch.
NOT_APPLICABLE
    The signature has no weight per row or per class.

Known exceptions
----------------
Some libraries divide by the number of rows, and a name may mean something else: warnings.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Inputs
from losscheck.behaviour.reduction import close
from losscheck.behaviour.roles import class_weights, element_weights, row_weights, target
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.signature import Argument
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported


@behaviour(title="a weight of 0 removes a row")
def weights(trial: Trial) -> Iterator[Outcome]:
    """Give one row the weight 0, and all rows twice their weight."""
    weight, by_class = row_weights(trial.signature), class_weights(trial.signature)
    positive = next((a for a in trial.signature.arguments if a.name == "pos_weight"), None)
    label = target(trial.signature)
    weight = weight or element_weights(trial.signature)
    if weight is None and positive is None and (by_class is None or label is None):
        yield not_applicable("the signature has no weight per row or per class")
        return
    for seed in range(trial.budget):
        x = trial.sample(seed)
        try:
            fact = None
            if weight is not None:
                fact = _removed(trial, weight, x, trial.sample(seed + 60))
                if weight is row_weights(trial.signature):
                    fact = fact or _doubled(trial, weight, x) or _row_repeated(trial, weight, x)
            if by_class is not None and label is not None:
                fact = fact or _repeated(trial, by_class, label, x)
            if positive is not None and label is not None:
                fact = fact or _positives(trial, positive, label, x)
        except Raised as error:
            fact = f"the loss raises: {error}"
        if fact is not None:
            yield refuted(f"{fact}, at {show(x)}", witness=witness(x, trial.dtype), severity=Severity.WARNING)
            return
    yield supported("weights act as repetition: none moves what it should not")


def _removed(trial: Trial, weight: Argument, x: Inputs, other: Inputs) -> str | None:
    w = np.array(x[weight.name])
    depth = 1 if weight is row_weights(trial.signature) else w.ndim
    first = (0,) * depth
    w[first] = 0.0
    without = {**x, weight.name: w}
    value = trial.value(without)
    if depth == 1 and value.ndim and value.shape[0] == len(w) and np.max(np.abs(value[0])) > trial.tolerance:
        return f"a row of weight 0 has the result {value[0]}"
    for argument in trial.signature.floats:
        if argument is weight or argument.shape[:depth] != weight.shape[:depth]:
            continue
        v = np.array(x[argument.name])
        v[first] = other[argument.name][first]
        moved = trial.value({**without, argument.name: v})
        if not close(moved, value, trial.tolerance):
            what = "a row" if depth == 1 else "an element"
            return f"{what} of weight 0 moves the value from {np.sum(value):.6g} to {np.sum(moved):.6g}"
    return None


def _doubled(trial: Trial, weight: Argument, x: Inputs) -> str | None:
    once, twice = trial.value(x), trial.value({**x, weight.name: 2.0 * x[weight.name]})
    if close(twice, once, trial.tolerance) or close(twice, 2.0 * once, trial.tolerance):
        return None
    return f"doubling every weight turns {np.sum(once):.6g} into {np.sum(twice):.6g}"


def _row_repeated(trial: Trial, weight: Argument, x: Inputs) -> str | None:
    """Ask that weight 2 for one row does what the row twice does; a mean may divide by the rows or by the weights."""
    value = trial.value(x)
    if value.ndim:
        return None
    n, heavy = trial.count(x), np.array(x[weight.name])
    heavy[0] *= 2.0
    weighted, repeated = trial.value({**x, weight.name: heavy}), trial.value(trial.rows(x, [*range(n), 0]))
    if any(close(weighted, factor * repeated, trial.tolerance) for factor in (1.0, (n + 1) / n)):
        return None
    return f"weight 2 for a row gives {float(weighted):.6g}, the row twice gives {float(repeated):.6g}"


def _repeated(trial: Trial, weight: Argument, label: Argument, x: Inputs) -> str | None:
    """Ask that weight 2 for one class does what its rows twice do."""
    y = np.asarray(x[label.name])
    if not label.domain.startswith("index") or label.shape != (trial.signature.batch,) or trial.reduction == "none":
        return None
    even, heavy = np.ones_like(x[weight.name]), np.ones_like(x[weight.name])
    heavy[int(y[0])] = 2.0
    twice = trial.rows(x, [*range(len(y)), *np.flatnonzero(y == y[0]).tolist()])
    weighted, repeated = trial.value({**x, weight.name: heavy}), trial.value({**twice, weight.name: even})
    if close(weighted, repeated, trial.tolerance):
        return None
    return f"weight 2 for class {int(y[0])} gives {np.sum(weighted):.6g}, its rows twice give {np.sum(repeated):.6g}"


def _positives(trial: Trial, weight: Argument, label: Argument, x: Inputs) -> str | None:
    """Ask that a larger pos_weight raises the loss of positives only."""
    if label.domain not in ("{0,1}", "unit"):
        return None
    gains = []
    for side in (1.0, 0.0):
        only = {**x, label.name: np.full_like(x[label.name], side)}
        doubled = {**only, weight.name: 2.0 * np.asarray(x[weight.name])}
        gains.append(float(np.sum(trial.value(doubled)) - np.sum(trial.value(only))))
    if gains[0] > 1e-9 and abs(gains[1]) <= trial.tolerance:
        return None
    return f"doubling {weight.name} moves the loss of positives by {gains[0]:.4g}, of negatives by {gains[1]:.4g}"
