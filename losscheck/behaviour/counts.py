"""A likelihood of counts: whatever its parameters, exp(-loss) sums over the counts to one constant."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

LEVELS = {"real": (-0.6, 0.7), "positive": (0.6, 1.9), "unit": (0.25, 0.6), "(0,1)": (0.25, 0.6)}
FEW, MANY = 9, 120
"""Counts by which a family is recognised, and counts that hold all of its mass at these levels."""

EXCUSED = 1e-3


def sum_depends_on_parameters(trial: Trial) -> str | None:
    r"""Say that :math:`\sum_y e^{-\ell(\theta, y)}` moves with a parameter though the loss is a likelihood of counts.

    Evidence: from y = 1 on the ratios :math:`(y + 1)\, P(y + 1) / P(y)` of :math:`P = e^{-\ell}` are affine in y for
    every parameter tried, and not proportional to y + 1. Then the terms in y are those of a Poisson, binomial or
    negative binomial law (Katz 1965), and a sum that varies lacks a term, or has a wrong one. Either the sum from 0 or,
    of laws without a zero, the one from 1 has to stay. Terms in y alone that are left out, such as :math:`\log y!`,
    spoil the evidence, and then nothing is said.
    """
    counts = [a for a in trial.signature.arguments if a.domain == "count"]
    others = [a for a in trial.signature.arguments if a.domain != "count"]
    if len(counts) != 1 or not others or any(a.domain not in LEVELS or a.dtype for a in others):
        return None
    y = counts[0]
    axes = {axis: 1 for a in trial.signature.arguments for axis in a.shape if axis.isalpha() and axis not in "KC"}
    x = trial.sample(0, **axes)
    if np.size(x[y.name]) != 1:
        return None
    low = {a.name: np.full_like(x[a.name], LEVELS[a.domain][0]) for a in others}
    high = {a.name: np.full_like(x[a.name], LEVELS[a.domain][1]) for a in others}
    places = [low, *({**low, a.name: high[a.name]} for a in others)]
    names = ["all low", *(f"{a.name} high" for a in others)]
    try:
        if not _affine(_costs(trial, y, {**x, **low}, FEW)):
            return None
        found = [_law(trial, y, {**x, **place}) for place in places]
    except Raised:
        return None
    sums = [s for s in found if s is not None]
    if len(sums) < len(places):
        return None
    for start in (0, 1):
        seen = [s[start] for s in sums]
        if max(seen) <= (1.0 + EXCUSED) * min(seen):
            return None
    said = ", ".join(f"{s[0]:.4g} ({name})" for s, name in zip(sums, names, strict=True))
    return f"exp(-loss) sums over {y.name} to {said}: no negative log-likelihood of counts does that"


def _costs(trial: Trial, y: Argument, x: dict[str, Array], many: int) -> Array:
    return np.array([float(np.sum(trial.value({**x, y.name: np.full_like(x[y.name], k)}))) for k in range(many)])


def _affine(costs: Array) -> bool:
    """Whether the ratios of a few counts are those of one of the three families."""
    if not np.isfinite(costs[:FEW]).all():
        return False
    steps = np.exp(np.clip(costs[1 : FEW - 1] - costs[2:FEW], -50.0, 50.0))
    k = np.arange(1, FEW - 1)
    ratios = steps * (k + 1)
    size = float(np.max(np.abs(ratios)))
    affine = bool(np.max(np.abs(np.diff(ratios, 2))) <= 1e-5 * size)
    return affine and float(np.ptp(steps)) > 1e-3 * float(np.max(steps))


def _law(trial: Trial, y: Argument, x: dict[str, Array]) -> tuple[float, float] | None:
    """Return the sums from 0 and from 1, None where it is none of the families or has mass beyond `MANY`."""
    costs = _costs(trial, y, x, MANY)
    if not np.isfinite(costs).all() or not _affine(costs):
        return None
    mass = np.exp(-np.clip(costs, -300.0, 700.0))
    total, last = float(mass.sum()), float(mass[-1])
    return (total, total - float(mass[0])) if total > 0.0 and last <= 1e-6 * total else None
