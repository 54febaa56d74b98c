"""Rows and positions that should not know of each other: mixed differences, permutations, a single row."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array
from losscheck.behaviour.large import affordable, copies, quadratic
from losscheck.behaviour.reduction import REDUCTIONS, close
from losscheck.behaviour.roles import is_embedding, is_weight, prediction, target
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

MANY = 70_000
"""Rows of a large batch: beyond the integers float16 counts to, and the 2^16 of a 16-bit index."""


def rows_interact(trial: Trial) -> str | None:
    """Say by how much moving the scores of two rows together differs from moving each.

    Asked of rows of a batch N that are classified, or that have a score each beside scores of candidates. A loss of
    rows, even one with a common normaliser, has no such difference; contrastive losses, rankings and hard-example
    mining have.
    """
    scores = _classified(trial) or _candidates(trial)
    if scores is None or trial.reduction in REDUCTIONS or trial.signature.batch != "N":
        return None
    x, y = trial.sample(0), trial.sample(1)

    def moved(*rows: int) -> float:
        out = dict(x)
        for a in scores:
            v = np.array(x[a.name])
            v[[*rows]] = y[a.name][[*rows]]
            out[a.name] = v
        return float(np.sum(trial.value_or_nan(out)))

    for i, j in combinations(range(trial.count(x)), 2):
        mixed = moved(i, j) - moved(i) - moved(j) + moved()
        if np.isfinite(mixed) and abs(mixed) > max(1e-6, 1e3 * trial.noise):
            return (
                f"rows interact: moving the scores of rows {i} and {j} together differs by {mixed:.3g} from each alone"
            )
    return None


def entries_leak(trial: Trial) -> str | None:
    """Say that the result has an entry for each row of a batch N, and one of them moves with what another row predicts.

    Only predictions are moved: weights and labels may have a common normaliser.
    """
    if trial.signature.batch != "N":
        return None
    x, y = trial.sample(0), trial.sample(1)
    value = trial.value_or_nan(x)
    if value.ndim != 1 or len(value) != trial.count(x) or not np.isfinite(value).all():
        return None
    for a in trial.signature.floats:
        if a.shape[:1] != ("N",) or a.is_label or is_weight(a, trial.signature):
            continue
        v = np.array(x[a.name])
        v[0] = y[a.name][0]
        moved = trial.value_or_nan({**x, a.name: v})
        if moved.shape == value.shape and not close(moved[1:], value[1:], trial.tolerance):
            worst = float(np.max(np.abs(moved[1:] - value[1:])))
            return f"there is a result for each row, and {a.name} of row 0 moves those of other rows by {worst:.3g}"
    return None


def _classified(trial: Trial) -> list[Argument] | None:
    """Return the scores of rows with an index each."""
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or p.domain != "real" or not t.domain.startswith("index"):
        return None
    return [p] if t.shape == p.shape[:1] and len(p.shape) == 2 else None


def _candidates(trial: Trial) -> list[Argument] | None:
    """Return two arguments of real scores, one per row and several per row, where there are no others."""
    arguments = trial.signature.arguments
    shapes = {len(a.shape) for a in arguments if a.domain == "real" and a.shape[:1] == ("N",) and not a.is_label}
    several = [a for a in arguments if len(a.shape) == 2]
    alone = len(arguments) == 2 and shapes == {1, 2} and several[0].shape[1] in ("M", "K", "C")
    return list(arguments) if alone else None


def compares_labels(trial: Trial) -> bool:
    """Whether a list of real labels beside real scores matters only through its order: the loss ranks.

    Evidence: stretching and shifting the labels changes nothing, reversing their order does.
    """
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or p.domain != "real" or t.domain != "real" or p.shape != t.shape or len(p.shape) != 1:
        return False
    x = trial.sample(0)
    y = np.asarray(x[t.name])
    value, stretched, turned = (trial.value_or_nan({**x, t.name: v}) for v in (y, np.exp(y) + 1.0, -y))
    return bool(np.isfinite(value).all()) and close(stretched, value, 1e-9) and not close(turned, value, 1e-6)


def normalised_elsewhere(trial: Trial) -> str | None:
    """Say that scores may be shifted along another axis than that of the classes: a softmax along the wrong axis.

    A constant added to all classes of an item changes a log loss by nothing. Where that is not so, yet a constant added
    to one class at all items (rows, positions) changes nothing, the classes were not what was normalised.
    """
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or p.domain != "real" or not any(axis in "KC" for axis in p.shape) or len(p.shape) < 2:
        return None
    x, rng = trial.sample(0), np.random.default_rng(9)
    v = np.asarray(x[p.name])
    value = trial.value_or_nan(x)

    def shifted(axis: int) -> bool:
        size = tuple(1 if i == axis else n for i, n in enumerate(v.shape))
        moved = trial.value_or_nan({**x, p.name: v + rng.normal(size=size)})
        return close(moved, value, trial.tolerance)

    if not np.isfinite(value).all() or shifted(p.class_axis):
        return None
    wrong = [p.shape[axis] for axis in range(v.ndim) if axis != p.class_axis and shifted(axis)]
    return f"{p.name} is normalised along {wrong[0]}, not along the classes" if len(wrong) == 1 else None


def positions_differ(trial: Trial) -> str | None:
    """Say that permuting positions, scores and labels together, changes the value."""
    p, t = prediction(trial.signature), target(trial.signature)
    if p is None or t is None or not t.domain.startswith("index") or len(p.shape) != 3 or "L" not in t.shape:
        return None
    if "L" not in p.shape or any(a.domain == "length" for a in trial.signature.arguments):
        return None
    x = trial.sample(0)
    order = np.roll(np.arange(np.shape(x[t.name])[t.shape.index("L")]), 2)
    moved: dict[str, Array] = {
        a.name: np.take(x[a.name], order, axis=a.shape.index("L")) if "L" in a.shape else x[a.name]
        for a in trial.signature.arguments
    }
    value, permuted = (float(np.sum(trial.value_or_nan(each))) for each in (x, moved))
    if not np.isfinite([value, permuted]).all() or abs(value - permuted) <= trial.tolerance * max(1.0, abs(value)):
        return None
    return f"permuting scores and labels together along the positions turns {value:.6g} into {permuted:.6g}"


def single_row_is_dead(trial: Trial) -> str | None:
    """Say that one classified row alone costs the same whatever its scores."""
    p, t, batch = prediction(trial.signature), target(trial.signature), trial.signature.batch
    if p is None or t is None or batch is None or p.domain != "real" or len(p.shape) < 2 or t.shape[:1] != (batch,):
        return None
    if not t.domain.startswith(("index", "{0,1}", "simplex")) or is_embedding(p):
        return None  # an embedding is compared with others: alone it has nothing to be near to
    x = trial.sample(3, **{batch: 1})
    seen = [trial.value_or_nan({**x, p.name: trial.sample(s, **{batch: 1})[p.name]}) for s in (4, 5, 6, 7)]
    values = np.array([np.sum(v) for v in seen])
    if not np.isfinite(values).all() or np.ptp(values) > 0.0:
        return None
    return f"one row alone costs {values[0]:.6g} whatever its scores"


def drifts_with_copies(trial: Trial, dtype: str) -> str | None:
    """Say that tens of thousands of copies of a batch change a value that three copies leave alone."""
    x = trial.rounded(trial.sample(0), dtype)
    if trial.reduction in ("none", "sum", "whole") or quadratic(trial, x):
        return None
    try:
        few, three = trial.value(x, dtype), trial.value(copies(trial, x, 3), dtype)
        if few.ndim or not np.isfinite(few) or not close(three, few, 1e-4):
            return None
        times = affordable(trial, x, MANY)
        many = trial.value(copies(trial, x, times), dtype)
    except (Raised, MemoryError):
        return None
    if not np.isfinite(many) or close(many, few, 0.02, scale=max(1e-3, abs(float(few)))):
        return None  # overflow is the question of overflow_free
    rows = times * trial.count(x)
    return f"{rows} rows that repeat {trial.count(x)} give {float(many):.6g} in {dtype}, these give {float(few):.6g}"
