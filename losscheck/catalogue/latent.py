"""Divergences of latent variables, and the regressions of diffusion and flow models."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Parameter, Study, entry

MINIMISER = "tests/studies/test_likelihoods.py"


@entry(
    kind="embedding",
    signature="m:(N,D):real s:(N,D):real",
    title="KL of a diagonal Gaussian to the standard one (VAE)",
    family="latent",
    formula=r"\tfrac12\sum_d e^{s_d} + m_d^2 - 1 - s_d,\quad s = \log\sigma^2",
    studies=(Study("it is 0 exactly at m = s = 0", "Kingma, Welling, 2014, Appendix B", MINIMISER),),
    hazards=("exp overflows at log-variances of 88.7 in float32",),
    references=("Kingma, Welling, Auto-encoding variational Bayes, ICLR 2014",),
    aliases=("vae_kl",),
)
def latent_kl(m: Any, s: Any) -> Any:
    """KL of N(m, exp(s)) to N(0, 1), summed over the coordinates."""
    xp = array_namespace(m)
    return 0.5 * xp.sum(xp.expm1(s) - s + m**2, axis=1)


@entry(
    kind="embedding",
    signature="m:(N,):real s:(N,):positive n:(N,):real t:(N,):positive",
    title="KL of two Gaussians",
    family="latent",
    formula=r"\log\frac{t}{s} + \frac{s^2 + (m - n)^2}{2t^2} - \tfrac12",
    hazards=("cancels where the two laws are alike",),
    references=("Kullback, Information theory and statistics, 1959",),
)
def gaussian_kl(m: Any, s: Any, n: Any, t: Any) -> Any:
    """KL of N(m, s^2) to N(n, t^2)."""
    xp = array_namespace(m)
    ratio = s / t
    return 0.5 * (ratio**2 + ((m - n) / t) ** 2 - 1) - xp.log(ratio)


@entry(
    kind="embedding",
    signature="m:(N,):real s:(N,):positive n:(N,):real t:(N,):positive",
    title="Squared Wasserstein distance of two Gaussians",
    family="latent",
    formula=r"(m - n)^2 + (s - t)^2",
    references=("Dowson, Landau, The Frechet distance between multivariate normal distributions, 1982",),
    aliases=("frechet_distance",),
)
def gaussian_wasserstein(m: Any, s: Any, n: Any, t: Any) -> Any:
    """The Frechet distance on the line (S065 for moments)."""
    return (m - n) ** 2 + (s - t) ** 2


@entry(
    kind="embedding",
    signature="v:(N,D):real x:(N,D):real e:(N,D):real",
    title="Rectified flow (conditional flow matching)",
    family="latent",
    formula=r"\|v - (x - e)\|^2",
    studies=(Study("the best velocity is the conditional mean of x - e", "Lipman et al., 2023, Theorem 2", MINIMISER),),
    references=(
        "Lipman et al., Flow matching for generative modeling, ICLR 2023",
        "Liu, Gong, Liu, Flow straight and fast, ICLR 2023",
    ),
)
def flow_matching(v: Any, x: Any, e: Any) -> Any:
    """The squared distance of a velocity to the straight one from noise e to data x (S145, S146)."""
    return array_namespace(v).sum((v - (x - e)) ** 2, axis=1)


@entry(
    kind="embedding",
    signature="s:(N,D):real e:(N,D):real w:(N,):positive",
    title="Denoising score matching",
    family="latent",
    formula=r"\lambda\left\|s + \frac{e}{\sigma}\right\|^2,\quad \lambda = \sigma^2",
    studies=(Study("the best score is the mean of -e / sigma", "Vincent, 2011", MINIMISER),),
    hazards=("1 / sigma overflows as the noise vanishes; the weight sigma^2 goes inside the square",),
    references=("Vincent, A connection between score matching and denoising autoencoders, 2011",),
)
def denoising_score(s: Any, e: Any, w: Any) -> Any:
    """Weighted by sigma^2: |w s + e|^2 for noise e and scale w (S143, S144, S148, S150)."""
    return array_namespace(s).sum((w[:, None] * s + e) ** 2, axis=1)


@entry(
    kind="regression",
    signature="yhat:(N,):unit y:(N,):unit",
    title="Amplified reconstruction loss (LAMP)",
    family="regression",
    formula=r"-\log(1 - (\hat y - y)^2)",
    hazards=("log 0 at the opposite end",),
    status="formula unconfirmed",
    references=("Park et al., Neural network training strategy to enhance anomaly detection performance, 2023",),
)
def amplified_squared(yhat: Any, y: Any) -> Any:
    """-log(1 - r^2) for residuals below 1 (S157)."""
    return -array_namespace(yhat).log1p(-((yhat - y) ** 2))


@entry(
    kind="embedding",
    signature="d:(N,K):positive y:(N,):index",
    title="Harmonic loss of distances",
    family="comp-sum",
    formula=r"n\log d_y + \log\sum_k d_k^{-n}",
    parameters={"n": Parameter(2.0, "(0, inf)", "the exponent; about the root of the dimension")},
    studies=(
        Study(
            "scaling all distances changes nothing, and it is cross-entropy of -n log d",
            "Baek et al., 2025",
            "tests/studies/test_maps.py",
        ),
    ),
    hazards=("a distance of 0 is inf / inf: nan, at the very minimum of the loss",),
    references=("Baek, Liu, Tyagi, Tegmark, Harmonic loss trains interpretable AI models, 2025",),
)
def harmonic(d: Any, y: Any, n: float = 2.0) -> Any:
    """Cross-entropy of the negative logarithms of distances (S037)."""
    xp = array_namespace(d)
    scores = -n * xp.log(d)
    largest = xp.max(scores, axis=1, keepdims=True)
    places = xp.arange(d.shape[0])
    return largest[:, 0] + xp.log(xp.sum(xp.exp(scores - largest), axis=1)) - scores[places, y]


@entry(
    kind="embedding",
    signature="x:(N,K):logsimplex t:(N,K):simplex",
    title="Kullback-Leibler divergence of log-probabilities",
    family="divergence",
    formula=r"\sum_k t_k(\log t_k - x_k)",
    hazards=("t log t is nan at 0 in the naive form",),
    references=("PyTorch, torch.nn.KLDivLoss",),
)
def kl_of_logs(x: Any, t: Any) -> Any:
    """As torch.nn.KLDivLoss with reduction by row."""
    xp = array_namespace(x)
    empty = t == 0
    logs = xp.log(xp.where(empty, xp.ones_like(t), t))
    return xp.sum(xp.where(empty, xp.zeros_like(t), t * (logs - xp.where(empty, xp.zeros_like(x), x))), axis=1)


@entry(
    kind="embedding",
    signature="x:(N,K):logsimplex y:(N,):index",
    title="Negative log-likelihood of log-probabilities",
    family="scoring rule",
    formula=r"-x_y",
    references=("PyTorch, torch.nn.NLLLoss",),
)
def nll_of_logs(x: Any, y: Any) -> Any:
    """As torch.nn.NLLLoss."""
    return -x[array_namespace(x).arange(x.shape[0]), y]
