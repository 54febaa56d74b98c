r"""Rows with the ignored label have no influence, no gradient, and may be dropped.

Asked of signatures with ``index*`` (label ``index*=V``, default -100), in batches where some rows are ignored.

Answers
-------
SUPPORTED
    No prediction of an ignored row moved the value, and no gradient reached it.
REFUTED
    The loss raises on the ignored label, an ignored row moves the value, or a gradient reaches it: severity error.
    Dropping ignored rows rescales the value (a mean that counts them): severity warning. Witness: the batch.
NOT_APPLICABLE
    The signature marks no ignored label.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.reduction import close
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.signature import Argument
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported


@behaviour(title="ignored rows have no influence")
def ignored_rows(trial: Trial) -> Iterator[Outcome]:
    """Ignore some rows, and see what they still do."""
    label = next((a for a in trial.signature.arguments if a.ignored is not None), None)
    if label is None:
        yield not_applicable("the signature marks no ignored label (index*)")
        return
    for seed in range(1, 1 + trial.budget):
        try:
            outcome = _ask(trial, label, trial.sample(seed), trial.sample(seed + 40))
        except Raised as error:
            outcome = refuted(
                f"the loss raises when rows are ignored: {error}",
                witness=error.witness,
                severity=Severity.ERROR,
                location=error.location,
            )
        if outcome is not None:
            yield outcome
            return
    yield supported(f"rows with the label {label.ignored} move neither the value nor a gradient")


def _ask(trial: Trial, label: Argument, x: Inputs, other: Inputs) -> Outcome | None:
    y = np.array(x[label.name])
    hidden = np.zeros(y.shape, dtype=bool)
    hidden.reshape(-1)[1::2] = True
    y[hidden] = label.ignored
    x = {**x, label.name: y}
    value = trial.value(x)
    for argument in trial.signature.floats:
        v = np.asarray(x[argument.name])
        at = _spread(hidden, v, argument)
        if at is None:
            continue
        moved = trial.value({**x, argument.name: np.where(at, other[argument.name], v)})
        if not close(moved, value, trial.tolerance):
            return _refute(trial, x, f"{argument.name} of ignored rows moves the value", Severity.ERROR)
        g = trial.gradient(x, [argument.name])[argument.name] if trial.differentiable else None
        if g is not None and np.any(np.abs(np.where(at, g, 0.0)) > 0.0):
            return _refute(trial, x, f"ignored rows get a gradient by {argument.name}", Severity.ERROR)
    if y.ndim != 1 or trial.signature.batch is None:
        return None
    kept = trial.value(trial.rows(x, np.flatnonzero(~hidden).tolist()))
    if value.ndim and value.shape[0] == len(y):
        value = value[~hidden]
    if close(kept, value, trial.tolerance):
        return None
    fact = f"without its ignored rows the batch gives {np.sum(kept):.6g}, with them {np.sum(value):.6g}"
    return _refute(trial, x, fact, Severity.WARNING)


def _spread(hidden: Array, v: Array, argument: Argument) -> Array | None:
    """Return which entries of an argument belong to hidden labels, None where the shapes say nothing about that."""
    if v.ndim == hidden.ndim and v.shape == hidden.shape:
        return hidden
    if v.ndim != hidden.ndim + 1:
        return None
    wide = np.expand_dims(hidden, argument.class_axis)
    return (
        np.broadcast_to(wide, v.shape) if all(a in (1, b) for a, b in zip(wide.shape, v.shape, strict=True)) else None
    )


def _refute(trial: Trial, x: Inputs, fact: str, severity: Severity) -> Outcome:
    return refuted(f"{fact}, at {show(x)}", witness=witness(x, trial.dtype), severity=severity)
