"""Negative log-likelihoods of laws on counts, positive numbers, angles and bits."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import sigmoid
from losscheck.catalogue.entry import Parameter, entry
from losscheck.catalogue.likelihoods import GNEITING

RATE = "m:(N,):positive y:(N,):count"


@entry(
    kind="embedding",
    signature="m:(N,):real y:(N,):count",
    title="Poisson negative log-likelihood, log input",
    family="likelihood",
    formula=r"e^m - y m",
    hazards=("exp overflows at m = 88.7 in float32",),
    references=("PyTorch, torch.nn.PoissonNLLLoss",),
)
def poisson_nll(m: Any, y: Any) -> Any:
    """exp(m) - y m, as torch.nn.PoissonNLLLoss without Stirling's term."""
    return array_namespace(m).exp(m) - y * m


@entry(
    kind="embedding",
    signature=RATE,
    title="Negative binomial negative log-likelihood",
    family="likelihood",
    formula=r"(y + r)\log(r + m) - y\log m - r\log r",
    parameters={"r": Parameter(2.0, "(0, inf)", "infinity is Poisson")},
    references=("Hilbe, Negative binomial regression, 2011",),
)
def negative_binomial_nll(m: Any, y: Any, r: float = 2.0) -> Any:
    """The likelihood of the mean m, up to a term of y alone."""
    xp = array_namespace(m)
    return r * xp.log1p(m / r) + y * (xp.log(r + m) - xp.log(m))


@entry(
    kind="embedding",
    signature="m:(N,):positive y:(N,):positive",
    title="Exponential negative log-likelihood",
    family="likelihood",
    formula=r"\log m + \frac{y}{m}",
    references=(GNEITING,),
)
def exponential_nll(m: Any, y: Any) -> Any:
    """The logarithm of m, plus y / m: half the gamma deviance up to a term of y."""
    return array_namespace(m).log(m) + y / m


@entry(
    kind="embedding",
    signature="m:(N,):real y:(N,):positive s:(N,):positive",
    title="Log-normal negative log-likelihood",
    family="likelihood",
    formula=r"\log(s y) + \frac{(\log y - m)^2}{2 s^2}",
    references=(GNEITING,),
)
def lognormal_nll(m: Any, y: Any, s: Any) -> Any:
    """The Gaussian likelihood of log y, with the Jacobian."""
    xp = array_namespace(m)
    log_y = xp.log(y)
    return xp.log(s) + log_y + (log_y - m) ** 2 / (2 * s**2)


@entry(
    kind="embedding",
    signature="m:(N,):real y:(N,):real",
    title="Von Mises negative log-likelihood",
    family="likelihood",
    formula=r"\kappa(1 - \cos(y - m))",
    parameters={"kappa": Parameter(1.0, "(0, inf)", "the concentration")},
    references=("Mardia, Jupp, Directional statistics, 2000",),
    hazards=("1 - cos cancels for small angles; 2 sin^2 of half of them does not",),
)
def von_mises_nll(m: Any, y: Any, kappa: float = 1.0) -> Any:
    """The concentration times (1 - cos(y - m)) for angles, up to a constant of kappa."""
    return 2 * kappa * array_namespace(m).sin((y - m) / 2) ** 2


@entry(
    kind="embedding",
    signature="z:(N,):real y:(N,):{0,1} c:(N,):unit",
    title="Bernoulli likelihood of a noisy label",
    family="likelihood",
    formula=r"-\log\left((1 - c)\,\sigma(\pm z) + c\,\sigma(\mp z)\right)",
    references=("Mnih, Hinton, Learning to label aerial images from noisy data, ICML 2012",),
    hazards=("log 0 where the rate of noise is 0 or 1 and the sigmoid underflows",),
)
def noisy_bernoulli_nll(z: Any, y: Any, c: Any) -> Any:
    """The likelihood of a label flipped with probability c."""
    xp = array_namespace(z)
    right = sigmoid(xp.where(y == 1, z, -z))
    return -xp.log((1 - c) * right + c * (1 - right))
