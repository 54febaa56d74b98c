r"""What holds almost everywhere holds everywhere: a floor at 0, a shift, a symmetry, a sum of probabilities.

A law that speaks from evidence. Each fact is first measured on ordinary inputs; one that holds there for all of them is
then asked at directed inputs (ties, saturated and large scores), where it may not break by more than rounding:

- the value is not negative (evidence: 0 is a floor, the smallest ordinary values come near it);
- a constant added to all scores of a row changes nothing;
- swapping the sides of a binary problem changes nothing: :math:`\ell(z, 1) = \ell(-z, 0)`;
- the order of the classes changes nothing, when scores and label move together;
- :math:`\sum_y e^{-\ell(z, y)} = 1`.

Answers
-------
SUPPORTED
    The facts with evidence hold everywhere they were asked.
REFUTED
    One breaks. Severity warning. Witness: the input where it breaks.
NOT_APPLICABLE
    No fact has evidence.

Known exceptions
----------------
Scores that are clipped on purpose, and costs that differ by class beyond the ordinary inputs: warnings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from losscheck.behaviour.formats import EPSILON, Array, Inputs
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.signature import Argument
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

ORDINARY = 8
FLOOR = 64
FEW = 10
"""Classes up to which the loss of every label is added up: one call each, at every input."""

Defect = Callable[[Inputs], float | None]


@dataclass(frozen=True)
class Fact:
    """What is said, and by how much an input breaks it, in units of the value; None where it cannot be asked."""

    statement: str
    defect: Defect


@behaviour(title="what holds almost everywhere holds everywhere")
def nearly_always(trial: Trial) -> Iterator[Outcome]:
    """Measure facts at ordinary inputs, then at directed ones."""
    if trial.caller.returns_tuple:
        yield not_applicable("the loss returns several values")
        return
    held = []
    for fact in (_floor(trial), *_symmetries(trial)):
        if fact is None:
            continue
        ordinary = [fact.defect(trial.sample(seed)) for seed in range(ORDINARY)]
        if any(d is None or d > 0.0 for d in ordinary):
            continue
        held.append(fact.statement)
        for hazard in trial.hazards():
            defect = fact.defect(hazard.inputs)
            if defect is not None and defect > 0.0:
                yield refuted(
                    f"{fact.statement} at {ORDINARY} ordinary inputs, but not at {show(hazard.inputs)} "
                    f"({hazard.name}), by {defect:.3g}",
                    witness=witness(hazard.inputs, trial.dtype, fact=fact.statement, defect=defect),
                    severity=Severity.WARNING,
                )
                return
    if held:
        yield supported(f"at ordinary and directed inputs alike: {'; '.join(held)}")
    else:
        yield not_applicable("no fact holds at all ordinary inputs")


def _room(trial: Trial, x: Inputs, *values: Array) -> float:
    """Return the rounding that scores and values of this size excuse."""
    value = max([1.0, *(float(np.max(np.abs(v), initial=0.0)) for v in values)])
    scores = max([1.0, *(float(np.max(np.abs(x[a.name]), initial=0.0)) for a in trial.signature.floats)])
    return 1e-6 * value + 1e3 * max(EPSILON[trial.dtype], trial.noise) * max(value, scores)


def _floor(trial: Trial) -> Fact | None:
    # Single rows: a mean over rows stays away from the floor.
    one = {} if trial.signature.batch is None else {trial.signature.batch: 1}
    values = np.concatenate([np.ravel(trial.value_or_nan(trial.sample(seed, **one))) for seed in range(FLOOR)])
    if not np.isfinite(values).all() or values.min() < 0.0 or values.min() > 0.2 * np.median(values):
        return None

    def defect(x: Inputs) -> float | None:
        value = trial.value_or_nan(x)
        if not np.isfinite(value).all():
            return None
        return float(np.max(-value, initial=0.0)) - _room(trial, x)

    return Fact("the value is not negative", lambda x: None if (d := defect(x)) is None else max(d, 0.0))


def _symmetries(trial: Trial) -> Iterator[Fact]:
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or p.domain != "real":
        return
    batch, alone = trial.signature.batch, len(trial.signature.arguments) == 2
    if t.domain == "{0,1}" and p.shape == t.shape and alone:
        yield _same(
            trial, "swapping the sides changes nothing", lambda x: {p.name: -x[p.name], t.name: 1.0 - x[t.name]}
        )
    if p.shape not in ((batch, "K"), (batch, "C")) or t.shape not in ((batch,), p.shape):
        return
    yield _same(trial, "a constant added to all scores changes nothing", lambda x: {p.name: x[p.name] + 3.0})
    if not t.domain.startswith("index") or t.shape != (batch,) or not alone:
        return
    last = trial.n_classes - 1
    yield _same(
        trial,
        "the order of the classes changes nothing",
        lambda x: {p.name: np.asarray(x[p.name])[:, ::-1].copy(), t.name: last - np.asarray(x[t.name])},
    )
    if trial.n_classes <= FEW:
        yield Fact("the class probabilities exp(-loss) add up to 1", lambda x: _mass(trial, p, t, x))


def _same(trial: Trial, statement: str, change: Callable[[Inputs], dict[str, Array]]) -> Fact:
    def defect(x: Inputs) -> float | None:
        one, other = trial.value_or_nan(x), trial.value_or_nan({**x, **change(x)})
        if one.shape != other.shape or not (np.isfinite(one).all() and np.isfinite(other).all()):
            return None
        return max(float(np.max(np.abs(one - other), initial=0.0)) - _room(trial, x, one), 0.0)

    return Fact(statement, defect)


def _mass(trial: Trial, p: Argument, t: Argument, x: Inputs) -> float | None:
    row = {p.name: np.asarray(x[p.name])[:1]}
    losses = [np.sum(trial.value_or_nan({**row, t.name: np.array([y])})) for y in range(trial.n_classes)]
    if np.isnan(losses).any():
        return None
    return max(abs(float(np.exp(-np.array(losses)).sum()) - 1.0) - _room(trial, x), 0.0)
