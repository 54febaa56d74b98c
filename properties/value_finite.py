r"""The value is finite wherever the mathematics is, in every format.

Truth without a reference: in a narrow format, float64 on the same rounded numbers; where float64 fails too, the limit
along straight paths (a hole such as 0 log 0, an intermediate overflow). A loss that is truly infinite, log of 0 or an
exponential out of range, is no fault. And predictions that are all NaN give no finite value, where predictions matter:
a number there hides a broken model.

Answers
-------
SUPPORTED
    That many directed inputs gave finite values wherever the mathematics is finite.
REFUTED
    NaN or inf where the value is finite. Witness: the smallest such input found, in hex; on the line from its start
    one float separates it from an input that is fine. Severity error in float64 and float32, warning in float16 and
    bfloat16 and where the value has no unique limit (the cosine of a zero vector).
NOT_APPLICABLE
    The loss does not run in this format.

Known exceptions
----------------
Losses that are truly infinite. Half formats, and places without a unique limit, are warnings.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.domain import inside, moderate
from losscheck.behaviour.formats import HALF, LARGEST, Array, Inputs
from losscheck.behaviour.hazards import Hazard
from losscheck.behaviour.threshold import smallest
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.truth import finite_in_truth
from losscheck.behaviour.witness import show, show_array, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

ROOM = 16.0
"""Values within this factor of the largest number are left alone: a sum over the rows may overflow."""


@behaviour(title="the value is finite wherever the mathematics is")
def value_finite(trial: Trial) -> Iterator[Outcome]:
    """Look for NaN and inf at directed inputs, one outcome per format."""
    found = trial.hazards()
    for dtype in trial.dtypes:
        if trial.supports(dtype):
            yield _in_format(trial, found, dtype)
        else:
            yield not_applicable(f"the loss does not run in {dtype}", dtype=dtype)
    hidden = _hides_nan(trial)
    if hidden is not None:
        yield hidden


def _hides_nan(trial: Trial) -> Outcome | None:
    """Ask for the value where every prediction is NaN; None where it is NaN or infinite, or the loss raises."""
    x = trial.sample(0)
    broken = {a.name: np.full_like(x[a.name], np.nan) for a in trial.signature.floats if not a.is_label}
    try:
        value = trial.value({**x, **broken}) if broken else None
    except Raised:
        return None
    if value is None or not value.size or not np.isfinite(value).all():
        return None
    return refuted(
        f"predictions that are all NaN cost {show_array(value)}: a broken model goes unnoticed",
        witness=witness({**x, **broken}, trial.dtype, value=show_array(value)),
        severity=Severity.WARNING,
    )


def _in_format(trial: Trial, found: list[Hazard], dtype: str) -> Outcome:
    asked, unclear = 0, None
    for seed in range(trial.budget):
        x = trial.rounded(trial.sample(seed), dtype)
        if not np.isfinite(trial.value_or_nan(x, dtype)).all():
            return _report(trial, dtype, x, "an ordinary input", exact=False)
    for hazard in found:
        x = trial.rounded(hazard.inputs, dtype)
        if not inside(trial.signature, x, dtype):
            continue
        asked += 1
        if not _broken(trial, x, dtype):
            continue
        if _true_value_finite(trial, x, hazard.base, dtype):
            return _shrunk(trial, hazard, x, dtype)
        if unclear is None and np.isnan(trial.value_or_nan(x, dtype)).any():
            unclear = hazard
    if unclear is not None:
        x = trial.rounded(unclear.inputs, dtype)
        return refuted(
            f"NaN in {dtype} at {unclear.name}: {show(x)}; the value has no unique limit there",
            witness=witness(x, dtype, value="nan"),
            severity=Severity.WARNING,
            reason="no unique limit",
            dtype=dtype,
        )
    return supported(f"{asked} directed inputs give finite values in {dtype} wherever the value is finite", dtype=dtype)


def _shrunk(trial: Trial, hazard: Hazard, x: dict[str, Array], dtype: str) -> Outcome:
    def broken(y: Inputs) -> bool:
        return _broken(trial, y, dtype)

    def at_fault(y: Inputs) -> bool:
        return broken(y) and _true_value_finite(trial, y, hazard.base, dtype)

    at = smallest(trial, broken, at_fault, x, hazard.base, dtype)
    return _report(trial, dtype, at.inputs, hazard.name, exact=at.exact)


def _broken(trial: Trial, x: Inputs, dtype: str) -> bool:
    return not np.isfinite(trial.value_or_nan(x, dtype)).all()


def _true_value_finite(trial: Trial, x: Inputs, base: Inputs, dtype: str) -> bool:
    if any(np.isinf(x[a.name]).any() for a in trial.signature.floats):
        # An infinite score the signature allows masks a class: the value is that of a very large score.
        return bool(np.isfinite(trial.value_or_nan(moderate(trial.signature, x))).all())
    wide = trial.value_or_nan(x)
    if dtype != trial.dtype and np.isfinite(wide).all():
        return float(np.max(np.abs(wide), initial=0.0)) < LARGEST[dtype] / ROOM
    if any(np.shape(base[name]) != np.shape(v) for name, v in x.items()):
        base = trial.rows(base, range(trial.count(x)))
    other = trial.rows(trial.sample(97), range(trial.count(x)))
    if any(np.shape(other[name]) != np.shape(v) for name, v in x.items()):
        return False
    return finite_in_truth(trial.value_or_nan, trial.signature, base, other, x)


def _report(trial: Trial, dtype: str, x: Inputs, where: str, *, exact: bool) -> Outcome:
    got, wide = trial.value_or_nan(x, dtype), trial.value_or_nan(x)
    truth = f"float64 gives {show_array(wide)}" if np.isfinite(wide).all() else "the true value is finite"
    truth = "no value at an ordinary input may be NaN or infinite" if where == "an ordinary input" else truth
    edge = "; one float closer the value is finite" if exact else ""
    return refuted(
        f"{show_array(got)} in {dtype} at {show(x)} ({where}); {truth}{edge}",
        witness=witness(x, dtype, value=show_array(got)),
        severity=Severity.WARNING if dtype in HALF else Severity.ERROR,
        dtype=dtype,
    )
