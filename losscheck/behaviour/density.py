"""A scale beside a location: exp(-loss) must be a density of the target up to one constant, whatever the scale."""

from __future__ import annotations

import numpy as np

from losscheck.behaviour.calling import Raised
from losscheck.behaviour.formats import Array, Inputs
from losscheck.behaviour.roles import target
from losscheck.behaviour.scale_family import unnamed_scale
from losscheck.behaviour.trial import Trial
from losscheck.signature import Argument

SCALES = frozenset({"var", "variance", "sig", "sigma", "sigma2", "std", "scale"})
LOG_SCALES = frozenset({"logvar", "log_var", "logsigma", "log_sigma", "log_std", "logstd", "log_scale", "s"})
FACTORS = (0.5, 1.0, 2.0)
EXCUSED = 0.05
"""Relative difference of two integrals: heavy tails leave some mass outside of the grid."""


def mass_depends_on_scale(trial: Trial) -> str | None:
    r"""Say that :math:`\int e^{-\ell(\mu, s, y)}\,dy` moves with the scale though it does not move with the location.

    Then the loss is no negative log-likelihood (a factor of the log-determinant is wrong), and its best scale is not
    that of the residuals. Asked of a real target, a real location and an argument named like a scale, or one that acts
    like the scale of a likelihood (`losscheck.behaviour.scale_family`); scores of whole distributions grow in
    proportion where all three do (a continuous ranked probability score) and are not asked. Twice a negative
    log-likelihood is one: where exp(-loss / 2) has one integral and a residual of 1 the best scale 1.
    """
    named = location_and_scale(trial)
    found = named or unnamed_scale(trial)
    if found is None:
        return None
    location, scale, t = found
    if _homogeneous(trial, [location, scale, t]):
        return None
    axes = {axis: 1 for a in trial.signature.arguments for axis in a.shape if axis.isalpha()}
    x = trial.sample(0, **axes)
    log = scale.domain == "real"

    def mass(shift: float, factor: float, share: float = 1.0) -> float:
        size = np.full_like(x[scale.name], np.log(factor) if log else factor)
        centre = np.full_like(x[location.name], shift)
        u = np.linspace(-6.0, 6.0, 241)
        y = shift + np.sinh(u)
        at = {**x, scale.name: size, location.name: centre}
        costs: Array = np.array([float(np.sum(trial.value({**at, t.name: np.full_like(x[t.name], v)}))) for v in y])
        return float(np.trapezoid(np.exp(-share * costs) * np.cosh(u), u))

    try:
        masses = [mass(0.0, factor) for factor in FACTORS]
        halves = [mass(0.0, factor, 0.5) for factor in FACTORS]
        moved = mass(0.7, 1.0)
        sides = [_of_residual_one(trial, x, found, factor, log) for factor in (0.8, 1.0, 1.25)]
    except Raised:
        return None
    if not np.isfinite([*masses, moved]).all() or min(masses) <= 0.0 or abs(moved / masses[1] - 1.0) > 0.01:
        return None
    if max(masses) <= (1.0 + EXCUSED) * min(masses):
        return None
    if max(halves) <= (1.0 + EXCUSED) * min(halves) and int(np.argmin(sides)) == 1:
        return None
    said = ", ".join(f"{m:.4g}" for m in masses)
    at = ", ".join(f"{np.log(f):.3g}" if log else f"{f:g}" for f in FACTORS)
    return f"exp(-loss) integrates over {t.name} to {said} at {scale.name} = {at}: no negative log-likelihood does that"


def _of_residual_one(
    trial: Trial, x: Inputs, of: tuple[Argument, Argument, Argument], factor: float, log: bool
) -> float:
    location, scale, t = of
    size = np.full_like(x[scale.name], np.log(factor) if log else factor)
    at = {**x, scale.name: size, location.name: np.zeros_like(x[location.name]), t.name: np.ones_like(x[t.name])}
    return float(np.sum(trial.value(at)))


