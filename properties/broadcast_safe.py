r"""Shapes that differ by an axis of length 1 do not multiply: (N, 1) against (N,) must not become N x N.

Answers
-------
SUPPORTED
    The batch is still made of its rows, or the loss refuses the shapes.
REFUTED
    The signature itself takes (N, 1) and (N,): the rows of a batch mix. Severity error. It takes equal shapes, and a
    prediction with an axis too many mixes the rows instead of being refused: severity note, as in all of torch.
    Witness: the batch.
NOT_APPLICABLE
    There are not two floating arguments with one number per row.

Known exceptions
----------------
All of torch and NumPy broadcasts: a note, unless the signature itself takes (N, 1) beside (N,).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.reduction import REDUCTIONS, close, matches
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported


@behaviour(title="shapes that differ by an axis of 1 do not multiply")
def broadcast_safe(trial: Trial) -> Iterator[Outcome]:
    """Compare batches with their rows where shapes differ by an axis of length 1."""
    batch, floats = trial.signature.batch, trial.signature.floats
    column = [a for a in floats if a.shape == (batch, "1")]
    flat = [a for a in floats if a.shape == (batch,)]
    if batch is not None and column and flat:
        yield _declared(trial)
    elif batch is not None and len(flat) > 1 and trial.reduction in REDUCTIONS:
        yield _slipped(trial, flat[0].name)
    else:
        yield not_applicable("there are not two floating arguments with one number per row")


def _declared(trial: Trial) -> Outcome:
    for seed in range(1 + trial.budget):
        x = trial.sample(seed)
        rows = [trial.value_or_nan(trial.rows(x, [i])) for i in range(trial.count(x))]
        whole = trial.value_or_nan(x)
        flattened = [np.ravel(row) for row in rows]
        if np.isfinite(whole).all() and _mixes(whole, rows, flattened, trial.tolerance):
            return refuted(
                f"rows mix: the batch gives {np.mean(whole):.6g} on average, its rows {np.mean(flattened):.6g}, at "
                f"{show(x)}",
                witness=witness(x, trial.dtype),
                severity=Severity.ERROR,
            )
    return supported("the batch is made of its rows")


def _mixes(whole: Array, rows: list[Array], flattened: list[Array], tolerance: float) -> bool:
    """Whether the batch is neither none, mean nor sum of its rows, each seen as one number."""
    if any(row.size != 1 for row in flattened):
        return True
    if whole.size == len(rows):
        return not close(np.ravel(whole), np.concatenate(flattened), tolerance)
    return (
        matches(whole, [np.reshape(row, whole.shape) if whole.size == 1 else row for row in rows], tolerance)
        == "coupled"
    )


def _slipped(trial: Trial, name: str) -> Outcome:
    x = trial.sample(0)
    value = trial.value(x)
    wide: Inputs = {**x, name: np.asarray(x[name])[:, None]}
    got = trial.value_or_nan(wide)
    if not np.isfinite(got).all():
        return supported("a prediction with an axis too many is refused")
    if got.size == value.size and close(np.reshape(got, value.shape), value, trial.tolerance):
        return supported("a prediction with an axis too many changes nothing")
    return refuted(
        f"{name} of shape {wide[name].shape} is taken, and the rows mix: {np.mean(got):.6g} on average instead of "
        f"{np.mean(value):.6g}",
        witness=witness(wide, trial.dtype),
        severity=Severity.NOTE,
    )
