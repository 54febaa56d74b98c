"""Variational bounds of divergences, in the scores of a critic."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.adversarial import PAIR
from losscheck.catalogue.entry import Study, entry


@entry(
    kind="embedding",
    signature="joint:(B,):real marginal:(B,):real",
    title="Donsker-Varadhan bound (MINE)",
    family="adversarial",
    formula=r"\log\overline{e^{t_m}} - \overline{t_j}",
    studies=(
        Study(
            "its negative is at most the divergence, and no less than the bound of Nguyen, Wainwright and Jordan",
            "Belghazi et al., 2018, Section 3",
            "tests/studies/test_adversarial.py",
        ),
    ),
    hazards=("the slope of the log-mean-exp of a small batch is biased", "exp overflows in the naive form"),
    references=("Belghazi et al., MINE: mutual information neural estimation, ICML 2018",),
    aliases=("mine",),
)
def donsker_varadhan(joint: Any, marginal: Any) -> Any:
    """Minus the Donsker-Varadhan bound of the divergence of two samples (S139)."""
    xp = array_namespace(joint)
    largest = xp.max(marginal)
    return largest + xp.log(xp.mean(xp.exp(marginal - largest))) - xp.mean(joint)


@entry(
    kind="embedding",
    signature=PAIR,
    title="Bound of Nguyen, Wainwright and Jordan (KL)",
    family="adversarial",
    formula=r"e^{f - 1} - r",
    hazards=("exp overflows at 89.7 in float32",),
    references=("Nguyen, Wainwright, Jordan, Estimating divergence functionals, IEEE TIT 2010",),
    aliases=("nwj",),
)
def variational_kl(real: Any, fake: Any) -> Any:
    """The conjugate of t log t is exp(u - 1): minus its mean score is at most KL (S080)."""
    return array_namespace(real).exp(fake - 1) - real


@entry(
    kind="embedding",
    signature=PAIR,
    title="Variational bound of Pearson's chi-squared divergence",
    family="adversarial",
    formula=r"\tfrac14 f^2 + f - r",
    references=("Nowozin, Cseke, Tomioka, f-GAN, NeurIPS 2016",),
)
def variational_chi_squared(real: Any, fake: Any) -> Any:
    """The conjugate of (t - 1)^2 is u^2/4 + u (S080)."""
    return 0.25 * fake**2 + fake - real


@entry(
    kind="embedding",
    signature=PAIR,
    title="Variational bound of the squared Hellinger distance",
    family="adversarial",
    formula=r"\frac{u}{1 - u} - u_r,\quad u = 1 - e^{-s}",
    hazards=("exp overflows at scores of 88.7 in float32",),
    references=("Nowozin, Cseke, Tomioka, f-GAN, NeurIPS 2016",),
)
def variational_hellinger(real: Any, fake: Any) -> Any:
    """The conjugate of (sqrt t - 1)^2 with its activation: exp(f) - 1 + exp(-r) - 1."""
    xp = array_namespace(real)
    return xp.expm1(fake) + xp.expm1(-real)
