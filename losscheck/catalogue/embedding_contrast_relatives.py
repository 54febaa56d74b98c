"""Relatives of InfoNCE: other weights, other losses of pairs, labels, and worst-case temperatures."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import logsumexp, softmax
from losscheck.catalogue.embedding_contrast import TAU, VIEWS, diagonal, other_pairs, similarities
from losscheck.catalogue.entry import Parameter, Study, entry


@entry(
    kind="embedding",
    signature=VIEWS,
    title="Cosine contrastive loss (SimpleX)",
    family="embedding",
    formula=r"1 - s_{ii} + \frac{w}{B}\sum_{j\ne i}\max(0, s_{ij} - m)",
    parameters={
        "margin": Parameter(0.5, "[-1, 1)", "negatives below it cost nothing"),
        "weight": Parameter(1.0, "(0, inf)", "the weight of the negatives"),
    },
    references=("Mao et al., SimpleX: a simple and strong baseline for collaborative filtering, CIKM 2021",),
)
def cosine_contrastive(a: Any, b: Any, margin: float = 0.5, weight: float = 1.0) -> Any:
    """One less the positive's cosine, plus hinges of the negatives (S109)."""
    xp = array_namespace(a)
    s = similarities(a, b)
    excess = xp.maximum(other_pairs(s) - margin, xp.zeros_like(s))
    return 1 - diagonal(s) + weight * xp.mean(excess, axis=1)


@entry(
    kind="embedding",
    signature="e:(B,D):real",
    title="Uniformity loss",
    family="embedding",
    formula=r"\log\frac{1}{B(B-1)}\sum_{i\ne j} e^{-t\|\hat e_i - \hat e_j\|^2}",
    parameters={"t": Parameter(2.0, "(0, inf)", "the sharpness of the Gaussian potential")},
    studies=(Study("it lies in [-4t, 0]", "derived", "tests/studies/test_contrastive.py"),),
    hazards=("-inf for a batch of one row: there is no pair",),
    references=("Wang, Isola, Understanding contrastive representation learning, ICML 2020",),
)
def uniformity(e: Any, t: float = 2.0) -> Any:
    """The log-mean Gaussian potential of directions on the sphere (S111)."""
    xp = array_namespace(e)
    count = e.shape[0]
    potential = other_pairs(2 * t * (similarities(e, e) - 1))  # |a - b|^2 = 2 - 2 cos
    total = logsumexp(xp.reshape(potential, (1, -1)))[0]
    return total - xp.log(xp.ones_like(total) * (count * (count - 1)))


@entry(
    kind="embedding",
    signature=VIEWS,
    title="Contrastive attraction and repulsion",
    family="embedding",
    formula=r"c_{ii} - \sum_{j\ne i}\mathrm{softmax}_j(-t c_{ij})\,c_{ij},\quad c_{ij} = \|\hat a_i - \hat b_j\|^2",
    parameters={"t": Parameter(1.0, "[0, inf)", "how much nearer negatives count more; 0 is the plain mean")},
    references=("Zheng et al., Contrastive attraction and contrastive repulsion, TMLR 2023",),
)
def attraction_repulsion(a: Any, b: Any, t: float = 1.0) -> Any:
    """Squared distance to the positive less the weighted one to the negatives (S112, one positive each)."""
    xp = array_namespace(a)
    cost = 2 - 2 * similarities(a, b)
    weights = softmax(other_pairs(-t * cost))
    return diagonal(cost) - xp.sum(weights * cost, axis=1)


@entry(
    kind="embedding",
    signature=VIEWS,
    title="Robust global contrastive loss at one temperature",
    family="embedding",
    formula=r"\tau\log\frac{1}{B-1}\sum_{j\ne i} e^{(s_{ij} - s_{ii})/\tau} + \tau\rho",
    parameters={**TAU, "rho": Parameter(0.3, "[0, inf)", "the radius of the ball of reweightings")},
    studies=(
        Study(
            "it is convex in tau: the perspective of log-sum-exp",
            "Qiu et al., 2023",
            "tests/studies/test_contrastive.py",
        ),
    ),
    references=("Qiu et al., Not all semantics are created equal, ICML 2023",),
)
def robust_contrastive(a: Any, b: Any, tau: float = 0.5, rho: float = 0.3) -> Any:
    """The dual of a KL ball of weights on the negatives (S072), for a temperature that is given."""
    xp = array_namespace(a)
    s = similarities(a, b)
    excess = logsumexp(other_pairs((s - diagonal(s)[:, None]) / tau))
    count = xp.ones_like(excess) * (a.shape[0] - 1)
    return tau * (excess - xp.log(count)) + tau * rho


@entry(
    kind="embedding",
    signature="a:(B,D):real b:(B,D):real",
    title="Spectral contrastive loss",
    family="embedding",
    formula=r"-2\langle a_i, b_i\rangle + \frac{1}{B-1}\sum_{j\ne i}\langle a_i, b_j\rangle^2",
    references=("HaoChen, Wei, Gaidon, Ma, Provable guarantees for self-supervised deep learning, NeurIPS 2021",),
    hazards=("0/0 for a batch of one row",),
)
def spectral_contrastive(a: Any, b: Any) -> Any:
    """A low-rank factorisation of the similarity of views, row by row."""
    xp = array_namespace(a)
    s = a @ b.T
    places = xp.arange(a.shape[0])
    apart = xp.where(places[:, None] == places[None, :], xp.zeros_like(s), s**2)
    return -2 * diagonal(s) + xp.sum(apart, axis=1) / (a.shape[0] - 1)


@entry(
    kind="embedding",
    signature="e:(B,D):real y:(B,):index",
    title="Supervised contrastive loss",
    family="embedding",
    formula=r"-\frac{1}{|P_i|}\sum_{p \in P_i}\log\frac{e^{s_{ip}/\tau}}{\sum_{j\ne i} e^{s_{ij}/\tau}}",
    parameters=TAU,
    hazards=("0/0 for a row whose label nobody else has: it costs 0 here",),
    references=("Khosla et al., Supervised contrastive learning, NeurIPS 2020",),
    aliases=("supcon",),
)
def supervised_contrastive(e: Any, y: Any, tau: float = 0.5) -> Any:
    """InfoNCE with all rows of the same label as positives (S120 without its ReLU)."""
    xp = array_namespace(e)
    places = xp.arange(e.shape[0])
    itself = places[:, None] == places[None, :]
    s = similarities(e, e) / tau
    positive = xp.logical_and(y[:, None] == y[None, :], xp.logical_not(itself))
    count = xp.sum(xp.astype(positive, e.dtype), axis=1)
    logs = s - logsumexp(other_pairs(s))[:, None]
    total = xp.sum(xp.where(positive, logs, xp.zeros_like(logs)), axis=1)
    return -total / xp.where(count > 0, count, xp.ones_like(count))