def mass_depends_on_shape(trial: Trial) -> str | None:
    r"""Say that :math:`\int e^{-\ell}\,dy` moves with one positive parameter, not with the location or another.

    Evidence that the loss is a negative log-likelihood: the integral is the same for two locations and for three values
    of some other positive parameter. Then it may not move with any: a normaliser is wrong. Asked of a real target and
    location beside two positive arguments or more, all of one shape.
    """
    t = target(trial.signature)
    others = [a for a in trial.signature.arguments if a is not t]
    reals, shapes = ([a for a in others if a.domain == d] for d in ("real", "positive"))
    if t is None or t.domain != "real" or len(reals) != 1 or len(shapes) < 2 or len(others) != 1 + len(shapes):
        return None
    if any(a.shape != t.shape for a in others):
        return None
    axes = {axis: 1 for axis in t.shape if axis.isalpha()}
    x = trial.sample(0, **axes)
    at = {**x, **{a.name: np.ones_like(x[a.name]) for a in shapes}}
    u = np.linspace(-8.0, 8.0, 321)

    def mass(shift: float = 0.0, name: str = "", size: float = 1.0) -> float:
        here = {**at, reals[0].name: np.full_like(x[reals[0].name], shift)}
        here = {**here, name: np.full_like(x[name], size)} if name else here
        costs: Array = np.array(
            [np.sum(trial.value({**here, t.name: np.full_like(x[t.name], shift + np.sinh(v))})) for v in u]
        )
        return float(np.trapezoid(np.exp(-costs) * np.cosh(u), u))

    try:
        usual, moved = mass(), mass(0.7)
        masses = {a.name: [usual, mass(name=a.name, size=2.0), mass(name=a.name, size=4.0)] for a in shapes}
    except Raised:
        return None
    if (
        not np.isfinite([moved, *(m for each in masses.values() for m in each)]).all()
        or usual <= 0.0
        or abs(moved / usual - 1.0) > 0.01
    ):
        return None
    varies = [name for name, m in masses.items() if max(m) > (1.0 + EXCUSED) * min(m)]
    if not varies or len(varies) == len(masses):
        return None
    said = ", ".join(f"{m:.4g}" for m in masses[varies[0]])
    return f"exp(-loss) integrates over {t.name} to {said} at {varies[0]} = 1, 2, 4, yet to one number at any other"


def _homogeneous(trial: Trial, together: list[Argument]) -> bool:
    """Whether doubling all of ``together`` doubles the loss, or multiplies it by four: then it is no log-likelihood."""
    ratios = []
    for seed in (0, 1, 2):
        x = trial.sample(seed)
        try:
            once, twice = trial.value(x), trial.value({**x, **{a.name: 2.0 * x[a.name] for a in together}})
        except Raised:
            return False
        ratios.append(float(np.sum(twice)) / float(np.sum(once)) if np.sum(once) else np.nan)
    return any(bool(np.allclose(ratios, power, rtol=1e-6)) for power in (2.0, 4.0))


def location_and_scale(trial: Trial) -> tuple[Argument, Argument, Argument] | None:
    """Return location, scale and target of a loss of three real arguments of one shape.

    Where no name tells the target from the location it is the first of the two: a density moves with its location.
    """
    t = target(trial.signature) or next((a for a in trial.signature.arguments if a.domain == "real"), None)
    others = [a for a in trial.signature.arguments if a is not t]
    scale = [
        a
        for a in others
        if (a.name in SCALES and a.domain == "positive") or (a.name in LOG_SCALES and a.domain == "real")
    ]
    location = [a for a in others if a not in scale and a.domain == "real"]
    if t is None or t.domain != "real" or len(others) != 2 or len(scale) != 1 or len(location) != 1:
        return None
    return (location[0], scale[0], t) if location[0].shape == t.shape else None
