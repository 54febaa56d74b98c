"""Losses of similarity scores: circle, multi-similarity, decoupled softmax, soft top-k."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import logsumexp, relu, softplus
from losscheck.catalogue.entry import Parameter, Study, entry

SCORES = "p:(N,M):[-1,1] n:(N,L):[-1,1]"


@entry(
    kind="embedding",
    signature=SCORES,
    title="Circle loss",
    family="embedding",
    formula=r"\log\left(1 + \sum_j e^{\gamma [n_j + m]_+ (n_j - m)}"
    r"\sum_i e^{-\gamma [1 + m - p_i]_+ (p_i - 1 + m)}\right)",
    parameters={
        "margin": Parameter(0.25, "(0, 1)", "the radius of the decision circle is sqrt(2) m"),
        "gamma": Parameter(16.0, "(0, inf)", "the scale; papers take 64 to 256"),
    },
    studies=(
        Study(
            "a single pair has loss log 2 exactly on the circle n^2 + (p - 1)^2 = 2 m^2",
            "Sun et al., 2020, Section 3.3",
            "tests/studies/test_contrastive.py",
        ),
    ),
    hazards=(
        "the product of sums overflows at gamma = 256 unless it is a softplus of log-sum-exps",
        "published code detaches the weights: its gradient is not that of its value",
    ),
    references=("Sun et al., Circle loss, CVPR 2020",),
)
def circle(p: Any, n: Any, margin: float = 0.25, gamma: float = 16.0) -> Any:
    """The circle loss of the scores of positives p and negatives n (S099), weights included in the gradient."""
    positive = -gamma * relu(1 + margin - p) * (p - 1 + margin)
    negative = gamma * relu(n + margin) * (n - margin)
    return softplus(logsumexp(positive) + logsumexp(negative))


@entry(
    kind="embedding",
    signature=SCORES,
    title="Multi-similarity loss",
    family="embedding",
    formula=r"\tfrac1\alpha\log\left(1 + \sum_i e^{-\alpha(p_i - \lambda)}\right)"
    r" + \tfrac1\beta\log\left(1 + \sum_j e^{\beta(n_j - \lambda)}\right)",
    parameters={
        "alpha": Parameter(2.0, "(0, inf)", "the sharpness for positives"),
        "beta": Parameter(50.0, "(0, inf)", "the sharpness for negatives"),
        "threshold": Parameter(0.5, "[-1, 1]", "the similarity between near and far"),
    },
    references=("Wang et al., Multi-similarity loss with general pair weighting, CVPR 2019",),
)
def multi_similarity(p: Any, n: Any, alpha: float = 2.0, beta: float = 50.0, threshold: float = 0.5) -> Any:
    """The weighting part of the multi-similarity loss, without mining."""
    near = softplus(logsumexp(-alpha * (p - threshold))) / alpha
    return near + softplus(logsumexp(beta * (n - threshold))) / beta


@entry(
    kind="embedding",
    signature=SCORES,
    title="Unified pair loss (AM-softmax of pairs)",
    family="embedding",
    formula=r"\log\left(1 + \sum_{i,j} e^{\gamma(n_j - p_i + m)}\right)",
    parameters={
        "margin": Parameter(0.25, "[0, 2)", "how much larger positives must be"),
        "gamma": Parameter(16.0, "(0, inf)", "the scale; infinity is the hardest triplet"),
    },
    references=("Sun et al., Circle loss, CVPR 2020",),
)
def unified_pairs(p: Any, n: Any, margin: float = 0.25, gamma: float = 16.0) -> Any:
    """All differences of a negative and a positive at once: what circle loss gives with weights 1."""
    return softplus(logsumexp(gamma * n) + logsumexp(-gamma * p) + gamma * margin)


@entry(
    kind="embedding",
    signature="z:(N,K):real y:(N,K):{0,1}+",
    title="Decoupled softmax loss",
    family="embedding",
    formula=r"-\sum_{j \in P}\log\frac{e^{z_j}}{e^{z_j} + \sum_{k \notin P} e^{z_k}}",
    studies=(
        Study(
            "the slope by the score of a positive lies in [-1, 0]: no positive is pushed down",
            "Gupta et al., 2024, Section 4.1",
            "tests/studies/test_contrastive.py",
        ),
    ),
    references=("Gupta et al., Dual-encoders for extreme multi-label classification, ICLR 2024",),
)
def decoupled_softmax(z: Any, y: Any) -> Any:
    """A softmax of each positive against the negatives alone (S107)."""
    xp = array_namespace(z)
    low = xp.min(z, axis=1, keepdims=True)
    negatives = xp.where(y == 1, low, z)
    largest = xp.max(negatives, axis=1, keepdims=True)
    weights = xp.where(y == 1, xp.zeros_like(z), xp.exp(negatives - largest))
    total = xp.sum(weights, axis=1, keepdims=True)
    some = total > 0  # where every class is positive there is nothing to be told apart from
    against = largest + xp.log(xp.where(some, total, xp.ones_like(total)))
    wanted = xp.logical_and(y == 1, some)
    return xp.sum(xp.where(wanted, softplus(against - z), xp.zeros_like(z)), axis=1)


@entry(
    kind="embedding",
    signature="z:(N,K):real y:(N,K):{0,1}+",
    title="Summed softmax of positives (multi-label InfoNCE)",
    family="embedding",
    formula=r"-\frac{1}{|P|}\sum_{j \in P}\log\mathrm{softmax}(z)_j",
    studies=(
        Study(
            "the slope by the score of a positive may be positive: it is pushed down by the others",
            "Gupta et al., 2024, Section 4.1",
            "tests/studies/test_contrastive.py",
        ),
    ),
    references=("Gupta et al., Dual-encoders for extreme multi-label classification, ICLR 2024",),
)
def multilabel_softmax(z: Any, y: Any) -> Any:
    """Cross-entropy to the uniform distribution on the positives."""
    xp = array_namespace(z)
    count = xp.sum(xp.astype(y == 1, z.dtype), axis=1)
    chosen = xp.sum(xp.where(y == 1, z, xp.zeros_like(z)), axis=1)
    return logsumexp(z) - chosen / count
