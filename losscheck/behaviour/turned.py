"""Boxes know no up and no left: exchanging x and y of all boxes changes nothing where moving all of them does not."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.ladder import total
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

INPUTS = 3
SHIFTS = ((1.5, 0.0, 1.5, 0.0), (0.0, 1.5, 0.0, 1.5))
EXCHANGED = (1, 0, 3, 2)
ROOM = 1e-4
"""Relative difference that constants added to areas and sides may make."""


def sides_differ(trial: Trial, p: Argument, t: Argument) -> tuple[str, Inputs] | None:
    """Say that boxes with their x and y exchanged cost something else, and where.

    Asked of boxes beside boxes. Evidence that the loss is one of shapes and not of places: moving both boxes of every
    row along x, or along y, changes nothing. Overlaps, hulls, distances of centres and differences of sides are then
    the same with x and y exchanged; where the value is not, one side stands where the other was meant.

    >>> from losscheck.signature import parse
    >>> width = lambda box: box[:, 2] - box[:, 0]
    >>> widths = Trial(lambda p, t: np.mean((width(p) - width(t)) ** 2), parse("p:(N,4):box t:(N,4):box"))
    >>> sides_differ(widths, *widths.signature.arguments)[0]
    'boxes that cost 0.212153 cost 5.1656 with x and y exchanged, though moving all of them changes nothing'
    """
    for seed in range(INPUTS):
        x = trial.sample(seed)
        boxes: dict[str, Array] = {a.name: np.asarray(x[a.name]) for a in (p, t)}
        cost = total(trial, x)
        turned = total(trial, {**x, **{name: box[..., EXCHANGED] for name, box in boxes.items()}})
        if cost is None or turned is None:
            return None
        room = ROOM * max(1.0, abs(cost))
        for shift in SHIFTS:
            moved = total(trial, {**x, **{name: box + np.array(shift) for name, box in boxes.items()}})
            if moved is None or abs(moved - cost) > room:
                return None
        if abs(turned - cost) > 10.0 * room:
            fact = f"boxes that cost {cost:.6g} cost {turned:.6g} with x and y exchanged"
            return f"{fact}, though moving all of them changes nothing", x
    return None
