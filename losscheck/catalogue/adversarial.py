"""Losses of adversarial generators and their discriminators, in the discriminator's scores.

The non-saturating generator loss is the logistic loss of the score of a sample: ``catalogue["logistic"]``.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import relu, softplus
from losscheck.catalogue.entry import Parameter, Study, entry

PAIR = "real:(N,):real fake:(N,):real"
GOODFELLOW = "Goodfellow et al., Generative adversarial nets, NeurIPS 2014"
OPTIMAL = Study(
    "at the best score of a point, sigmoid is the share of the data there",
    "Goodfellow et al., 2014, Proposition 1",
    "tests/studies/test_adversarial.py",
)


@entry(
    kind="embedding",
    signature=PAIR,
    title="Discriminator loss of the original GAN",
    family="adversarial",
    formula=r"\log(1 + e^{-r}) + \log(1 + e^{f})",
    studies=(OPTIMAL,),
    references=(GOODFELLOW,),
)
def gan_discriminator(real: Any, fake: Any) -> Any:
    """The logistic loss of telling data from samples."""
    return softplus(-real) + softplus(fake)


@entry(
    kind="embedding",
    signature=PAIR,
    title="Discriminator loss with one-sided label smoothing",
    family="adversarial",
    formula=r"\alpha\log(1 + e^{-r}) + (1-\alpha)\log(1 + e^{r}) + \log(1 + e^{f})",
    parameters={"alpha": Parameter(0.9, "(0, 1]", "the target of real data")},
    studies=(
        Study(
            "the best sigmoid is alpha p / (p + q)",
            "Salimans et al., 2016, Section 3.4",
            "tests/studies/test_adversarial.py",
        ),
    ),
    references=("Salimans et al., Improved techniques for training GANs, NeurIPS 2016",),
)
def gan_smoothed(real: Any, fake: Any, alpha: float = 0.9) -> Any:
    """The original loss with targets alpha and 0 (S138)."""
    return softplus(-real) + (1 - alpha) * real + softplus(fake)


@entry(
    kind="margin",
    title="Saturating generator loss",
    family="adversarial",
    formula=r"-\log(1 + e^{f})",
    references=(GOODFELLOW,),
)
def gan_generator_saturating(v: Any) -> Any:
    """The minimax loss: flat where the discriminator is sure, and unbounded below."""
    return -softplus(v)


@entry(
    kind="embedding",
    signature=PAIR,
    title="Least-squares discriminator loss",
    family="adversarial",
    formula=r"\tfrac12(r - 1)^2 + \tfrac12 f^2",
    references=("Mao et al., Least squares generative adversarial networks, ICCV 2017",),
    aliases=("lsgan",),
)
def least_squares_gan(real: Any, fake: Any) -> Any:
    """Squared errors to 1 and 0 (S137)."""
    return 0.5 * (real - 1) ** 2 + 0.5 * fake**2


@entry(
    kind="embedding",
    signature=PAIR,
    title="Hinge discriminator loss",
    family="adversarial",
    formula=r"\max(0, 1 - r) + \max(0, 1 + f)",
    references=("Lim, Ye, Geometric GAN, 2017", "Miyato et al., Spectral normalization, ICLR 2018"),
)
def hinge_gan(real: Any, fake: Any) -> Any:
    """The hinge loss of telling data from samples (S137)."""
    return relu(1 - real) + relu(1 + fake)


@entry(
    kind="embedding",
    signature=PAIR,
    title="Wasserstein critic loss",
    family="adversarial",
    formula=r"f - r",
    studies=(
        Study(
            "on finite sets the best 1-Lipschitz critic attains the transport cost",
            "Kantorovich, Rubinstein, 1958; Arjovsky, Chintala, Bottou, 2017",
            "tests/studies/test_adversarial.py",
        ),
    ),
    hazards=("unbounded below: the critic must be kept Lipschitz from outside",),
    references=("Arjovsky, Chintala, Bottou, Wasserstein GAN, ICML 2017",),
    aliases=("wgan",),
)
def wasserstein_critic(real: Any, fake: Any) -> Any:
    """The difference of means, to be minimised over Lipschitz critics (S135)."""
    return fake - real


@entry(
    kind="embedding",
    signature=PAIR,
    title="Relativistic pairing loss (R3GAN without penalties)",
    family="adversarial",
    formula=r"\log(1 + e^{-(r - f)})",
    studies=(Study("adding one number to all scores changes nothing", "derived", "tests/studies/test_adversarial.py"),),
    references=(
        "Jolicoeur-Martineau, The relativistic discriminator, ICLR 2019",
        "Huang et al., The GAN is dead; long live the GAN!, NeurIPS 2024",
    ),
)
def relativistic_gan(real: Any, fake: Any) -> Any:
    """The logistic loss of the difference of a real and a fake score (S136)."""
    return softplus(fake - real)


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
