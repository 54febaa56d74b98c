r"""A large batch does not overflow where each of its rows is fine.

The ordinary batch is repeated to 131,072 rows (fewer where they are wide); sums of counts, of values and of products
over the rows then leave the range of a narrow format though the result fits. Asked of losses whose value stays (mean,
ratio of sums) or is one number per batch that would still fit; losses that compare all pairs of rows are not asked.

Answers
-------
SUPPORTED
    That many rows gave a finite value.
REFUTED
    They give NaN or inf, and the value of the few rows, or that times the copies, fits the format. Severity warning;
    says the smallest number of copies that breaks. Witness: the repeated batch's rows and the copies.
NOT_APPLICABLE
    There is no batch, the loss gives a value per row, compares pairs, or does not run in the format.

Known exceptions
----------------
Losses that compare all pairs of rows are not asked, nor sums that do not fit themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import LARGEST, Inputs
from losscheck.behaviour.large import affordable, copies, quadratic
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

ROWS = 65_536
"""One beyond the largest count float16 holds; twice as many are tried, for sums of values below 1."""


@behaviour(title="a large batch does not overflow")
def overflow_free(trial: Trial) -> Iterator[Outcome]:
    """Repeat the batch, one outcome per format."""
    x = trial.sample(0)
    why = None
    if trial.reduction == "none" or trial.count(x) < 2:
        why = "each row has a value of its own"
    elif quadratic(trial, x):
        why = "large batches are refused, or all pairs of rows are compared"
    for dtype in trial.dtypes:
        if dtype == trial.dtype and len(trial.dtypes) > 1:
            continue  # what a wider format inside does shows in the others too
        if why is not None:
            yield not_applicable(why, dtype=dtype)
        elif trial.supports(dtype):
            yield _in_format(trial, trial.rounded(x, dtype), dtype)
        else:
            yield not_applicable(f"the loss does not run in {dtype}", dtype=dtype)


def _in_format(trial: Trial, x: Inputs, dtype: str) -> Outcome:
    few = trial.value_or_nan(x, dtype)
    most = affordable(trial, x, 2 * ROWS)
    if few.ndim or not np.isfinite(few):
        return not_applicable("the value is not one finite number", dtype=dtype)
    try:
        many = _copied(trial, x, most, dtype)
        if many:
            return supported(f"{most * trial.count(x)} rows give a finite value in {dtype}", dtype=dtype)
        due = _due(trial, x, most, dtype)
    except (Raised, MemoryError) as error:
        return not_applicable(f"a large batch is refused: {error}", dtype=dtype)
    if due is None or abs(due) > LARGEST[dtype] / 2.0:
        return supported(f"the true value of {most * trial.count(x)} rows does not fit {dtype}", dtype=dtype)
    low, high = 1, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _copied(trial, x, middle, dtype) else (low, middle)
    rows = high * trial.count(x)
    return refuted(
        f"{rows} rows overflow in {dtype}: the batch repeated {high} times gives no finite value, repeated {low} times "
        f"it does, and the true value is {due:.6g}; the batch is {show(x)}",
        witness=witness(x, dtype, copies=high),
        severity=Severity.WARNING,
        dtype=dtype,
    )


def _due(trial: Trial, x: Inputs, times: int, dtype: str) -> float | None:
    """Return the value of so many copies, by what three of them do: nothing (a mean) or three times as much (a sum)."""
    one, three = (float(trial.value(copies(trial, x, n), dtype)) for n in (1, 3))
    for factor, due in ((1.0, one), (3.0, one * times)):
        if abs(three - factor * one) <= 0.05 * max(abs(three), abs(one)):
            return due
    return None


def _copied(trial: Trial, x: Inputs, times: int, dtype: str) -> bool:
    return bool(np.isfinite(trial.value(copies(trial, x, times), dtype)).all())
