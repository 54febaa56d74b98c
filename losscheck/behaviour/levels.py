"""A keyword that names a level: the larger it is, the larger the best constant prediction."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array
from losscheck.behaviour.roles import prediction, target
from losscheck.behaviour.trial import Trial

LEVELS = frozenset({"q", "quantile", "tau", "level", "expectile"})
LOW, HIGH = 0.1, 0.9
ROWS = 9


def level_turned(trial: Trial, name: str, value: float) -> str | None:
    """Say that the best constant prediction falls, or stays, as the level ``name`` rises.

    Quantiles and expectiles rise with their level; the two sides of the residual exchanged give those of 1 - level.
    Asked of a real prediction beside a real target of the same shape.
    """
    p, t, batch = prediction(trial.signature), target(trial.signature), trial.signature.batch
    if name not in LEVELS or not 0.0 < value < 1.0 or p is None or t is None or batch is None:
        return None
    if p.domain != "real" or t.domain != "real" or p.shape != t.shape or len(trial.signature.arguments) != 2:
        return None
    x = trial.sample(0, **{batch: ROWS})
    steps = np.linspace(-2.0, 2.0, ROWS).reshape([-1] + [1] * (len(t.shape) - 1))
    y = np.broadcast_to(steps, np.shape(x[t.name])).copy()
    grid = np.linspace(-3.0, 3.0, 61)

    def best(level: float) -> float | None:
        costs: Array = np.array(
            [np.sum(trial.value({**x, t.name: y, p.name: np.full_like(y, s)}, params={name: level})) for s in grid]
        )
        return float(grid[int(np.argmin(costs))]) if np.isfinite(costs).all() and np.ptp(costs) > 0.0 else None

    try:
        low, high = best(LOW), best(HIGH)
    except Raised:
        return None
    if low is None or high is None or high > low or (high == low and name == "tau"):  # tau may be a temperature
        return None
    how = "falls" if high < low else "stays"
    return (
        f"the best constant prediction of {ROWS} targets from -2 to 2 is {low:.3g} at {name} = {LOW:g} and {high:.3g} "
        f"at {name} = {HIGH:g}: it {how} as the level rises"
    )
