"""Negative log-likelihoods of parametric laws: the prediction is a law, given by its parameters."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import softplus
from losscheck.catalogue.entry import Parameter, Study, entry

LOCATION = "m:(N,):real y:(N,):real s:(N,):positive"
PROPER = "tests/studies/test_likelihoods.py"
GNEITING = "Gneiting, Raftery, Strictly proper scoring rules, prediction, and estimation, JASA 2007"
LOG_2 = 0.6931471805599453


@entry(
    kind="embedding",
    signature="m:(N,):real y:(N,):real v:(N,):positive",
    title="Gaussian negative log-likelihood",
    family="likelihood",
    formula=r"\tfrac12\left(\log v + \frac{(y - m)^2}{v}\right)",
    studies=(Study("mean and variance of the law are the best report", GNEITING, PROPER),),
    hazards=("unbounded below as v tends to 0 at y = m; torch clamps v from below at 1e-6",),
    references=("Nix, Weigend, Estimating the mean and variance of the target probability distribution, 1994",),
)
def gaussian_nll(m: Any, y: Any, v: Any) -> Any:
    """Half of log v + (y - m)^2 / v, as torch.nn.GaussianNLLLoss without its clamp."""
    return 0.5 * (array_namespace(m).log(v) + (y - m) ** 2 / v)


@entry(
    kind="embedding",
    signature="m:(N,):real y:(N,):real v:(N,):positive",
    title="Beta-weighted Gaussian negative log-likelihood",
    family="likelihood",
    formula=r"\tfrac12 v^\beta\left(\log v + \frac{(y - m)^2}{v}\right)",
    parameters={"beta": Parameter(0.5, "[0, 1]", "0 is the likelihood; 1 gives the mean the slope of squared error")},
    hazards=("meant with the factor detached: differentiated through, it is no proper score",),
    references=(
        "Seitzer, Tavakoli, Antic, Martius, On the pitfalls of heteroscedastic uncertainty estimation, ICLR 2022",
    ),
)
def beta_gaussian_nll(m: Any, y: Any, v: Any, beta: float = 0.5) -> Any:
    """The likelihood times a power of its variance, factor included in the gradient."""
    return v**beta * gaussian_nll(m, y, v)


@entry(
    kind="embedding",
    signature=LOCATION,
    title="Laplace negative log-likelihood",
    family="likelihood",
    formula=r"\log(2s) + \frac{|y - m|}{s}",
    studies=(Study("median and mean absolute deviation of the law are the best report", GNEITING, PROPER),),
    references=("Kotz, Kozubowski, Podgorski, The Laplace distribution and generalizations, 2001",),
)
def laplace_nll(m: Any, y: Any, s: Any) -> Any:
    """log(2 s) + |y - m| / s."""
    xp = array_namespace(m)
    return xp.log(2 * s) + xp.abs(y - m) / s


@entry(
    kind="embedding",
    signature=LOCATION,
    title="Logistic negative log-likelihood",
    family="likelihood",
    formula=r"\log s + r + 2\log(1 + e^{-r}),\quad r = (y - m)/s",
    references=("Balakrishnan, Handbook of the logistic distribution, 1992",),
)
def logistic_nll(m: Any, y: Any, s: Any) -> Any:
    """The logarithm of s, plus |r| + 2 log(1 + exp(-|r|))."""
    xp = array_namespace(m)
    size = xp.abs(y - m) / s
    return xp.log(s) + size + 2 * softplus(-size)


@entry(
    kind="embedding",
    signature=LOCATION,
    title="Student negative log-likelihood",
    family="likelihood",
    formula=r"\log s + \frac{\nu+1}{2}\log\left(1 + \frac{(y - m)^2}{\nu s^2}\right)",
    parameters={"nu": Parameter(4.0, "(0, inf)", "degrees of freedom: 1 is Cauchy, infinity Gaussian")},
    hazards=("the square overflows at residuals of 1.8e19 scales in float32",),
    references=("Lange, Little, Taylor, Robust statistical modeling using the t distribution, JASA 1989",),
)
def student_nll(m: Any, y: Any, s: Any, nu: float = 4.0) -> Any:
    """Student's likelihood up to a constant of nu: redescending in m."""
    xp = array_namespace(m)
    return xp.log(s) + (nu + 1) / 2 * xp.log1p(((y - m) / s) ** 2 / nu)
