"""Ranking losses: of pairs of scores, of lists of scores with relevances, and of the order itself."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import log_softmax, logsumexp, relu, softplus, xlogy
from losscheck.catalogue.entry import Parameter, Study, entry

LIST = "z:(N,K):real q:(N,K):simplex"


@entry(
    kind="embedding",
    signature="a:(N,):real b:(N,):real q:(N,):unit",
    title="RankNet",
    family="ranking",
    formula=r"\log(1 + e^{a - b}) - q(a - b),\quad q = P(a \succ b)",
    references=("Burges et al., Learning to rank using gradient descent, ICML 2005",),
)
def ranknet(a: Any, b: Any, q: Any) -> Any:
    """Cross-entropy of the probability that a comes before b."""
    return softplus(a - b) - q * (a - b)


@entry(
    kind="embedding",
    signature="p:(N,):real n:(N,):real",
    title="Bayesian personalised ranking",
    family="ranking",
    formula=r"\log(1 + e^{-(p - n)})",
    references=("Rendle et al., BPR: Bayesian personalized ranking from implicit feedback, UAI 2009",),
    aliases=("bpr",),
)
def personalised_ranking(p: Any, n: Any) -> Any:
    """The logistic loss of the difference of a wanted and an unwanted item."""
    return softplus(n - p)


@entry(
    kind="embedding",
    signature="p:(N,):real n:(N,):real",
    title="Pairwise hinge loss",
    family="ranking",
    formula=r"\max(0, 1 - (p - n))",
    references=("Joachims, Optimizing search engines using clickthrough data, KDD 2002",),
)
def pairwise_hinge(p: Any, n: Any) -> Any:
    """The hinge loss of the difference: the ranking SVM."""
    return relu(1 - (p - n))


@entry(
    kind="soft",
    title="ListNet (top one)",
    family="ranking",
    formula=r"-\sum_k q_k\log\mathrm{softmax}(z)_k",
    references=("Cao et al., Learning to rank: from pairwise approach to listwise approach, ICML 2007",),
    aliases=("soft_cross_entropy",),
)
def listnet(z: Any, q: Any) -> Any:
    """Cross-entropy of the distributions of the first place: soft-label cross-entropy."""
    return -array_namespace(z).sum(q * log_softmax(z), axis=1)


@entry(
    kind="soft",
    title="Kullback-Leibler divergence to softmax",
    family="distillation",
    formula=r"\sum_k q_k\log\frac{q_k}{\mathrm{softmax}(z)_k}",
    hazards=("q log q is nan at 0 in the naive form",),
    references=("Hinton, Vinyals, Dean, Distilling the knowledge in a neural network, 2015",),
)
def kl_to_softmax(z: Any, q: Any) -> Any:
    """Soft-label cross-entropy less the entropy of the label: least 0."""
    xp = array_namespace(z)
    return xp.sum(xlogy(q, q) - q * log_softmax(z), axis=1)


@entry(
    kind="soft",
    title="Brier score of softmax with soft labels",
    family="distillation",
    formula=r"\sum_k(\mathrm{softmax}(z)_k - q_k)^2",
    references=("Hui, Belkin, Evaluation of neural architectures trained with square loss, ICLR 2021",),
)
def soft_brier(z: Any, q: Any) -> Any:
    """The squared distance of softmax to a soft label."""
    xp = array_namespace(z)
    return xp.sum((xp.exp(log_softmax(z)) - q) ** 2, axis=1)


@entry(
    kind="embedding",
    signature="z:(N,K):real r:(N,K):real",
    title="ListMLE",
    family="ranking",
    formula=r"\sum_j \log\sum_{k \ge j} e^{z_{\pi k}} - z_{\pi j},\quad \pi \text{ the order of } r",
    hazards=("ties of the relevances leave the order open: the first of them counts first",),
    references=("Xia et al., Listwise approach to learning to rank, ICML 2008",),
)
def listmle(z: Any, r: Any) -> Any:
    """The likelihood of the order of the relevances r under Plackett and Luce's model."""
    xp = array_namespace(z)
    order = xp.argsort(-r, axis=1)
    ordered = z[xp.arange(z.shape[0])[:, None], order]
    total = xp.zeros_like(z[:, 0])
    for first in range(z.shape[1]):
        total = total + logsumexp(ordered[:, first:]) - ordered[:, first]
    return total


@entry(
    kind="embedding",
    signature="z:(N,K):real r:(N,K):real",
    title="DiffKendall loss",
    family="ranking",
    formula=r"-\frac{2}{K(K-1)}\sum_{i<j}\tanh(\alpha(z_i - z_j))\tanh(\alpha(r_i - r_j))",
    parameters={"alpha": Parameter(0.5, "(0, inf)", "infinity is Kendall's tau")},
    studies=(
        Study(
            "it lies in [-1, 1] and tends to minus Kendall's tau", "Dong et al., 2023", "tests/studies/test_ranking.py"
        ),
    ),
    hazards=("(e^t - e^-t)/(e^t + e^-t) overflows; tanh does not",),
    references=("Dong et al., ParZC: parametric zero-cost proxies for efficient NAS, 2024",),
)
def diff_kendall(z: Any, r: Any, alpha: float = 0.5) -> Any:
    """Minus a smooth rank correlation (S156); a list of one item has none."""
    xp = array_namespace(z)
    ours = xp.tanh(alpha * (z[:, :, None] - z[:, None, :]))
    theirs = xp.tanh(alpha * (r[:, :, None] - r[:, None, :]))
    pairs = z.shape[1] * (z.shape[1] - 1)  # each pair twice, with both signs the same
    return -xp.sum(ours * theirs, axis=(1, 2)) / pairs


@entry(
    kind="embedding",
    signature="z:(N,K):real r:(N,K):unit",
    title="ApproxNDCG",
    family="ranking",
    formula=r"1 - \frac{1}{Z}\sum_k\frac{2^{r_k} - 1}{\log_2(1 + \hat\pi_k)},"
    r"\quad \hat\pi_k = 1 + \sum_{j\ne k}\sigma((z_j - z_k)/\tau)",
    parameters={"tau": Parameter(1.0, "(0, inf)", "0 is the true rank")},
    hazards=("0/0 where nothing is relevant: it costs 0 here",),
    references=("Qin, Liu, Li, A general approximation framework for direct optimization of IR measures, 2010",),
)
def approx_ndcg(z: Any, r: Any, tau: float = 1.0) -> Any:
    """One less the discounted gain at smooth ranks over the best one."""
    xp = array_namespace(z)
    gains = 2**r - 1
    above = xp.exp(-softplus((z[:, :, None] - z[:, None, :]) / tau))  # sigmoid((z_j - z_k) / tau), 1/2 at j = k
    ranks = xp.sum(above, axis=2) + 0.5
    best = xp.astype(xp.arange(1, z.shape[1] + 1), z.dtype)[None, :]
    ideal = xp.sum(xp.sort(gains, axis=1, descending=True) / xp.log2(1 + best), axis=1)
    found = xp.sum(gains / xp.log2(1 + ranks), axis=1)
    some = ideal > 0
    return xp.where(some, 1 - found / xp.where(some, ideal, xp.ones_like(ideal)), xp.zeros_like(ideal))
