"""Predictions farther and farther from their target: none costs less than the target, nor less than a closer one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

RESIDUALS = (1e-3, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 3.0, 10.0)
FARTHEST = 3.0
"""Residuals up to which a larger one costs no less: angles come round at pi."""

ROWS = 12
SHARES = (0.01, 0.1, 0.5, 1.0, 2.0, 4.0, 8.0)
MOVES = ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (-0.7, 0.4))
"""Directions in which boxes move, in units of their size."""

Step = tuple[str, Inputs, bool]
"""What it is called, the input, and whether it must cost no less than the step before."""


def total(trial: Trial, x: Inputs) -> float | None:
    """Return the summed value, None where it is not finite or the loss raises."""
    value: Array = trial.value_or_nan(x)
    return float(np.sum(value)) if np.isfinite(value).all() else None


def fault(trial: Trial, best: float, steps: Iterator[Step]) -> tuple[str, Inputs] | None:
    """Return what is wrong with the first step that costs less than the target, or less than the step before."""
    before = best
    for name, x, farther in steps:
        cost = total(trial, x)
        if cost is None:
            continue
        if cost < best - trial.tolerance * max(1.0, abs(best)):
            return f"{name} costs {cost:.6g}, the target itself {best:.6g}", x
        if farther and cost < before - max(trial.tolerance, 1e-4) * max(1.0, abs(before)):
            return f"{name} costs {cost:.6g}, a prediction closer to the target {before:.6g}", x
        before = cost
    return None


def residuals(x: Inputs, p: Argument, t: Argument, sign: float) -> Iterator[Step]:
    """Yield predictions off the target by residuals of one sign, growing."""
    y = np.asarray(x[t.name])
    for size in RESIDUALS:
        guess = y + sign * size if p.domain == "real" else y * np.exp(sign * size)
        yield f"a residual of {sign * size:g}", {**x, p.name: guess}, size <= FARTHEST


def mixtures(x: Inputs, p: Argument, t: Argument, other: Array) -> Iterator[Step]:
    """Yield predictions on the way from the target to another."""
    y = np.asarray(x[t.name])
    for share in SHARES[:4]:
        yield f"a prediction {share:g} of the way to another", {**x, p.name: y + share * (other - y)}, True


def moved_boxes(x: Inputs, p: Argument, t: Argument, move: tuple[float, float]) -> Iterator[Step]:
    """Yield boxes moved away from their targets."""
    y = np.asarray(x[t.name])
    size = y[..., 2:] - y[..., :2]
    for share in SHARES:
        guess = y + share * np.tile(np.array(move) * size, 2)
        yield f"a box moved by {share:g} times {move} of its size", {**x, p.name: guess}, True


def scaled_boxes(x: Inputs, p: Argument, t: Argument, factor: float) -> Iterator[Step]:
    """Yield boxes around the centres of their targets, larger and larger or smaller and smaller."""
    y = np.asarray(x[t.name])
    centre = np.tile((y[..., 2:] + y[..., :2]) / 2.0, 2)
    for share in SHARES[:4]:
        yield f"a box scaled by {factor**share:.3g}", {**x, p.name: centre + (y - centre) * factor**share}, True


def inside_out(x: Inputs, p: Argument, t: Argument) -> Iterator[Step]:
    """Yield boxes whose corners are exchanged, which have two negative sides and no area, at any size and place."""
    y = np.asarray(x[t.name])
    low, high = y[..., :2], y[..., 2:]
    for share in (0.1, 1.0, 3.0):
        middle, half = (low + high) / 2.0, share * (high - low) / 2.0
        for name, away in (("", 0.0), (" beside it", 2.0)):
            guess = np.concatenate([middle + half, middle - half], axis=-1) + away * np.tile(high - low, 2)
            yield f"a box inside out, {share:g} times as large{name},", {**x, p.name: guess}, False


def floor_of_some(trial: Trial, p: Argument, t: Argument) -> str | None:
    """Say that a perfect prediction of one row costs 0 for some targets, and something for others.

    A floor that moves with the target (a log-likelihood of rates) is nowhere exactly 0; one that is 0 is so everywhere.
    """
    batch = trial.signature.batch
    if batch is None:
        return None
    rows = [trial.sample(seed, **{batch: 1}) for seed in range(ROWS)]
    costs = [cost for x in rows if (cost := total(trial, {**x, p.name: x[t.name].copy()})) is not None]
    free = sum(abs(cost) <= 1e-5 for cost in costs)
    if len(costs) < ROWS or free < 2 or sum(cost > 0.05 for cost in costs) < 2:
        return None
    return f"a perfect prediction costs nothing for {free} of {ROWS} targets, and {max(costs):.4g} for another"


def cost_moves_with_rows(trial: Trial, p: Argument, t: Argument) -> str | None:
    """Say that a perfect batch costs the same for every target, but more or less by its number of rows.

    Only of losses whose rows interact: statistics of a batch with different normalisers do that. Sums of constants,
    which grow with the rows, do not count.
    """
    batch = trial.signature.batch
    if batch is None or trial.reduction != "coupled":
        return None
    costs = []
    for rows in (3, 9):
        inputs = [trial.sample(seed, **{batch: rows}) for seed in range(3)]
        seen = [cost for x in inputs if (cost := total(trial, {**x, p.name: x[t.name].copy()})) is not None]
        if len(seen) < 3 or np.ptp(seen) > 1e-6:
            return None
        costs.append(seen[0])
    few, many = costs
    if abs(few - many) <= 1e-6 * max(1.0, abs(few)) or abs(many - 3.0 * few) <= 1e-6 * abs(many):
        return None
    return f"3 rows predicted perfectly cost {few:.6g} for every target, 9 rows {many:.6g}"
