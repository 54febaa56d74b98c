"""Scores of a law for a number that are no likelihoods: of its cdf, of draws, of its moments or slopes."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import erf, softplus
from losscheck.catalogue.entry import Parameter, Study, entry
from losscheck.catalogue.likelihoods import GNEITING, LOCATION, PROPER

HALF_LOG_2PI = 0.9189385332046727


@entry(
    kind="embedding",
    signature=LOCATION,
    title="CRPS of a Gaussian",
    family="scoring rule",
    formula=r"s\left(r(2\Phi(r) - 1) + 2\varphi(r) - \tfrac{1}{\sqrt\pi}\right),\quad r = (y - m)/s",
    studies=(Study("it is the integral of the squared distance of the distribution functions", GNEITING, PROPER),),
    references=(GNEITING,),
)
def crps_gaussian(m: Any, y: Any, s: Any) -> Any:
    """The continuous ranked probability score in closed form."""
    xp = array_namespace(m)
    r = (y - m) / s
    density = xp.exp(-0.5 * r**2 - HALF_LOG_2PI)
    return s * (r * erf(r / 2**0.5) + 2 * density - 0.5641895835477563)


@entry(
    kind="embedding",
    signature=LOCATION,
    title="CRPS of a logistic law",
    family="scoring rule",
    formula=r"s\left(|r| + 2\log(1 + e^{-|r|}) - 1\right),\quad r = (y - m)/s",
    studies=(Study("it is the integral of the squared distance of the distribution functions", GNEITING, PROPER),),
    references=("Jordan, Krueger, Lerch, Evaluating probabilistic forecasts with scoringRules, 2019",),
)
def crps_logistic(m: Any, y: Any, s: Any) -> Any:
    """The scale times r - 2 log sigmoid(r) - 1, written evenly in r."""
    size = array_namespace(m).abs(y - m) / s
    return s * (size + 2 * softplus(-size) - 1)


@entry(
    kind="embedding",
    signature=LOCATION,
    title="CRPS of a Laplace law",
    family="scoring rule",
    formula=r"s\left(|r| + e^{-|r|} - \tfrac34\right),\quad r = (y - m)/s",
    studies=(Study("it is the integral of the squared distance of the distribution functions", GNEITING, PROPER),),
    references=("Jordan, Krueger, Lerch, Evaluating probabilistic forecasts with scoringRules, 2019",),
)
def crps_laplace(m: Any, y: Any, s: Any) -> Any:
    """The scale times |r| + exp(-|r|) - 3/4."""
    xp = array_namespace(m)
    size = xp.abs(y - m) / s
    return s * (size + xp.exp(-size) - 0.75)


@entry(
    kind="embedding",
    signature="e:(N,M):real y:(N,):real",
    title="CRPS of an ensemble",
    family="scoring rule",
    formula=r"\tfrac1M\sum_i|e_i - y| - \tfrac{1}{2M^2}\sum_{i,j}|e_i - e_j|",
    studies=(Study("it is the integral of the squared distance of the distribution functions", GNEITING, PROPER),),
    references=(GNEITING,),
)
def crps_ensemble(e: Any, y: Any) -> Any:
    """The energy form of the score for the empirical law of the members."""
    xp = array_namespace(e)
    spread = xp.mean(xp.abs(e[:, :, None] - e[:, None, :]), axis=(1, 2))
    return xp.mean(xp.abs(e - y[:, None]), axis=1) - 0.5 * spread


@entry(
    kind="embedding",
    signature="e:(N,M,D):real y:(N,D):real",
    title="Energy score",
    family="scoring rule",
    formula=r"\tfrac1M\sum_i\|e_i - y\| - \tfrac{1}{2M^2}\sum_{i,j}\|e_i - e_j\|",
    hazards=("the gradient of a naive norm is nan on the diagonal",),
    references=(GNEITING,),
)
def energy_score(e: Any, y: Any) -> Any:
    """The ensemble score of vectors."""
    xp = array_namespace(e)
    norm = xp.linalg.vector_norm
    spread = xp.mean(norm(e[:, :, None, :] - e[:, None, :, :], axis=3), axis=(1, 2))
    return xp.mean(norm(e - y[:, None, :], axis=2), axis=1) - 0.5 * spread


@entry(
    kind="embedding",
    signature=LOCATION,
    title="Dawid-Sebastiani score",
    family="scoring rule",
    formula=r"2\log s + \frac{(y - m)^2}{s^2}",
    studies=(Study("mean and deviation of the law are the best report", GNEITING, PROPER),),
    references=("Dawid, Sebastiani, Coherent dispersion criteria for optimal experimental design, 1999",),
)
def dawid_sebastiani(m: Any, y: Any, s: Any) -> Any:
    """Twice the Gaussian likelihood: proper for all laws with these two moments."""
    return 2 * array_namespace(m).log(s) + ((y - m) / s) ** 2


@entry(
    kind="embedding",
    signature=LOCATION,
    title="Hyvarinen score of a Gaussian",
    family="scoring rule",
    formula=r"\frac{(y - m)^2}{s^4} - \frac{2}{s^2}",
    studies=(Study("mean and deviation of the law are the best report", "Hyvarinen, 2005", PROPER),),
    references=("Hyvarinen, Estimation of non-normalized statistical models by score matching, JMLR 2005",),
)
def hyvarinen_gaussian(m: Any, y: Any, s: Any) -> Any:
    """Score matching for a Gaussian (S143): |grad log p|^2 + 2 laplacian log p."""
    return (y - m) ** 2 / s**4 - 2 / s**2


@entry(
    kind="embedding",
    signature="l:(N,):real y:(N,):real w:(N,):positive",
    title="Interval score",
    family="scoring rule",
    formula=r"w + \tfrac2\alpha\max(0, l - y) + \tfrac2\alpha\max(0, y - l - w)",
    parameters={"alpha": Parameter(0.1, "(0, 1)", "the mass that may lie outside")},
    references=(GNEITING, "Winkler, A decision-theoretic approach to interval estimation, JASA 1972"),
    aliases=("winkler_score",),
)
def interval_score(l: Any, y: Any, w: Any, alpha: float = 0.1) -> Any:  # noqa: E741 - the lower end, by its usual letter
    """The width w of the interval [l, l + w] and a penalty for what falls outside."""
    xp = array_namespace(w)
    return w + 2 / alpha * (xp.maximum(l - y, 0 * w) + xp.maximum(y - l - w, 0 * w))
