"""The best scale of a likelihood or score is that of the residuals: neither the smallest nor the largest there is."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.density import LOG_SCALES, location_and_scale
from losscheck.behaviour.formats import Array
from losscheck.behaviour.reduction import close
from losscheck.behaviour.trial import Trial

ROWS = 9
SPREADS = (0.5, 2.0)


def scale_without_end(trial: Trial) -> str | None:
    """Say that the best common scale of targets of any spread is the smallest or the largest that was tried.

    Asked of a real target, a real location and an argument named like a scale. Evidence: moving location and targets
    together changes nothing. Likelihoods and the continuous ranked probability score have their best scale near the
    spread of the residuals.
    """
    found, batch = location_and_scale(trial), trial.signature.batch
    if found is None or batch is None:
        return None
    location, scale, t = found
    if any(a.shape[:1] != (batch,) for a in found):
        return None
    x = trial.sample(0, **{batch: ROWS})
    shape = [-1] + [1] * (len(t.shape) - 1)
    steps = np.sin(np.linspace(-1.4, 1.4, ROWS)).reshape(shape)
    log = scale.name in LOG_SCALES
    grid = np.linspace(-4.0, 4.0, 49)

    def costs(spread: float, shift: float = 0.0) -> Array:
        y = np.broadcast_to(spread * steps, np.shape(x[t.name])) + shift
        at = {**x, t.name: y, location.name: np.full_like(x[location.name], shift)}
        sizes = grid if log else np.exp(grid)
        return np.array([np.sum(trial.value({**at, scale.name: np.full_like(x[scale.name], s)})) for s in sizes])

    try:
        few, many, moved = costs(SPREADS[0]), costs(SPREADS[1]), costs(SPREADS[0], 0.7)
    except Raised:
        return None
    if not np.isfinite([*few, *many, *moved]).all() or not close(moved, few, 1e-6) or np.ptp(few) < 1e-9:
        return None
    places = {int(np.argmin(few)), int(np.argmin(many))}
    ends = {0: "smallest", len(grid) - 1: "largest"}
    if len(places) > 1 or not places <= ends.keys():
        return None
    end = ends[places.pop()]
    return (
        f"whatever the spread of the residuals ({SPREADS[0]:g} or {SPREADS[1]:g}), the best {scale.name} is the {end} "
        "tried"
    )
