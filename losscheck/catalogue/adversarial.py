"""Losses of adversarial generators and their discriminators, in the discriminator's scores.

The non-saturating generator loss is the logistic loss of the score of a sample: ``catalogue["logistic"]``.
"""

from __future__ import annotations

from typing import Any

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
