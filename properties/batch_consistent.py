r"""Rows of a batch are independent: permuting them permutes, parts add up, extreme rows do not touch their neighbours.

The reduction (none, mean, sum) is measured on ordinary batches, rows alone against the batch; then it must hold at
every batch. Where rows interact (contrastive, ranking, weighted means) only the order of the rows is asked, and of the
elements of a single item only where some permutation leaves the value unchanged, or where real labels matter only
through their order (a ranking). From evidence: it matters which row has which label or mask; of results for each row
none knows other rows; classified rows of a batch N do not interact; positions with a label each are interchangeable;
one classified row alone still depends on its scores; scores are not normalised along another axis than their classes;
and 70,000 rows give what a few of the same rows give.

Answers
-------
SUPPORTED
    That many batches agreed with their parts.
REFUTED
    Permuting rows changes the value, or a batch differs from what its parts give. Severity error; warning where the
    rows of a batch B interact and every permutation changes the value (rows sorted before the call), and where the
    value lies between those of its parts (a mean of some rows). A batch of another size raises, or is NaN whatever
    its rows: error, a single row: warning (batch statistics). A law from evidence fails: warning (contrastive losses,
    hard-example mining and sequence losses mean it); in float32 a drift with the rows: error. Witness: the batch.
NOT_APPLICABLE
    There is no batch axis.

Known exceptions
----------------
Rows that interact (contrastive, ranking, weighted means) are asked for the order of rows only; hard-example mining,
batch statistics and sequences mean it: warnings.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Inputs
from losscheck.behaviour.interaction import (
    compares_labels,
    drifts_with_copies,
    entries_leak,
    normalised_elsewhere,
    positions_differ,
    rows_interact,
    single_row_is_dead,
)
from losscheck.behaviour.pairing import dealt_anywhere
from losscheck.behaviour.reduction import REDUCTIONS, close, combine
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import show, show_array, witness
from losscheck.property import behaviour
from losscheck.verdict import Outcome, Severity, not_applicable, refuted, supported

NEIGHBOURS = ("spread", "winner", "loser", "=")
SINGLE_PRECISION = 2e-3
"""Relative difference allowed in float32: sums of rows of different size lose up to 2^-24 each of the largest."""


@behaviour(title="rows of a batch are independent")
def batch_consistent(trial: Trial) -> Iterator[Outcome]:
    """Permute rows, change the size of the batch, and put extreme rows next to ordinary ones."""
    if trial.signature.batch is None and not trial.signature.arguments[0].shape:
        yield not_applicable("the signature has no batch axis")
        return
    for ask in (_sizes, _permuted, _neighbours, _from_evidence):
        outcome = ask(trial)
        if outcome is not None:
            yield outcome
            return
    law = {"coupled": "rows interact; only the order of rows was asked", "whole": "only the order was asked"}
    told = law.get(trial.reduction, f"the reduction is {trial.reduction}")
    yield supported(f"permuted, resized and mixed batches agree with their parts; {told}")


def _sizes(trial: Trial) -> Outcome | None:
    batch = trial.signature.batch
    if batch is None:
        return None
    for size in (9, 3, 2, 1):
        x = trial.sample(20, **{batch: size})
        severity = Severity.WARNING if size == 1 or batch == "B" else Severity.ERROR
        try:
            value = trial.value(x)
        except Raised as error:
            return refuted(
                f"a batch of {size} raises: {error}", witness=error.witness, severity=severity, location=error.location
            )
        if not np.isfinite(value).all():
            # Where other rows of this number are finite it is the rows, not the number: value_finite asks about them.
            base = trial.sample(0)
            again = trial.rows(base, [row % trial.count(base) for row in range(size)])
            others = [again, *(trial.sample(seed, **{batch: size}) for seed in (21, 22, 23))]
            usual = trial.value_or_nan(base)
            if not np.isfinite(usual).all() or any(np.isfinite(trial.value_or_nan(y)).all() for y in others):
                continue
            return refuted(
                f"every batch of {size} gives {show_array(value)}, others do not, at {show(x)}",
                witness=witness(x, trial.dtype, value=show_array(value)),
                severity=severity,
            )
    return None


def _permuted(trial: Trial) -> Outcome | None:
    tolerance, tried, broken, first = trial.tolerance, 0, 0, None
    for seed in range(6):
        x = trial.sample(seed)
        n = trial.count(x)
        order = np.random.default_rng(seed).permutation(n)
        if (order == np.arange(n)).all():
            order = np.roll(order, 1)
        value, moved = trial.value_or_nan(x), trial.value_or_nan(trial.rows(x, order.tolist()))
        if not np.isfinite(value).all():
            continue
        tried += 1
        expected = value[order] if value.ndim and value.shape[0] == n else value
        if not close(moved, expected, tolerance):
            broken += 1
            first = first or (x, float(np.sum(value)), float(np.sum(moved)))
    # Without a batch axis the order of elements may be meant to matter (a sequence): then every permutation breaks it.
    if first is None or (trial.signature.batch is None and broken == tried and not compares_labels(trial)):
        return None
    x, before, after = first
    sorted_before = trial.signature.batch in ("B", None) and broken == tried
    return refuted(
        f"permuting the rows changes the value in {broken} of {tried} batches, from {before:.6g} to {after:.6g} "
        f"at {show(x)}",
        witness=witness(x, trial.dtype, before=before, after=after),
        severity=Severity.WARNING if sorted_before else Severity.ERROR,
    )


def _neighbours(trial: Trial) -> Outcome | None:
    """Ordinary rows next to extreme ones: the batch must give what the two parts give."""
    if trial.reduction not in REDUCTIONS:
        return None
    for dtype in dict.fromkeys((trial.dtype, "float32")):
        if dtype not in trial.dtypes and dtype != trial.dtype:
            continue
        tolerance = 1e-6 if dtype == "float64" and trial.noise < 1e-12 else SINGLE_PRECISION
        ordinary = trial.rounded(trial.sample(7), dtype)
        for hazard in trial.hazards():
            if not any(word in hazard.name for word in NEIGHBOURS) and ": " not in hazard.name:
                continue
            extreme = trial.rounded(hazard.inputs, dtype)
            outcome = _mixed(trial, ordinary, extreme, dtype, tolerance, hazard.name)
            if outcome is not None:
                return outcome
    return None


def _from_evidence(trial: Trial) -> Outcome | None:
    """Ask the laws whose premises are names and measurements."""
    for law in (
        rows_interact,
        entries_leak,
        normalised_elsewhere,
        positions_differ,
        single_row_is_dead,
        dealt_anywhere,
    ):
        fact = law(trial)
        if fact is not None:
            return _refute(trial, fact, Severity.WARNING)
    if trial.supports("float32") and (fact := drifts_with_copies(trial, "float32")) is not None:
        return _refute(trial, fact, Severity.ERROR)
    return None


def _refute(trial: Trial, fact: str, severity: Severity) -> Outcome:
    x = trial.sample(0)
    return refuted(f"{fact}, at {show(x)}", witness=witness(x, trial.dtype), severity=severity)


def _mixed(trial: Trial, ordinary: Inputs, extreme: Inputs, dtype: str, tolerance: float, name: str) -> Outcome | None:
    # What has no rows (class weights) must be the same in all three calls.
    shared = {a.name: ordinary[a.name] for a in trial.signature.arguments if trial.signature.batch not in a.shape}
    extreme = {**extreme, **shared} if trial.signature.batch else extreme
    both = trial.join(ordinary, extreme)
    u, v, w = (trial.value_or_nan(x, dtype) for x in (ordinary, extreme, both))
    if not (np.isfinite(u).all() and np.isfinite(v).all()):
        return None
    expected = combine(trial.reduction, [(trial.count(ordinary), u), (trial.count(extreme), v)])
    if close(w, expected, tolerance, scale=max(1e-3, float(np.max(np.abs(expected), initial=0.0)))):
        return None
    # A mean of some of the rows (confident ones, ones that cost anything) lies between the parts: that may be meant.
    low, high = np.minimum(u, v), np.maximum(u, v)
    room = tolerance * np.maximum(1.0, np.abs(expected))
    selects = trial.reduction == "mean" and bool(np.all((low - room <= w) & (w <= high + room)))
    return refuted(
        f"rows leak into each other in {dtype}: next to rows of {name} the batch gives {np.sum(w):.6g}, its two parts "
        f"give {np.sum(expected):.6g}",
        witness=witness(both, dtype, value=float(np.sum(w)), parts=float(np.sum(expected))),
        severity=Severity.WARNING if selects else Severity.ERROR,
    )
