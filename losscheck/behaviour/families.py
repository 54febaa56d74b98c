"""A likelihood of positive numbers or of shares: whatever its parameters, exp(-loss) has one integral."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.roles import is_weight, target
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

LEVELS = {"positive": (0.7, 1.9), "real": (-0.4, 0.6)}
FAR, NEAR = 12.0, 3.0
"""Ends of the grid on the scale of the logarithm (of the logit), and of the part by which a family is recognised."""

POINTS = 481
EXCUSED = 0.02
FAMILIES: dict[str, tuple[tuple[Callable[[Array], Array], ...], ...]] = {
    "positive": ((np.log, lambda y: y), (np.log, lambda y: 1.0 / y)),
    "unit": ((np.log, lambda y: np.log1p(-y)),),
}
"""Gamma and inverse gamma laws, and beta laws, by their sufficient statistics."""


def integral_depends_on_parameters(trial: Trial) -> str | None:
    r"""Say that :math:`\int e^{-\ell(\theta, y)}\,dy` moves with a parameter though the loss is such a likelihood.

    Evidence: for every parameter tried the loss is an affine function of the statistics of one family, and its constant
    and each coefficient move with the parameters: there is a normaliser, and the shape is a parameter. (Where it is
    none, as of the deviances of Tweedie, a term in y alone that was left out may be anything.) Then little may be left
    out: one of the integrals with respect to dy, dy / y, and of shares dy / (1 - y) and dy / (y (1 - y)), has to stay.
    Weights are no parameters of a law and are not asked.
    """
    t = target(trial.signature)
    others = [a for a in trial.signature.arguments if a is not t]
    if t is None or t.domain not in FAMILIES or t.dtype or not others:
        return None
    if any(a.domain not in LEVELS or a.dtype or is_weight(a, trial.signature) for a in others):
        return None
    axes = {axis: 1 for a in trial.signature.arguments for axis in a.shape if axis.isalpha()}
    x = trial.sample(0, **axes)
    if any(np.size(x[a.name]) != 1 for a in trial.signature.arguments):
        return None
    low, high = ({a.name: np.full_like(x[a.name], LEVELS[a.domain][k]) for a in others} for k in (0, 1))
    places = [low, *({**low, a.name: high[a.name]} for a in others), high]
    u = np.linspace(-FAR, FAR, POINTS)
    y = np.exp(u) if t.domain == "positive" else 1.0 / (1.0 + np.exp(-u))
    measures = [y, np.ones_like(y)] if t.domain == "positive" else [y * (1 - y), 1 - y, y, np.ones_like(y)]
    try:
        costs = [_costs(trial, t, {**x, **place}, y) for place in places]
    except Raised:
        return None
    if any(np.isnan(c).any() for c in costs) or not _of_a_family(t, y, u, costs):
        return None
    masses = [[_mass(c, weight, u) for c in costs] for weight in measures]
    whole = [m for m in masses if all(found is not None for found in m)]
    found = [[float(s) for s in m if s is not None] for m in whole]
    if not found or any(max(m) <= (1.0 + EXCUSED) * min(m) for m in found):
        return None
    names = ["all low", *(f"{a.name} high" for a in others), "all high"]
    said = ", ".join(f"{s:.4g} ({name})" for s, name in zip(found[0], names, strict=True))
    return f"exp(-loss) integrates over {t.name} to {said}: no negative log-likelihood does that"


def _costs(trial: Trial, t: Argument, x: Inputs, places: Array) -> Array:
    return np.array([float(np.sum(trial.value({**x, t.name: np.full_like(x[t.name], v)}))) for v in places])


def _of_a_family(t: Argument, y: Array, u: Array, costs: list[Array]) -> bool:
    near = np.flatnonzero(np.abs(u) <= NEAR)[::8]
    for statistics in FAMILIES[t.domain]:
        basis = np.stack([np.ones(len(near)), *(s(y[near]) for s in statistics)], axis=1)
        fitted = []
        for cost in (c[near] for c in costs):
            if not np.isfinite(cost).all():
                return False
            coefficients = np.linalg.lstsq(basis, cost, rcond=None)[0]
            if np.max(np.abs(basis @ coefficients - cost)) > 1e-7 * max(1.0, float(np.max(np.abs(cost)))):
                break
            fitted.append(coefficients)
        if len(fitted) == len(costs):
            spread = np.ptp(np.array(fitted), axis=0)
            return bool(spread.min() > 1e-3)
    return False


def _mass(cost: Array, weight: Array, u: Array) -> float | None:
    """Return an integral over the whole grid, None where it goes on beyond its ends."""
    inside = np.exp(-np.clip(cost, -600.0, 700.0)) * weight
    total = float(np.trapezoid(inside, u))
    ends = float(max(inside[0], inside[-1]))
    return total if np.isfinite(total) and total > 0.0 and ends <= 1e-3 * total else None
