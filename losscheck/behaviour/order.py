"""Larger targets are best predicted by larger predictions, whatever else a regression loss means."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from losscheck.behaviour.formats import Array
from losscheck.behaviour.roles import target
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

TARGETS = {"real": (-3.0, -1.0, 0.5, 2.0), "positive": (0.3, 1.0, 3.0, 9.0), "count": (1.0, 3.0, 8.0, 20.0)}


def location(trial: Trial) -> tuple[Argument, Argument] | None:
    """Return the prediction that has the shape of a regression's target, and the target; None where there is no one."""
    t = target(trial.signature)
    if t is None or t.domain not in TARGETS or trial.caller.returns_tuple:
        return None
    like = [a for a in trial.signature.floats if a is not t and a.shape == t.shape and a.domain in ("real", "positive")]
    return (like[0], t) if len(like) == 1 else None


def out_of_order(trial: Trial) -> tuple[str, list[float]] | str | None:
    """Return what is out of order and the best predictions; a sentence alone where the order holds, else None.

    The best prediction of a constant target is looked for on a grid. It must be one place: even and periodic losses,
    and losses of the order of a batch, have several or none. It may not be the same end of the grid for every target.
    """
    roles = location(trial)
    if roles is None:
        return None
    p, t = roles
    axes = {axis: 1 for axis in t.shape if axis in "NBML"}
    x = trial.sample(0, **axes)
    grid = np.linspace(-12.0, 12.0, 121) if p.domain == "real" else np.exp(np.linspace(-5.0, 6.0, 111))
    places = []
    for y in TARGETS[t.domain]:
        at = {**x, t.name: np.full_like(np.asarray(x[t.name], dtype=np.float64), y)}
        costs: Array = np.array([np.sum(trial.value_or_nan({**at, p.name: np.full_like(x[p.name], s)})) for s in grid])
        lowest = np.min(costs) if np.isfinite(costs).all() else np.nan
        low = np.flatnonzero(costs <= lowest + 1e-9 * max(1.0, float(np.ptp(costs))))
        if not np.isfinite(lowest) or np.ptp(costs) < 1e-9 or len(low) > 3 or np.ptp(low) >= 3:
            return None
        places.append(float(grid[low[0]]))
    told = ", ".join(f"{y:g} by {s:.3g}" for y, s in zip(TARGETS[t.domain], places, strict=True))
    ends = {float(grid[0]): "smallest", float(grid[-1]): "largest"}
    if len(set(places)) == 1 and places[0] in ends:
        return f"every target {t.name} is best predicted by the {ends[places[0]]} {p.name} tried: {told}", places
    step = 1.5 * (grid[1] - grid[0]) if p.domain == "real" else 0.0
    if any(after < before - step for before, after in pairwise(places)):
        return f"larger targets {t.name} are best predicted by smaller {p.name}: {told}", places
    return f"targets are best predicted in their order: {told}"
