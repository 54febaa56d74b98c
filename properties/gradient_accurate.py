r"""In each narrow format the gradient agrees with the gradient in float64 on the same rounded numbers.

Only gross departures are reported: an error beyond :math:`2^{-p/2}` of the largest entry, p the significand bits. A
gradient of exactly 0 where float64 has one is such a departure: nothing is learnt there. Next to a kink either side is
right: an error is excused that the gradient in float64 itself makes when its input moves by a few units of the format.

Answers
-------
SUPPORTED
    That many directed inputs agree; says the largest relative error seen.
REFUTED
    One does not. Severity warning. Witness: the smallest such input found and both gradients.
NOT_APPLICABLE
    The loss has no gradient (NumPy), the format is the one gradients are compared with, or the loss does not run in it.

Known exceptions
----------------
Next to a kink the gradient of either side is right. Gradients below 16 units of 1, and within a factor of 16 of the
format's largest number, are not asked.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.domain import inside
from losscheck.behaviour.formats import EPSILON, LARGEST, Array, Inputs
from losscheck.behaviour.hazards import Hazard
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, show_array, witness
from losscheck.property import behaviour
from losscheck.signature import Argument
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported


@behaviour(title="gradients in narrow formats agree with float64")
def gradient_accurate(trial: Trial) -> Iterator[Outcome]:
    """Compare gradients with float64 at directed inputs, one outcome per narrow format."""
    if not trial.differentiable:
        yield not_applicable(f"there is no gradient: the loss takes {trial.caller.backend} arrays without autograd")
        return
    predictions = [a for a in trial.differentiable if not a.is_label] or list(trial.differentiable)
    found = trial.hazards()
    for dtype in trial.dtypes:
        if dtype == trial.dtype:
            continue
        if trial.supports(dtype):
            yield _in_format(trial, predictions, found, dtype)
        else:
            yield not_applicable(f"the loss does not run in {dtype}", dtype=dtype)


def _in_format(trial: Trial, predictions: list[Argument], found: list[Hazard], dtype: str) -> Outcome:
    asked, worst = 0, 0.0
    for hazard in found:
        x = trial.rounded(hazard.inputs, dtype)
        if not inside(trial.signature, x, dtype):
            continue
        for argument in predictions:
            error = _error(trial, argument, x, dtype)
            if error is None:
                continue
            asked += 1
            if error > EPSILON[dtype] ** 0.5 and not _sensitive(trial, argument, x, dtype):
                return _report(trial, argument, hazard, x, dtype)
            worst = max(worst, error)
    return supported(f"{asked} gradients agree with float64 in {dtype}, to {worst:.2g}", dtype=dtype)


def _error(trial: Trial, argument: Argument, x: Inputs, dtype: str) -> float | None:
    """Return the largest error relative to the largest entry; None where a gradient is missing or not finite."""
    got, true = _gradient(trial, argument, x, dtype), _gradient(trial, argument, x, trial.dtype)
    if got is None or true is None or got.shape != true.shape:
        return None
    size = float(np.max(np.abs(true), initial=0.0))
    # Below the rounding of numbers next to 1, and near the ends of the format, nothing is owed.
    if size <= 16.0 * max(EPSILON[dtype], trial.noise) or size > LARGEST[dtype] / 16.0:
        return None
    return max(float(np.max(np.abs(got - true), initial=0.0)) - 4.0 * EPSILON[dtype], 0.0) / size


def _sensitive(trial: Trial, argument: Argument, x: Inputs, dtype: str) -> bool:
    """Whether the gradient in float64 moves as much when the inputs move by a few units of the format."""
    got, true = _gradient(trial, argument, x, dtype), _gradient(trial, argument, x, trial.dtype)
    if got is None or true is None:
        return True
    error, rng = float(np.max(np.abs(got - true), initial=0.0)), np.random.default_rng(5)
    for _ in range(8):
        moved = dict(x)
        for a in trial.signature.floats:
            v = np.asarray(x[a.name])
            size = np.maximum(np.abs(v), 1e-3 * float(np.max(np.abs(v), initial=0.0)))
            moved[a.name] = v + 4.0 * EPSILON[dtype] * size * rng.choice([-1.0, 1.0], size=v.shape)
        nearby = _gradient(trial, argument, moved, trial.dtype)
        if nearby is None or float(np.max(np.abs(nearby - true), initial=0.0)) > 0.25 * error:
            return True
    return False


def _gradient(trial: Trial, argument: Argument, x: Inputs, dtype: str) -> Array | None:
    """Return a finite gradient, or None."""
    names = [a.name for a in trial.differentiable if not a.is_label] or [a.name for a in trial.differentiable]
    try:
        found = trial.gradient(x, names, dtype)[argument.name]
    except Raised:
        return None
    return found if found is not None and np.isfinite(found).all() else None


def _report(trial: Trial, argument: Argument, hazard: Hazard, x: Inputs, dtype: str) -> Outcome:
    for i in range(trial.count(x)):
        row = trial.rows(x, [i])
        error = _error(trial, argument, row, dtype)
        if error is not None and error > EPSILON[dtype] ** 0.5:
            x = row
            break
    got, true = (show_array(np.asarray(_gradient(trial, argument, x, each))) for each in (dtype, trial.dtype))
    return refuted(
        f"the gradient by {argument.name} is {got} in {dtype} where float64 gives {true}, at {show(x)} ({hazard.name})",
        witness=witness(x, dtype, argument=argument.name, gradient=got, float64=true),
        severity=Severity.WARNING,
        dtype=dtype,
    )
