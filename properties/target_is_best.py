r"""The target is the best prediction: no other prediction costs less.

A law that speaks from evidence. Regression (prediction and target of one shape and domain, or rates beside counts):
predictions off the target by residuals from 0.001 to 10 cost no less than the target itself, a residual of one sign up
to 3 costs no less than a smaller one (in [0, 1]: a prediction farther on the way to another), and where rows interact
the cost of the target does not depend on their number, nor is it nothing for some targets only. Boxes: moved and
rescaled boxes cost no less than the target, and no less than ones closer to it; where moving all boxes changes
nothing, neither does exchanging x and y; predictions that may be any numbers, corners exchanged, cost no less than the
target. Distributions against distributions (or their logarithms): predictions on the way from the target to others
cost no less, and where the cost of the target is the same for every target it is 0. Probabilities and hard labels: the
labels themselves as probabilities cost least, cost the same for every labelling, and (almost) nothing; and where a
false alarm (1 for 0, all else right) costs something, so does a miss, and the other way round. Two laws given by their
parameters (``mu1, logvar1, mu2, logvar2``), or one beside the standard normal, also as a term of its own in a larger
loss: none costs less than equal ones.

Answers
-------
SUPPORTED
    That many other predictions cost no less.
REFUTED
    One costs less, or a perfect prediction costs more for some labels than for others, or an amount that is no floor.
    Severity warning: a loss may mean it (a negative log-likelihood of rates). Witness: the input.
NOT_APPLICABLE
    The signature has no single prediction and target that may be equal.

Known exceptions
----------------
A negative log-likelihood of rates is least beside its target, and may depend on it: warnings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.ladder import (
    MOVES,
    Step,
    cost_moves_with_rows,
    fault,
    floor_of_some,
    inside_out,
    mixtures,
    moved_boxes,
    residuals,
    scaled_boxes,
    total,
)
from losscheck.behaviour.mistakes import free_mistake
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.turned import sides_differ
from losscheck.behaviour.twins import twins_apart
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.signature import Argument
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

SIMPLEX = ("simplex", "simplex+")
FLOOR = 0.02
"""Share of an ordinary cost that a perfect prediction may cost: clipped logarithms, constants that smooth a ratio."""

SHARES = (0.01, 0.1, 0.5, 1.0)
PERFECT = "a perfect prediction costs minus infinity"


@behaviour(title="the target is the best prediction")
def target_is_best(trial: Trial) -> Iterator[Outcome]:
    """Compare the target as a prediction with others."""
    apart = twins_apart(trial)
    if apart is not None:
        yield _refute(trial, apart[1], apart[0])
        return
    p, t = prediction(trial.signature), target(trial.signature)
    alone = len(trial.signature.arguments) == 2 and not trial.caller.returns_tuple
    if p is None or t is None or p.shape != t.shape or not alone:
        yield not_applicable("the signature has no single prediction and target that may be equal")
        return
    if p.domain == t.domain and p.domain in ("real", "positive", "unit", "(0,1)", "[-1,1]"):
        yield _regression(trial, p, t)
    elif p.domain == "positive" and t.domain == "count":
        yield _rates(trial, p, t)
    elif t.domain == "box" and p.domain in ("box", "real"):
        yield _boxes(trial, p, t)
    elif p.domain in (*SIMPLEX, "logsimplex") and t.domain in SIMPLEX and p.class_axis == t.class_axis:
        yield _distributions(trial, p, t)
    elif p.domain == "unit" and t.domain in ("{0,1}", "{0,1}+"):
        yield _hard_labels(trial, p, t)
    else:
        yield not_applicable(f"predictions ({p.domain}) and targets ({t.domain}) cannot be equal")


def _regression(trial: Trial, p: Argument, t: Argument) -> Outcome:
    def ladders(x: Inputs) -> list[Iterator[Step]]:
        if p.domain in ("real", "positive"):
            return [residuals(x, p, t, sign) for sign in (1.0, -1.0)]
        return [mixtures(x, p, t, trial.sample(seed)[p.name]) for seed in (21, 22)]

    found = _climb(trial, p, t, ladders)
    if found is None and (fact := floor_of_some(trial, p, t)) is not None:
        found = _refute(trial, trial.sample(0), fact)
    return found or supported("predictions off the target cost no less than it, and no less than closer ones")


def _rates(trial: Trial, p: Argument, t: Argument) -> Outcome:
    def ladders(x: Inputs) -> list[Iterator[Step]]:
        return [residuals(x, p, t, sign) for sign in (1.0, -1.0)]

    return _climb(trial, p, t, ladders) or supported("rates off the count cost no less than it, nor than closer ones")


def _boxes(trial: Trial, p: Argument, t: Argument) -> Outcome:
    def ladders(x: Inputs) -> list[Iterator[Step]]:
        moved = [moved_boxes(x, p, t, move) for move in MOVES]
        return moved + [scaled_boxes(x, p, t, factor) for factor in (0.3, 3.0)]

    found = _climb(trial, p, t, ladders)
    if p.domain == "real":
        if found is not None:
            return not_applicable("numbers that are best elsewhere than at the box beside them are no boxes")
        found = _climb(trial, p, t, lambda x: [inside_out(x, p, t)])
    elif found is None and (turned := sides_differ(trial, p, t)) is not None:
        found = _refute(trial, turned[1], turned[0])
    return found or supported("moved and rescaled boxes cost no less than their targets, and no less than closer ones")


def _climb(trial: Trial, p: Argument, t: Argument, ladders: Callable[[Inputs], list[Iterator[Step]]]) -> Outcome | None:
    for seed in range(1 + trial.budget):
        x = trial.sample(seed)
        perfect = {**x, p.name: x[t.name].copy()}
        if np.isneginf(trial.value_or_nan(perfect)).any():
            return _refute(trial, perfect, PERFECT)
        best = total(trial, perfect)
        if best is None:
            continue
        for steps in ladders(x):
            found = fault(trial, best, steps)
            if found is not None:
                return _refute(trial, found[1], found[0])
    fact = cost_moves_with_rows(trial, p, t)
    return None if fact is None else _refute(trial, trial.sample(0), fact)


def _distributions(trial: Trial, p: Argument, t: Argument) -> Outcome:
    asked = 0
    floors = []

    def as_prediction(q: Array) -> Array:
        return np.log(q) if p.domain == "logsimplex" else q

    for seed in range(1 + trial.budget):
        x = trial.sample(seed)
        y = x[t.name]
        best = total(trial, {**x, p.name: as_prediction(y)})
        if best is None:
            continue
        floors.append(best)
        for other in (trial.sample(seed + 20)[t.name], np.full_like(y, 1.0 / y.shape[t.class_axis])):
            for share in SHARES:
                guess = {**x, p.name: as_prediction((1.0 - share) * y + share * other)}
                if (outcome := _beaten(trial, guess, best, "a prediction off the target")) is not None:
                    return outcome
                asked += 1
    if len(floors) > 1 and np.ptp(floors) <= 1e-9 and abs(floors[0]) > 1e-3:
        fact = f"the target itself costs {floors[0]:.6g} for every target: a divergence is 0 there"
        return _refute(trial, trial.sample(0), fact)
    return supported(f"{asked} other predictions cost no less than the target")


def _hard_labels(trial: Trial, p: Argument, t: Argument) -> Outcome:
    x = trial.sample(0)
    y = x[t.name]
    labellings = [y, 1.0 - y, np.ones_like(y)] + ([np.zeros_like(y)] if t.domain == "{0,1}" else [])
    costs: list[float] = []
    asked = 0
    for labels in labellings:
        perfect = {**x, t.name: labels, p.name: labels.copy()}
        if np.isneginf(trial.value_or_nan(perfect)).any():
            return _refute(trial, perfect, PERFECT)
        best = total(trial, perfect)
        if best is None:
            return not_applicable("a perfect prediction costs infinitely much or is refused")
        costs.append(best)
        for seed in range(8):
            away = (0.01 if seed % 2 else 1.0) * (trial.sample(seed + 20)[p.name] - labels)
            guess = {**x, t.name: labels, p.name: labels + away}
            if (outcome := _beaten(trial, guess, best, "a prediction off the labels", 1e-4)) is not None:
                return outcome
            asked += 1
    if (free := free_mistake(trial, x, p.name, y)) is not None:
        return _refute(trial, free[1], free[0])
    if np.ptp(costs) > 1e-3:
        seen = ", ".join(f"{cost:.4g}" for cost in costs)
        return refuted(
            f"a perfect prediction costs {seen}, depending on the labels",
            witness=witness({**x, p.name: y.copy()}, trial.dtype, costs=costs),
            severity=Severity.WARNING,
        )
    usual = total(trial, x)
    if usual is not None and costs[0] > FLOOR * abs(usual):
        fact = f"a perfect prediction costs {costs[0]:.6g} whatever the labels, an ordinary one {usual:.6g}"
        return _refute(trial, {**x, p.name: y.copy()}, fact)
    return supported(f"{asked} other predictions cost no less than the labels, for each of {len(costs)} labellings")


def _beaten(trial: Trial, x: Inputs, best: float, what: str, tolerance: float | None = None) -> Outcome | None:
    cost = total(trial, x)
    if cost is None or cost >= best - (tolerance or trial.tolerance) * max(1.0, abs(best)):
        return None
    return _refute(trial, x, f"{what} costs {cost:.6g}, the target itself {best:.6g}")


def _refute(trial: Trial, x: Inputs, fact: str) -> Outcome:
    return refuted(f"{fact}, at {show(x)}", witness=witness(x, trial.dtype), severity=Severity.WARNING)
