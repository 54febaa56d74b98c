r"""In each narrow format the value agrees with float64 on the same rounded numbers.

Only gross departures are reported: a relative error beyond ``2^(-p/2)``, p the significand bits: lost summands,
cancellation, absorption. Beside the directed inputs a batch of hundreds of rows is asked for, where the loss reduces
one: a sum kept in a format of 8 bits stands still at 256 times its summands.

Answers
-------
SUPPORTED
    That many directed inputs agree; says the largest relative error seen.
REFUTED
    One does not. Severity warning. Witness: the smallest such input found and both values.
NOT_APPLICABLE
    The format is the one values are compared with, or the loss does not run in it.

Known exceptions
----------------
Errors up to 16 units of 1 are excused (a value made small from numbers next to 1), as are values within a factor of 16
of the format's largest number. That nothing is left at all is the question of ``collapse_free``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.domain import inside
from losscheck.behaviour.formats import EPSILON, LARGEST, Inputs
from losscheck.behaviour.hazards import Hazard
from losscheck.behaviour.large import affordable, copies
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, show_array, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

ROWS = 600
"""Rows of the large batch: few enough to be walked through one by one, or compared in pairs."""


@behaviour(title="narrow formats agree with float64")
def value_accurate(trial: Trial) -> Iterator[Outcome]:
    """Compare each narrow format with float64 at directed inputs."""
    found = trial.hazards()
    for dtype in trial.dtypes:
        if dtype == trial.dtype:
            continue
        if trial.supports(dtype):
            yield _in_format(trial, found, dtype)
        else:
            yield not_applicable(f"the loss does not run in {dtype}", dtype=dtype)


def _in_format(trial: Trial, found: list[Hazard], dtype: str) -> Outcome:
    asked, worst = 0, 0.0
    allowed = EPSILON[dtype] ** 0.5
    for hazard in found:
        x = trial.rounded(hazard.inputs, dtype)
        if not inside(trial.signature, x, dtype):
            continue
        error = _error(trial, x, dtype)
        if error is None:
            continue
        asked += 1
        if error > allowed:
            return _report(trial, hazard, x, dtype, error)
        worst = max(worst, error)
    if (many := _many_rows(trial, dtype)) is not None:
        error = _error(trial, many.inputs, dtype) or 0.0
        if error > allowed:
            return _report(trial, many, many.inputs, dtype, error)
    return supported(f"{asked} directed inputs agree with float64 in {dtype}, to {worst:.2g}", dtype=dtype)


def _many_rows(trial: Trial, dtype: str) -> Hazard | None:
    batch = trial.signature.batch
    pairs = any(a.shape.count(batch) > 1 for a in trial.signature.arguments if batch is not None)
    if batch is None or pairs or trial.reduction == "none":
        return None
    x = trial.rounded(trial.sample(0), dtype)
    return Hazard(f"{ROWS} rows", copies(trial, x, affordable(trial, x, ROWS)), x)


def _error(trial: Trial, x: Inputs, dtype: str) -> float | None:
    """Return the relative error of the value against float64 on the same numbers; None where either is not finite."""
    got, true = trial.value_or_nan(x, dtype), trial.value_or_nan(x)
    if got.shape != true.shape or not (np.isfinite(got).all() and np.isfinite(true).all()):
        return None
    size = np.abs(true)
    if np.max(size, initial=0.0) > LARGEST[dtype] / 16.0:
        return None
    # A value made small from numbers next to 1 carries their rounding; collapse to 0 is the question of collapse_free.
    beyond = np.maximum(np.abs(got - true) - 16.0 * EPSILON[dtype], 0.0)
    return float(np.max(beyond / np.maximum(size, EPSILON[dtype]), initial=0.0))


def _report(trial: Trial, hazard: Hazard, x: Inputs, dtype: str, error: float) -> Outcome:
    for i in range(trial.count(x)):
        row = trial.rows(x, [i])
        alone = _error(trial, row, dtype)
        if alone is not None and alone > EPSILON[dtype] ** 0.5:
            x, error = row, alone
            break
    got, true = trial.value_or_nan(x, dtype), trial.value_or_nan(x)
    return refuted(
        f"{show_array(got)} in {dtype} where float64 gives {show_array(true)}, a relative error of {error:.2g}, at "
        f"{show(x)} ({hazard.name})",
        witness=witness(x, dtype, value=show_array(got), float64=show_array(true)),
        severity=Severity.WARNING,
        dtype=dtype,
    )
