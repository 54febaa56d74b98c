r"""What is ignored, masked out or beyond the length has no influence, no gradient, and may be dropped.

Asked of signatures with ``index*`` (label ``index*=V``, else the keyword ``ignore_index``, else -100), ``mask`` or
``length``. Which truth value of a mask switches a position off is measured. Of real labels beside real scores from
evidence: where no prediction of an element labelled -1 moves the value, it is ignored, and more of them change nothing.
A mark beside binary labels (``{0,1}|255``) is none of the two labels.

Answers
-------
SUPPORTED
    No prediction there moved the value, no gradient reached it, and more of such positions changed nothing.
REFUTED
    The loss raises on the ignored label, something ignored moves the value, or a gradient reaches it: severity error.
    Dropping ignored rows rescales the value (a mean that counts them), and so do inert elements, or a mark gives what
    one of the labels gives: severity warning.
    Witness: the batch.
NOT_APPLICABLE
    The signature marks no ignored label, mask or length.

Known exceptions
----------------
A mean that counts ignored rows is the convention of some libraries: a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Inputs
from losscheck.behaviour.marks import mark_taken_for
from losscheck.behaviour.padding import influence, longer, spread
from losscheck.behaviour.reduction import close
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.signature import Argument
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

SHIFTS = (-30.0, -3.0, -0.5, 0.5, 3.0, 30.0)
"""By how much a prediction moves when it is asked whether it matters; a hinge may be flat at some of them."""


@behaviour(title="ignored rows have no influence")
def ignored_rows(trial: Trial) -> Iterator[Outcome]:
    """Ignore some rows, and see what they still do."""
    label = next((a for a in trial.signature.arguments if a.ignored is not None), None)
    if label is None and not any(a.domain in ("mask", "length") for a in trial.signature.arguments):
        yield (
            _marked(trial)
            or _inert(trial)
            or not_applicable("the signature marks no ignored label (index*), mask or length")
        )
        return
    try:
        outcome = _hidden(trial)
    except Raised as error:
        outcome = _raises(error, "positions are switched off")
    if outcome is not None:
        yield outcome
        return
    for seed in range(1, 1 + trial.budget):
        if label is None:
            break
        try:
            outcome = _ask(trial, label, trial.sample(seed), trial.sample(seed + 40))
        except Raised as error:
            outcome = _raises(error, "rows are ignored")
        if outcome is not None:
            yield outcome
            return
    yield supported("what is ignored, masked or beyond the length moves neither the value nor a gradient")


def _ask(trial: Trial, label: Argument, x: Inputs, other: Inputs) -> Outcome | None:
    y = np.array(x[label.name])
    hidden = np.zeros(y.shape, dtype=bool)
    hidden.reshape(-1)[1::2] = True
    y[hidden] = label.ignored
    x = {**x, label.name: y}
    value = trial.value(x)
    for argument in trial.signature.floats:
        v = np.asarray(x[argument.name])
        at = spread(hidden, argument, v.shape)
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


def _hidden(trial: Trial) -> Outcome | None:
    """Ask about positions that masks and lengths switch off."""
    for argument in trial.signature.arguments:
        x = trial.sample(0)
        if argument.domain == "mask":
            outcome = _masked(trial, argument, x)
        elif argument.domain == "length":
            outcome = _beyond(trial, argument, x)
        else:
            continue
        if outcome is not None:
            return outcome
    return None


def _masked(trial: Trial, mask: Argument, x: Inputs) -> Outcome | None:
    """One of the two truth values must take all influence away; more positions of that value must change nothing."""
    m = np.asarray(x[mask.name], dtype=bool)
    on, off = influence(trial, x, m), influence(trial, x, ~m)
    if min(on, off) > trial.tolerance:
        fact = f"predictions move the value where {mask.name} is set ({on:.3g}) and where it is not ({off:.3g})"
        return _refute(trial, x, fact, Severity.ERROR)
    if max(on, off) <= trial.tolerance:
        return _refute(trial, x, f"no prediction moves the value, whatever {mask.name} is", Severity.WARNING)
    dead = bool(on <= trial.tolerance)
    value = trial.value(x)
    padded = trial.value_or_nan(longer(trial, x, mask.shape[-1], 3, {mask.name: dead}))
    if padded.shape == value.shape and np.isfinite(padded).all() and not close(padded, value, trial.tolerance):
        fact = f"three more positions that {mask.name} switches off turn {np.sum(value):.6g} into {np.sum(padded):.6g}"
        return _refute(trial, x, fact, Severity.ERROR)
    return None


def _beyond(trial: Trial, length: Argument, x: Inputs) -> Outcome | None:
    """Predictions beyond the length, and more padding there, must change nothing."""
    scores = next((a for a in trial.signature.floats if "L" in a.shape[1:2]), None)
    if scores is None:
        return None
    # With several lengths (scores and labels of a sequence) nobody says whose is whose: the longest one is sure.
    lengths = [
        np.asarray(x[a.name]) for a in trial.signature.arguments if (a.domain, a.shape) == (length.domain, length.shape)
    ]
    where = np.arange(np.shape(x[scores.name])[1])[None, :] >= np.max(lengths, axis=0)[:, None]
    moved = influence(trial, x, where)
    if moved > trial.tolerance:
        return _refute(trial, x, f"predictions beyond {length.name} move the value by {moved:.3g}", Severity.ERROR)
    value, padded = trial.value(x), trial.value(longer(trial, x, "L", 3, {}))
    if padded.shape == value.shape and not close(padded, value, trial.tolerance):
        fact = f"three more positions beyond {length.name} turn {np.sum(value):.6g} into {np.sum(padded):.6g}"
        return _refute(trial, x, fact, Severity.ERROR)
    return None


def _marked(trial: Trial) -> Outcome | None:
    taken = mark_taken_for(trial)
    if taken is None:
        return None
    mark, label, x = taken
    return _refute(trial, x, f"the mark {mark:g} is taken for the label {label}", Severity.WARNING)


def _inert(trial: Trial) -> Outcome | None:
    """Ask about elements labelled -1 where they turn out to be ignored; None where they are not."""
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or len(trial.signature.arguments) != 2 or len(p.shape) != 1 or p.shape != t.shape:
        return None
    if p.domain != "real" or t.domain != "real":
        return None
    x = trial.sample(0)
    y = np.abs(x[t.name]) + 0.5
    y[0] = -1.0
    x = {**x, t.name: y}
    value = trial.value_or_nan(x)
    if value.ndim or not np.isfinite(value):
        return None

    def moves(place: int) -> float:
        seen = []
        for shift in SHIFTS:
            v = np.array(x[p.name])
            v[place] += shift
            seen.append(abs(float(np.sum(trial.value_or_nan({**x, p.name: v})) - value)))
        return max(seen)

    if moves(0) > 1e-12 or min(moves(place) for place in range(1, len(y))) < 1e-9:
        return None
    other = trial.sample(5)[p.name][:3]
    more = {p.name: np.concatenate([x[p.name], other]), t.name: np.concatenate([y, np.full(len(other), -1.0)])}
    padded = trial.value_or_nan(more)
    if close(padded, value, trial.tolerance):
        return supported("elements labelled -1 are ignored, and more of them change nothing")
    fact = f"elements labelled -1 are ignored, yet {len(other)} more turn {float(value):.6g} into {np.sum(padded):.6g}"
    return _refute(trial, more, fact, Severity.WARNING)


def _raises(error: Raised, when: str) -> Outcome:
    return refuted(
        f"the loss raises when {when}: {error}",
        witness=error.witness,
        severity=Severity.ERROR,
        location=error.location,
    )


def _refute(trial: Trial, x: Inputs, fact: str, severity: Severity) -> Outcome:
    return refuted(f"{fact}, at {show(x)}", witness=witness(x, trial.dtype), severity=severity)
