"""Objectives of boosting libraries: a call returns the gradient and the Hessian of a loss, element by element."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

STEP = 1e-5
SAME = 1e-3
MIXED = 0.25
"""Share of entries that may move against the others: a focal objective is not convex everywhere."""


def pair_of(trial: Trial, x: Inputs, name: str) -> tuple[Array, Array] | None:
    """Return both results where a call returns two arrays of the shape of the prediction, else None.

    Raises
    ------
    Raised
        When the loss raises.
    """
    out = trial.caller.outputs(x, trial.dtype)
    wanted = np.shape(x[name])
    return (out[0], out[1]) if len(out) == 2 and all(v.shape == wanted for v in out) and np.prod(wanted) > 1 else None


def objective_fault(trial: Trial, p: Argument) -> tuple[str, Inputs] | str | None:
    """Return what is wrong with an objective, and where; a sentence alone where it is right; None where it is none.

    Two results are taken for gradient and Hessian where the first takes both signs and moves with its own prediction
    mostly one way (a loss beside something else moves both ways). Then the second is never negative and finite where
    the first is, and it is the derivative of the first or larger (an upper bound, a Gauss-Newton form), never smaller;
    and the first does not fall as the prediction rises, or it leads away from the minimum.
    """
    if not trial.caller.returns_tuple:
        return None
    inputs: list[Inputs] = []
    firsts: list[Array] = []
    seconds: list[Array] = []
    slopes: list[Array] = []
    for seed in range(4):
        x = trial.sample(seed)
        try:
            here, slope = pair_of(trial, x, p.name), _slope(trial, x, p)
        except Raised:
            return None
        if here is not None and slope is not None:
            inputs.append(x)
            firsts.append(here[0])
            seconds.append(here[1])
            slopes.append(slope)
    if not inputs or not np.min(firsts) < 0.0 < np.max(firsts):
        return None
    size = max(1e-2, float(np.max(np.abs(slopes))), float(np.max(np.abs(seconds))))
    rising, falling = (float(np.mean(sign * np.array(slopes) > SAME * size)) for sign in (1.0, -1.0))
    if min(rising, falling) > MIXED * max(rising, falling):
        return None
    if falling > rising:
        return f"the first result falls as {p.name} rises, by {np.min(slopes):.4g}: descending it climbs", inputs[0]
    for at, second, slope in zip(inputs, seconds, slopes, strict=True):
        if np.min(second) < -SAME * size <= np.min(slope):
            return f"the second result is {np.min(second):.4g}: no Hessian of a loss that is convex here", at
        k = np.unravel_index(int(np.argmax(slope - second)), slope.shape)
        if slope[k] - second[k] > SAME * size:
            return f"the second result is {second[k]:.6g} where the derivative of the first is {slope[k]:.6g}", at
    for hazard in trial.hazards():
        try:
            far = pair_of(trial, hazard.inputs, p.name)
        except Raised:
            continue
        if far is not None and np.isfinite(far[0]).all() and not np.isfinite(far[1]).all():
            return "the second result is not finite where the first is", hazard.inputs
    return f"the second result is the derivative of the first, or larger, at {len(inputs)} inputs, and not negative"


def _slope(trial: Trial, x: Inputs, p: Argument) -> Array | None:
    """Return the derivative of each entry of the first result by its own prediction, None near a kink."""
    v = np.asarray(x[p.name])
    out = np.zeros_like(v)
    for k in range(v.shape[-1] if v.ndim > 1 else 1):
        one = np.zeros_like(v)
        one[..., k] = 1.0
        direction = one if v.ndim > 1 else np.ones_like(v)
        found = []
        for step in (STEP, 10.0 * STEP):
            ahead, behind = (pair_of(trial, {**x, p.name: v + s * step * direction}, p.name) for s in (1.0, -1.0))
            if ahead is None or behind is None:
                return None
            found.append((ahead[0] - behind[0]) / (2.0 * step))
        if not np.isfinite(found).all() or np.max(np.abs(found[0] - found[1])) > 1e-4 * max(1.0, np.max(np.abs(found))):
            return None
        out = out + found[0] * direction
    return out
