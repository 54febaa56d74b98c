r"""The reduction is what it says: a mean is a mean, a sum is a sum, and the keyword does what its values say.

The value is one number or has one entry per row. Repeating the whole batch r = 2, 3, 4 times must leave it (mean), or
multiply it by r (sum), or by a higher whole power of r (sums over pairs); no constant stands beside a sum (1 - sum).
Where the loss has a keyword ``reduction``, ``none`` keeps the rows, ``sum`` and ``mean`` are the sum and the mean of
``none``, and they are not the same. A value that the code itself refuses, with an error that speaks of the reduction,
is one it does not offer.

Along the classes: a class whose score is -10,000 costs a log loss nothing (evidence: it is shift invariant; a loss
divided by the number of classes is a mean over the one-hot matrix), and a value that depends on the parts of an axis
only through their own values is their mean, not a power of it. Along positions and features: repeating everything does
not divide the value.

Answers
-------
SUPPORTED
    The reduction that was measured.
REFUTED
    The value falls as the batch repeats (normalised twice); ``none`` does not keep the rows; ``sum`` is not their sum:
    severity error. The value grows by a fraction of a power (a norm over the batch), ``mean`` is another normaliser,
    a value of the keyword raises, the value is a vector that does not run over the rows, or a law along the classes
    fails (a root mean square, multi-margin), one row alone loses its axis, a constant stands beside a sum: warnings.
    Witness: the batch.
NOT_APPLICABLE
    The input has no batch.

Known exceptions
----------------
Norms over the batch, means over classes as well as rows (multi-margin) and other normalisers are warnings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.parts import divided_along, divided_by_classes, power_of_mean
from losscheck.behaviour.reduction import REDUCTIONS, close
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported


@behaviour(title="the reduction is what it says")
def reduction_consistent(trial: Trial) -> Iterator[Outcome]:
    """Repeat the batch, and try the values of the keyword ``reduction``."""
    if trial.signature.batch is None:
        yield not_applicable("the signature has no batch axis")
        return
    x = trial.sample(0)
    for ask in (_shape, _repeated, _keyword, _parts):
        outcome = ask(trial, x)
        if outcome is not None:
            yield outcome
            return
    yield supported(f"the measured reduction is {trial.reduction}; repeated batches and the keyword agree with it")


def _shape(trial: Trial, x: Inputs) -> Outcome | None:
    """See that the value is one number, or has one entry per row."""
    shape, n = trial.value(x).shape, trial.count(x)
    if shape[:1] == (n,):
        one = trial.rows(x, [0])
        alone = trial.value_or_nan(one)
        if alone.ndim == len(shape) or not np.isfinite(alone).all():
            return None
        return refuted(
            f"{n} rows give the shape {shape}, one row the shape {alone.shape}: its axis is lost, at {show(one)}",
            witness=witness(one, trial.dtype, shape=list(alone.shape)),
            severity=Severity.WARNING,
        )
    if not shape:
        return None
    return refuted(
        f"for {n} rows the value has the shape {shape}: neither one number nor one per row, at {show(x)}",
        witness=witness(x, trial.dtype, shape=list(shape)),
        # A mean or sum of vectors (one value per class) may be meant.
        severity=Severity.WARNING if trial.reduction in REDUCTIONS else Severity.ERROR,
    )


def _repeated(trial: Trial, x: Inputs) -> Outcome | None:
    """Fit one power of r to the values of r copies of the batch."""
    value = trial.value_or_nan(x)
    if value.ndim or not np.isfinite(value) or abs(float(value)) < 1e-9:
        return None
    values = [trial.value_or_nan(trial.join(*([x] * copies))) for copies in (2, 3, 4)]
    if any(each.ndim or not np.isfinite(each) for each in values):
        return None
    if (beside := _constant_beside_sum(trial, [float(value), *map(float, values)])) is not None:
        fact = f"repeating the batch adds {beside[0]:.6g} each time, beside a constant {beside[1]:.6g}"
        return refuted(f"{fact}, at {show(x)}", witness=witness(x, trial.dtype), severity=Severity.WARNING)
    powers = []
    for copies, repeated in zip((2, 3, 4), values, strict=True):
        if float(repeated) / float(value) <= 0.0:
            return None
        powers.append(math.log(float(repeated) / float(value)) / math.log(copies))
    if max(powers) - min(powers) > 1e-3:
        return None  # no power law: the rows interact in some other way
    power = powers[0]
    if power > -1e-3 and abs(power - round(power)) < 1e-3:
        return None
    fact = f"repeating the batch r times multiplies the value by r^{power:.3g}: it is neither a mean nor a sum"
    return refuted(
        f"{fact}, at {show(x)}",
        witness=witness(x, trial.dtype, power=power),
        severity=Severity.WARNING if power > 0.0 else Severity.ERROR,  # a norm over the batch may be meant
    )


def _constant_beside_sum(trial: Trial, values: list[float]) -> tuple[float, float] | None:
    """Return what each copy adds and what stands beside it, where both are there and every argument has rows."""
    batch = trial.signature.batch
    if any(batch not in a.shape for a in trial.signature.arguments):
        return None  # a penalty of what is shared by all rows may stand beside their sum
    steps = np.diff(values)
    size = max(map(abs, values))
    if np.ptp(steps) > 1e-6 * size or abs(steps[0]) < 1e-3 * size:
        return None
    constant = values[0] - float(steps[0])
    return (float(steps[0]), constant) if abs(constant) > 1e-3 * abs(steps[0]) else None


def _keyword(trial: Trial, x: Inputs) -> Outcome | None:
    if "reduction" not in trial.keywords:
        return None
    out: dict[str, Array] = {}
    for name in ("none", "mean", "sum"):
        try:
            out[name] = trial.value(x, params={"reduction": name})
        except Raised as error:
            if "reduction" in str(error.witness["raised"]).lower():
                continue  # the code says that it knows no such reduction: it offers others
            return refuted(
                f"reduction={name!r} raises {error}",
                witness=error.witness,
                severity=Severity.WARNING,
                location=error.location,
            )
    if out.keys() != {"none", "mean", "sum"}:
        return _offered(trial, x, out)
    n, rows, tolerance = trial.count(x), out["none"], max(1e-6, 200.0 * trial.noise)
    fault = None
    if rows.shape[:1] != (n,):
        fault = f"reduction='none' of {n} rows has the shape {rows.shape}"
    elif n > 1 and not out["mean"].ndim and abs(rows.sum()) > 1e-6 and close(out["mean"], out["sum"], tolerance):
        fault = f"reduction='mean' and 'sum' of {n} rows both give {float(out['sum']):.6g}"
    elif not _sums(out["sum"], rows, tolerance):
        fault = f"reduction='sum' is {np.sum(out['sum']):.6g}, the sum of 'none' is {rows.sum():.6g}"
    if fault is not None:
        return refuted(f"{fault}, at {show(x)}", witness=witness(x, trial.dtype), severity=Severity.ERROR)
    means = (rows.mean(), rows.sum() / n)
    weighted = any(a.domain == "positive" and len(trial.signature.arguments) > 2 for a in trial.signature.arguments)
    if out["mean"].ndim or weighted or any(close(out["mean"], np.asarray(m), tolerance) for m in means):
        return None
    return refuted(
        f"reduction='mean' is {float(out['mean']):.6g}, the mean of 'none' is {means[0]:.6g}, at {show(x)}",
        witness=witness(x, trial.dtype),
        severity=Severity.WARNING,
    )


def _offered(trial: Trial, x: Inputs, out: dict[str, Array]) -> Outcome | None:
    """Compare the sum with the rows where the mean is not offered, or goes by another name."""
    tolerance = max(1e-6, 200.0 * trial.noise)
    if "none" not in out or "sum" not in out or _sums(out["sum"], out["none"], tolerance):
        return None
    fact = f"reduction='sum' is {np.sum(out['sum']):.6g}, the sum of 'none' is {out['none'].sum():.6g}, at {show(x)}"
    return refuted(fact, witness=witness(x, trial.dtype), severity=Severity.ERROR)


def _sums(total: Array, rows: Array, tolerance: float) -> bool:
    """Whether a value is the sum of the rows, or of another axis: overlaps may be added up over the classes alone."""
    if total.ndim and (total.shape == rows.shape or total.shape[0] != rows.shape[0]):
        return False
    return close(np.asarray(total.sum()), np.asarray(rows.sum()), tolerance)


def _parts(trial: Trial, x: Inputs) -> Outcome | None:
    try:
        fact = divided_by_classes(trial) or power_of_mean(trial) or divided_along(trial)
    except Raised:  # another number of classes is refused
        return None
    if fact is None:
        return None
    return refuted(f"{fact}, at {show(x)}", witness=witness(x, trial.dtype), severity=Severity.WARNING)
