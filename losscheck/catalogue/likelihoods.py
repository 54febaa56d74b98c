"""Negative log-likelihoods of parametric laws: the prediction is a law, given by its parameters."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import erf, sigmoid, softplus
from losscheck.catalogue.entry import Parameter, Study, entry

LOCATION = "m:(N,):real y:(N,):real s:(N,):positive"
RATE = "m:(N,):positive y:(N,):count"
PROPER = "tests/studies/test_likelihoods.py"
GNEITING = "Gneiting, Raftery, Strictly proper scoring rules, prediction, and estimation, JASA 2007"
HALF_LOG_2PI = 0.9189385332046727
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
