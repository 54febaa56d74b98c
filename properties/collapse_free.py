r"""The value does not collapse to 0 where the correctly rounded value is not 0, nor to a constant for worse mistakes.

In each narrow format the value is compared with float64 on the same rounded numbers: a sum ``1 + exp(-x)`` that rounds
to 1 turns a small loss, and its gradient, into exactly 0. A value that moves by more than half of itself when the
numbers move by half a unit of the format, such as the divergence of two equal distributions, is 0 for all the format
knows. In the widest format a loss that rises steadily as a prediction gets worse does not become exactly flat: a
clipped probability no longer tells a mistake from a worse one.

Answers
-------
SUPPORTED
    That many directed inputs keep a value that is not 0.
REFUTED
    The value is 0 where float64 gives a number the format holds. Severity warning: floats excuse it, a training run may
    not. Witness: the smallest such input found, in hex; on the line from its start one float separates it from an input
    that keeps its value. Or the value becomes flat: severity warning, ramps and truncated losses mean it.
NOT_APPLICABLE
    The format is the one values are compared with, or the loss does not run in it.

Known exceptions
----------------
Ramps and truncated losses are flat on purpose. Values below 16 units of rounding of an ordinary value are not asked:
float64 itself may be wrong there.

References
----------
L. Prieto, M. Barsbey, P. A. M. Mediano, T. Birdal (2025). Grokking at the edge of numerical stability. ICLR.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.domain import inside
from losscheck.behaviour.formats import EPSILON, Array, Inputs, round_to
from losscheck.behaviour.hazards import Hazard
from losscheck.behaviour.saturation import saturates
from losscheck.behaviour.threshold import smallest
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, show_array, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

NUDGES = 4
"""How many times the numbers are moved at random before a value that is lost counts as known."""


@behaviour(title="the value does not collapse to 0")
def collapse_free(trial: Trial) -> Iterator[Outcome]:
    """Look for values of exactly 0 that should not be, one outcome per narrow format."""
    found = trial.hazards()
    flat = saturates(trial)
    if flat is not None:
        fact, x = flat
        yield refuted(fact, witness=witness(x, trial.dtype), severity=Severity.WARNING, dtype=trial.dtype)
    for dtype in trial.dtypes:
        if dtype == trial.dtype:
            continue
        if trial.supports(dtype):
            yield _in_format(trial, found, dtype)
        else:
            yield not_applicable(f"the loss does not run in {dtype}", dtype=dtype)


def _in_format(trial: Trial, found: list[Hazard], dtype: str) -> Outcome:
    asked = 0
    for hazard in found:
        x = trial.rounded(hazard.inputs, dtype)
        if not inside(trial.signature, x, dtype):
            continue
        asked += 1
        if _collapsed(trial, x, dtype):
            return _report(trial, hazard, x, dtype)
    return supported(f"{asked} directed inputs keep a value that is not 0 in {dtype}", dtype=dtype)


def _collapsed(trial: Trial, x: Inputs, dtype: str) -> bool:
    got, true = trial.value_or_nan(x, dtype), trial.value_or_nan(x)
    if got.shape != true.shape:
        return False
    lost = (got == 0.0) & np.isfinite(true) & _held(trial, true, dtype)
    return bool(np.any(lost)) and bool(np.any(lost & _settled(trial, x, true, dtype)))


def _held(trial: Trial, true: Array, dtype: str) -> Array:
    """Whether the format holds each value as something else than 0, and float64 itself knows it from rounding."""
    return np.asarray((round_to(true, dtype) != 0.0) & (np.abs(true) > 16.0 * trial.noise))


def _settled(trial: Trial, x: Inputs, true: Array, dtype: str) -> Array:
    """Whether each value stays within half of itself when the numbers move by half a unit of the format."""
    found = np.ones(true.shape, dtype=bool)
    rng = np.random.default_rng(0)
    for _ in range(NUDGES):
        nudged = dict(x)
        for argument in trial.signature.floats:
            # Domains with an upper end are left downwards only.
            signs = (-1.0, 1.0) if argument.domain in ("real", "positive") else (-1.0, 0.0)
            moves = rng.choice(signs, size=np.shape(x[argument.name]))
            nudged[argument.name] = np.asarray(x[argument.name]) * (1.0 + moves * EPSILON[dtype] / 2.0)
        near = trial.value_or_nan(nudged)
        if near.shape == true.shape:
            found &= ~(np.abs(near - true) > np.abs(true) / 2.0)
    return found


def _report(trial: Trial, hazard: Hazard, x: dict[str, Array], dtype: str) -> Outcome:
    def broken(y: Inputs) -> bool:
        return _collapsed(trial, y, dtype)

    at = smallest(trial, broken, broken, x, hazard.base, dtype)
    true = trial.value_or_nan(at.inputs)
    edge = "; one float closer it is not 0" if at.exact else ""
    return refuted(
        f"0 in {dtype} where float64 gives {show_array(true)}, at {show(at.inputs)} ({hazard.name}){edge}",
        witness=witness(at.inputs, dtype, float64=show_array(true)),
        severity=Severity.WARNING,
        dtype=dtype,
    )
