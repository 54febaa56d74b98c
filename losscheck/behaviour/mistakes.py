"""Whether a prediction that misses one label altogether costs as little as a perfect one."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.ladder import total
from losscheck.behaviour.trial import Trial


def free_mistake(trial: Trial, x: Inputs, prediction: str, labels: Array) -> tuple[str, Inputs] | None:
    """Return which mistake costs nothing, and where, when the opposite mistake does cost something.

    The labels themselves are the prediction, but for one element, which is wrong altogether: a miss has 0 for 1, a
    false alarm 1 for 0. Where neither costs anything the loss may not look at single elements at all.
    """
    perfect = {**x, prediction: labels.astype(float)}
    best = total(trial, perfect)
    if best is None:
        return None
    costs: dict[str, tuple[float, Inputs]] = {}
    for name, value in (("a miss", 1), ("a false alarm", 0)):
        places = np.flatnonzero(labels.reshape(-1) == value)
        guesses = [_flipped(perfect, prediction, place) for place in places[:3]]
        found = [(cost, guess) for guess in guesses if (cost := total(trial, guess)) is not None]
        if not found:
            return None
        costs[name] = max(found, key=lambda each: each[0])
    least = 1e-9 * max(1.0, abs(best))
    free = [name for name, (cost, _) in costs.items() if abs(cost - best) <= least]
    dear = [name for name, (cost, _) in costs.items() if cost > best + 1e-3 * max(1.0, abs(best))]
    return (
        (f"{free[0]} costs nothing, {dear[0]} {costs[dear[0]][0] - best:.3g}", costs[free[0]][1])
        if free and dear
        else None
    )


def _flipped(x: Inputs, name: str, place: int) -> Inputs:
    guess = np.array(x[name])
    guess.reshape(-1)[place] = 1.0 - guess.reshape(-1)[place]
    return {**x, name: guess}
