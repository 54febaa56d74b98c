"""Losses of unnormalised models: telling data from noise, and likelihoods with an estimated normaliser."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import logsumexp, sigmoid, softplus
from losscheck.catalogue.entry import Claim, Parameter, Study, entry

STUDY = "tests/studies/test_estimation.py"


@entry(
    kind="embedding",
    signature="p:(N,):real n:(N,M):real",
    title="Noise-contrastive estimation",
    family="estimation",
    formula=r"-\log\sigma(p - c) - \sum_j\log\sigma(c - n_j),\quad c = \log(M \cdot \text{noise density})",
    parameters={"offset": Parameter(0.0, "(-inf, inf)", "log of the number of noise draws times the noise's density")},
    studies=(Study("the best score is the log-density of the data", "Gutmann, Hyvarinen, 2010, Theorem 1", STUDY),),
    references=(
        "Gutmann, Hyvarinen, Noise-contrastive estimation, AISTATS 2010",
        "Wu, Xiong, Yu, Lin, Unsupervised feature learning via non-parametric instance discrimination, CVPR 2018",
    ),
    aliases=("nce",),
)
def noise_contrastive(p: Any, n: Any, offset: float = 0.0) -> Any:
    """The logistic loss of telling one row of data from its draws of noise (S030)."""
    return softplus(offset - p) + array_namespace(p).sum(softplus(n - offset), axis=1)


@entry(
    kind="embedding",
    signature="p:(N,):real n:(N,M):real",
    title="Compositional likelihood of an unnormalised model",
    family="estimation",
    formula=r"-p + \log\tfrac1M\sum_j e^{n_j}",
    studies=(
        Study("the estimate of the log-normaliser is too small on average (Jensen)", "Jiang et al., 2023", STUDY),
    ),
    references=("Jiang et al., Learning unnormalized statistical models via compositional optimization, ICML 2023",),
)
def compositional_likelihood(p: Any, n: Any) -> Any:
    """Minus a log-density, with the normaliser estimated from log importance weights n (S031)."""
    count = array_namespace(p).ones_like(p) * n.shape[1]
    return logsumexp(n) - array_namespace(p).log(count) - p


@entry(
    kind="embedding",
    signature="s:(N,):real n:(N,M):real w:(N,M):positive",
    title="Weighted InfoNCE of scores",
    family="embedding",
    formula=r"\log\left(e^{s} + \sum_j w_j e^{n_j}\right) - s",
    references=("Yu, Ge, Li, Zhou, Heterogeneous graph contrastive learning, 2024",),
)
def weighted_contrastive(s: Any, n: Any, w: Any) -> Any:
    """Cross-entropy of the positive against weighted negatives (S130)."""
    return softplus(logsumexp(n + array_namespace(s).log(w)) - s)


@entry(
    kind="embedding",
    signature="z:(N,M,K):real y:(N,):index",
    title="Odd-k-out loss, hard label",
    family="comp-sum",
    formula=r"-\log\mathrm{softmax}\left(\sum_m z_m\right)_y",
    references=("Muttenthaler et al., Set learning for accurate and calibrated models, ICLR 2024",),
)
def odd_one_out(z: Any, y: Any) -> Any:
    """Cross-entropy of the summed logits of a set with the label of its pair (S060)."""
    xp = array_namespace(z)
    total = xp.sum(z, axis=1)
    return logsumexp(total) - total[xp.arange(z.shape[0]), y]


@entry(
    kind="probability",
    title="Binary cross-entropy with expected label perturbation",
    family="improper binary",
    formula=r"BCE(p, (1 - 2ab) y + ab)",
    parameters={
        "rate": Parameter(0.1, "[0, 1]", "how often a label is perturbed"),
        "size": Parameter(0.5, "[0, 1]", "how far: 1/2 makes it 1/2, 1 inverts it"),
    },
    claims=(
        Claim("proper", False, "derived: the best report is (1 - 2ab) eta + ab"),
        Claim("convex", True, "a sum of convex functions"),
        Claim("composite_convex[link=logit]", True, "a sum of convex functions"),
    ),
    references=("Liu et al., Model calibration in dense classification with adaptive label perturbation, ICCV 2023",),
)
def perturbed_labels(p: Any, y: Any, rate: float = 0.1, size: float = 0.5) -> Any:
    """The mean loss over perturbations (S061): only rate times size matters."""
    xp = array_namespace(p)
    moved = rate * size
    target = xp.where(y == 1, 0 * p + (1 - moved), 0 * p + moved)
    return -target * xp.log(p) - (1 - target) * xp.log(1 - p)


@entry(
    kind="embedding",
    signature="x:(B,D):real",
    title="Spacing entropy (E2MC)",
    family="estimation",
    formula=r"-\sum_d\frac1{n - m}\sum_i\log\frac{(n + 1)(x_{(i + m) d} - x_{(i) d})}{m}",
    parameters={"m": Parameter(1, "1, ..., n - 1", "how far apart the order statistics are; about sqrt n")},
    studies=(
        Study("unmoved by shifts, and log s smaller for each coordinate scaled by s", "derived", STUDY),
        Study("tends to minus the entropy of the coordinates, so uniform ones are best", "Vasicek, 1976", STUDY),
    ),
    hazards=("ties give log 0",),
    references=(
        "Chakraborty et al., Improving pre-trained self-supervised embeddings through effective entropy, 2024",
        "Vasicek, A test for normality based on sample entropy, JRSS B 1976",
    ),
)
def spacing_entropy(x: Any, m: int = 1) -> Any:
    """Minus the spacings estimate of the entropy of each coordinate, added up (S128)."""
    xp = array_namespace(x)
    ordered = xp.sort(x, axis=0)
    n = x.shape[0]
    return -xp.sum(xp.mean(xp.log((n + 1) / m * (ordered[m:] - ordered[:-m])), axis=0))


@entry(
    kind="embedding",
    signature="z:(N,K):real t:(N,K):real",
    title="KL of the teacher's largest classes",
    family="distillation",
    formula=r"\sum_{k \in T} \hat t_k\log\frac{\hat t_k}{\hat z_k},\quad T \text{ the teacher's } m \text{ largest}",
    parameters={"kept": Parameter(2, "1, 2, ...", "how many of the teacher's classes count")},
    hazards=("without renormalising both sides on the set it may be negative",),
    references=(
        "Li et al., BiLD: bi-directional logits difference loss for large language model distillation, 2024",
        "Hu et al., OstQuant: refining large language model quantization, ICLR 2025",
    ),
)
def top_kl(z: Any, t: Any, kept: int = 2) -> Any:
    """KL on the teacher's largest classes, both sides renormalised there (S086), as BiLD's published code does."""
    xp = array_namespace(z)
    threshold = xp.sort(t, axis=1, descending=True)[:, min(kept, t.shape[1]) - 1][:, None]
    inside = t >= threshold
    low = xp.zeros_like(z) - xp.inf
    ours = z - logsumexp(xp.where(inside, z, low))[:, None]
    theirs = t - logsumexp(xp.where(inside, t, low))[:, None]
    shares = xp.exp(xp.where(inside, theirs, low))
    return xp.sum(shares * xp.where(inside, theirs - ours, xp.zeros_like(z)), axis=1)


@entry(
    signature="z:(N,K):real",
    title="Soft top-k operator",
    family="map",
    formula=r"\sigma(z_j + \tau),\quad \sum_j\sigma(z_j + \tau) = k",
    parameters={"kept": Parameter(1.0, "(0, K)", "what the entries add up to")},
    studies=(Study("the entries lie in (0, 1) and add up to k", "Gupta et al., 2024, Section 4.2", STUDY),),
    hazards=("differentiating through a bisection gives 0: the last steps are Newton's, which carry the slope",),
    references=("Gupta et al., Dual-encoders for extreme multi-label classification, ICLR 2024",),
)
def soft_topk(z: Any, kept: float = 1.0) -> Any:
    """Sigmoids with a common offset (S108): found by bisection, then one step of Newton."""
    xp = array_namespace(z)
    room = xp.log(xp.ones_like(z[:, :1]) * z.shape[1] * 2) + 40.0
    low, high = -xp.max(z, axis=1, keepdims=True) - room, -xp.min(z, axis=1, keepdims=True) + room
    for _ in range(60):
        middle = 0.5 * (low + high)
        short = xp.sum(sigmoid(z + middle), axis=1, keepdims=True) < kept
        low, high = xp.where(short, middle, low), xp.where(short, high, middle)
    offset = 0.5 * (low + high)
    for _ in range(2):  # one step carries the slope through, the second the curvature
        share = sigmoid(z + offset)
        slope = xp.sum(share * (1 - share), axis=1, keepdims=True)
        missing = kept - xp.sum(share, axis=1, keepdims=True)
        offset = offset + missing / xp.where(slope > 0, slope, xp.ones_like(slope))
    return sigmoid(z + offset)


@entry(
    signature="p:(N,K):simplex+ q:(N,K):simplex+",
    title="Sinkhorn divergence of ordered classes",
    family="divergence",
    formula=r"OT_\varepsilon(p, q) - \tfrac12 OT_\varepsilon(p, p) - \tfrac12 OT_\varepsilon(q, q)",
    parameters={
        "epsilon": Parameter(0.5, "(0, inf)", "0 is the transport cost, infinity a squared kernel distance"),
        "rounds": Parameter(20, "1, 2, ...", "iterations of Sinkhorn's algorithm"),
    },
    studies=(Study("it is 0 at equal laws, and tends to the transport cost", "Feydy et al., 2019, Theorem 1", STUDY),),
    hazards=("exp(-c / epsilon) underflows for small epsilon outside of the log domain", "too few rounds"),
    references=("Feydy et al., Interpolating between optimal transport and MMD, AISTATS 2019",),
)
def sinkhorn_divergence(p: Any, q: Any, epsilon: float = 0.5, rounds: int = 20) -> Any:
    """Entropic transport with cost |i - j|, without its bias (S142); all sums in the log domain."""
    ours, theirs, across = (_transport(a, b, epsilon, rounds) for a, b in ((p, p), (q, q), (p, q)))
    return across - 0.5 * (ours + theirs)


def _transport(p: Any, q: Any, epsilon: float, rounds: int) -> Any:
    """The dual value sum p f + sum q g after Sinkhorn's iterations, averaged so that equal arguments stay equal."""
    xp = array_namespace(p)
    places = xp.astype(xp.arange(p.shape[1]), p.dtype)
    cost = xp.abs(places[:, None] - places[None, :])[None, :, :]
    f, g = xp.zeros_like(p), xp.zeros_like(q)
    log_p, log_q = xp.log(p), xp.log(q)
    for _ in range(rounds):
        f, g = (
            0.5 * (f - epsilon * _log_total((g / epsilon + log_q)[:, None, :] - cost / epsilon)),
            0.5 * (g - epsilon * _log_total((f / epsilon + log_p)[:, None, :] - cost / epsilon)),
        )
    return xp.sum(p * f, axis=1) + xp.sum(q * g, axis=1)


def _log_total(values: Any) -> Any:
    """Log-sum-exp over the last of three axes."""
    xp = array_namespace(values)
    largest = xp.max(values, axis=2, keepdims=True)
    return largest[:, :, 0] + xp.log(xp.sum(xp.exp(values - largest), axis=2))
