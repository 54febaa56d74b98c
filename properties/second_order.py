r"""Differentiating the gradient gives the derivative of the gradient.

Products of the Hessian with random directions, by differentiating twice, are compared with central differences of the
gradient at ordinary points; points where the gradient itself jumps are skipped. Of a callable that returns gradient and
Hessian themselves (an objective of a boosting library, NumPy included): the second is the derivative of the first, or
larger, finite and not negative, and the first rises with the prediction.

Answers
-------
SUPPORTED
    That many products agree.
REFUTED
    One disagrees, though nothing was raised: severity error, warning where they agree without the loss's own
    ``detach`` or ``no_grad`` (a weight held constant on purpose). Differentiating twice raises, or the gradient has no
    graph (a backward pass that is not itself differentiable), or an objective is wrong: severity warning. Witness: the
    input and the direction.
NOT_APPLICABLE
    The loss has no gradient (NumPy) and is no objective.

Known exceptions
----------------
Points where the gradient jumps are passed over. Weights held constant by ``detach`` or ``no_grad`` are a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from losscheck.behaviour.calling import Caller, Raised
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.objective import objective_fault
from losscheck.behaviour.roles import prediction
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.undetached import undetached
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported, undecided

STEPS = (1e-4, 1e-5)
"""Both must give the same difference quotient, or the gradient jumps nearby."""


@behaviour(title="the gradient of the gradient is right")
def second_order(trial: Trial) -> Iterator[Outcome]:
    """Compare Hessian products with differences of the gradient, in the widest format the loss takes."""
    p = prediction(trial.signature)
    objective = None if p is None else objective_fault(trial, p)
    if isinstance(objective, str):
        yield supported(objective)
        return
    if objective is not None:
        fact, at = objective
        yield refuted(f"{fact}, at {show(at)}", witness=witness(at, trial.dtype), severity=Severity.WARNING)
        return
    if not trial.differentiable:
        yield not_applicable(f"there is no gradient: the loss takes {trial.caller.backend} arrays without autograd")
        return
    if trial.noise > 1e-9:
        yield undecided(f"the loss works with a relative noise of {trial.noise:.1g}")
        return
    agreed, rng = 0, np.random.default_rng(5)
    for seed in range(1 + trial.budget):
        x = trial.sample(seed)
        name = next((a.name for a in trial.differentiable if not a.is_label), trial.differentiable[0].name)
        direction = rng.normal(size=np.shape(x[name]))
        try:
            expected = _difference(trial, x, name, direction)
        except Raised:
            continue
        if expected is None:
            continue
        try:
            got = trial.caller.hessian_product(x, name, direction, trial.dtype)
        except Raised as error:
            yield refuted(
                f"differentiating twice raises: {error}",
                witness=error.witness,
                severity=Severity.WARNING,
                location=error.location,
            )
            return
        size = max(1.0, float(np.max(np.abs(expected))))
        if got is None:
            if float(np.max(np.abs(expected))) > 1e-3:
                fact = (
                    f"the gradient by {name} cannot be differentiated: it has no graph, though it moves, at {show(x)}"
                )
                yield refuted(fact, witness=witness(x, trial.dtype, argument=name), severity=Severity.WARNING)
                return
        elif np.isfinite(got).all() and float(np.max(np.abs(got - expected))) > 1e-3 * size:
            fact = f"the Hessian by {name} times a direction is {got.ravel()[0]:.6g} in its first entry"
            yield refuted(
                f"{fact}, the gradient moves by {expected.ravel()[0]:.6g} at {show(x)}",
                witness=witness(x, trial.dtype, argument=name, direction=[float(d).hex() for d in direction.ravel()]),
                severity=Severity.WARNING if _on_purpose(trial, x, name, direction) else Severity.ERROR,
            )
            return
        agreed += 1
    if agreed:
        yield supported(f"{agreed} products with the Hessian agree with differences of the gradient")
    else:
        yield undecided("at no ordinary point is the gradient smooth enough for differences to say anything")


def _on_purpose(trial: Trial, x: Inputs, name: str, direction: Array) -> bool:
    """Whether Hessian and gradient agree once ``detach`` and ``no_grad`` do nothing."""
    fresh = replace(trial.caller)  # without what was compiled before
    try:
        with undetached(fresh.backend):
            expected = _difference(trial, x, name, direction, fresh)
            got = fresh.hessian_product(x, name, direction, trial.dtype)
    except Raised:  # it leaves torch after it was detached: no weight held constant
        return False
    if expected is None or got is None:
        return False
    return float(np.max(np.abs(got - expected))) <= 1e-3 * max(1.0, float(np.max(np.abs(expected))))


def _difference(trial: Trial, x: Inputs, name: str, direction: Array, fresh: Caller | None = None) -> Array | None:
    """Return the central difference of the gradient along ``direction``, None where two steps disagree."""

    def gradient(at: Inputs) -> Array | None:
        return (fresh.gradient(at, [name], trial.dtype) if fresh else trial.gradient(at, [name]))[name]

    found = []
    for step in STEPS:
        ahead, behind = (gradient({**x, name: np.asarray(x[name]) + sign * step * direction}) for sign in (1.0, -1.0))
        if ahead is None or behind is None or not np.isfinite(ahead - behind).all():
            return None
        found.append((ahead - behind) / (2.0 * step))
    size = max(1.0, float(np.max(np.abs(found[1]))))
    return found[1] if float(np.max(np.abs(found[0] - found[1]))) <= 1e-4 * size else None
