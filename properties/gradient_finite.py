r"""The gradient is finite wherever the value is finite and its slope is bounded, in every format.

Truth: one-sided difference quotients in float64 that stay bounded as the step shrinks. A slope that is truly infinite,
sqrt at 0 or log p near 0, is no fault.

Answers
-------
SUPPORTED
    That many directed inputs gave finite gradients wherever the slope is bounded.
REFUTED
    NaN or inf in the gradient. Witness: the smallest such input found, in hex. Severity error in float64 and float32;
    warning in float16 and bfloat16, where the value is finite but its slope is not bounded (a jump, a cusp), and where
    the value is so large that its square leaves the format.
    The backward pass raises: severity error.
NOT_APPLICABLE
    The loss has no gradient (NumPy), or does not run in this format.

Known exceptions
----------------
A slope that is truly infinite (sqrt at 0, log p at 0). Narrow half formats, jumps and cusps, and values whose square
leaves the format are warnings.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.difference import slope_is_bounded
from losscheck.behaviour.domain import inside, moderate
from losscheck.behaviour.formats import HALF, LARGEST, Inputs
from losscheck.behaviour.hazards import Hazard
from losscheck.behaviour.threshold import smallest
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, show_array, witness
from losscheck.property import behaviour
from losscheck.signature import Argument
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported, undecided

HUGE = 0.4
"""Power of the largest number beyond which a value excuses its gradient: the derivative of a quotient squares it."""


@behaviour(title="the gradient is finite wherever the slope is bounded")
def gradient_finite(trial: Trial) -> Iterator[Outcome]:
    """Look for NaN and inf in gradients at directed inputs, one outcome per format."""
    if not trial.differentiable:
        yield not_applicable(f"there is no gradient: the loss takes {trial.caller.backend} arrays without autograd")
        return
    found = trial.hazards()
    for dtype in trial.dtypes:
        if trial.supports(dtype):
            yield _in_format(trial, found, dtype)
        else:
            yield not_applicable(f"the loss does not run in {dtype}", dtype=dtype)


def _in_format(trial: Trial, found: list[Hazard], dtype: str) -> Outcome:
    predictions = [a for a in trial.differentiable if not a.is_label] or list(trial.differentiable)
    asked, steep, far, why_not = 0, None, None, "no directed input lies in the range of the format"
    half = Severity.WARNING if dtype in HALF else Severity.ERROR
    for hazard in found:
        x = trial.rounded(hazard.inputs, dtype)
        if not inside(trial.signature, x, dtype):
            continue
        try:
            broken = _broken(trial, predictions, x, dtype)
        except Raised as error:
            if not error.backward:
                why_not = str(error)
                continue
            return refuted(
                f"the backward pass raises at {hazard.name}: {error}",
                witness=error.witness,
                severity=half,
                location=error.location,
                dtype=dtype,
            )
        asked += 1
        if broken is None:
            continue
        if not _bounded(trial, broken, x):
            steep = steep or (hazard, broken)
        elif np.max(np.abs(trial.value(x, dtype)), initial=0.0) > LARGEST[dtype] ** HUGE:
            far = far or hazard
        else:
            return _report(trial, predictions, hazard, x, dtype, half)
    if far is not None:
        return _report(trial, predictions, far, trial.rounded(far.inputs, dtype), dtype, Severity.WARNING)
    if steep is not None:
        hazard, argument = steep
        x = trial.rounded(hazard.inputs, dtype)
        return refuted(
            f"the gradient by {argument.name} is not finite in {dtype} at {show(x)} ({hazard.name}), where the value "
            "is finite but its slope is not bounded",
            witness=witness(x, dtype, argument=argument.name),
            severity=Severity.WARNING,
            reason="unbounded slope",
            dtype=dtype,
        )
    if not asked:
        return undecided(f"no gradient could be computed in {dtype}: {why_not}", reason="raises", dtype=dtype)
    return supported(f"{asked} directed inputs give finite gradients in {dtype}", dtype=dtype)


def _broken(trial: Trial, arguments: list[Argument], x: Inputs, dtype: str) -> Argument | None:
    """Return the first argument whose gradient is not finite though the value is."""
    if not np.isfinite(trial.value(x, dtype)).all():
        return None
    found = trial.gradient(x, [a.name for a in arguments], dtype)
    for argument in arguments:
        g = found[argument.name]
        if g is not None and not np.isfinite(g).all():
            return argument
    return None


def _bounded(trial: Trial, argument: Argument, x: Inputs) -> bool:
    x = moderate(trial.signature, x)
    return slope_is_bounded(
        lambda v: float(np.sum(trial.value_or_nan({**x, argument.name: v}))), argument, np.asarray(x[argument.name])
    )


def _report(
    trial: Trial, predictions: list[Argument], hazard: Hazard, x: Inputs, dtype: str, severity: Severity
) -> Outcome:
    def which(y: Inputs) -> Argument | None:
        try:
            return _broken(trial, predictions, y, dtype)
        except Raised:
            return None

    def at_fault(y: Inputs) -> bool:
        return (argument := which(y)) is not None and _bounded(trial, argument, y)

    at = smallest(trial, lambda y: which(y) is not None, at_fault, x, hazard.base, dtype)
    argument = _broken(trial, predictions, at.inputs, dtype) or predictions[0]
    got = trial.gradient(at.inputs, [argument.name], dtype)[argument.name]
    edge = "; one float closer it is finite" if at.exact else ""
    return refuted(
        f"the gradient by {argument.name} is {show_array(np.asarray(got))} in {dtype} at {show(at.inputs)} "
        f"({hazard.name}), where the slope is bounded{edge}",
        witness=witness(at.inputs, dtype, argument=argument.name, gradient=show_array(np.asarray(got))),
        severity=severity,
        dtype=dtype,
    )
