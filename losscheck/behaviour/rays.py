"""Rays of predictions along which a loss falls without end though it is not an affine function of them."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.hazards import labellings
from losscheck.behaviour.roles import ADVANTAGES
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

REACH = (1.0, 30.0, 300.0)
DEEP = 50.0
"""A fall by less than this over the last stretch may be the logarithm of a density that concentrates."""


def may_move(argument: Argument) -> bool:
    """Whether an argument is a real prediction: no label, and no advantage of an action."""
    return argument.domain == "real" and not argument.is_label and argument.name.lower() not in ADVANTAGES


def bottomless(trial: Trial) -> tuple[str, dict[str, Array]] | None:
    """Return what falls without end, and the input where it is lowest; None where nothing does.

    Each real prediction alone is scaled, with both signs, one sign for all its entries or those it has. Losses that are
    affine in it (critics, unhinged losses) fall on purpose.
    """
    reals = [a for a in trial.signature.floats if may_move(a)]
    for tag, labelled in labellings(trial.signature, trial.sample(0)):
        for argument in reals:
            size = np.asarray(labelled[argument.name])
            for direction in (np.abs(size), size):
                found = _along(trial, argument, labelled, direction)
                if found is not None:
                    return f"{found[0]}{tag}", found[1]
    return None


def _along(trial: Trial, a: Argument, x: Inputs, direction: Array) -> tuple[str, dict[str, Array]] | None:
    def at(s: float) -> dict[str, Array]:
        return {**x, a.name: s * direction}

    places = [*(-s for s in REACH[::-1]), 0.0, *REACH]
    costs = [float(np.mean(trial.value_or_nan(at(s)))) for s in places]
    if any(np.isnan(costs)):
        return None
    for side in (costs[2::-1], costs[4:]):
        falls = side[2] < side[1] - DEEP and side[1] < side[0] - 1.0
        if falls and not _affine(np.array(places), np.array(costs)):
            sign = 1.0 if side == costs[4:] else -1.0
            told = ", ".join(f"{cost:.4g}" for cost in side)
            return f"{a.name} times {sign:g}, {sign * 30:g}, {sign * 300:g} costs {told}", at(sign * REACH[2])
    return None


def _affine(places: Array, costs: Array) -> bool:
    """Whether the finite costs lie on one line."""
    known = np.isfinite(costs)
    if known.sum() < len(costs):
        return False
    line = np.polynomial.Polynomial.fit(places, costs, 1)
    return bool(np.max(np.abs(line(places) - costs)) <= 1e-6 * max(1.0, float(np.max(np.abs(costs)))))
