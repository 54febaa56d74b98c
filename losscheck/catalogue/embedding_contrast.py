r"""InfoNCE and its relatives: a softmax, or sigmoids, over the other rows of the batch.

Rows of the two views belong together; every other row is a negative. The value depends on the batch as a whole, so the
batch axis is ``B``.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import log_softmax, logsumexp, softmax, softplus, unit_rows
from losscheck.catalogue.entry import Parameter, Study, entry

TAU = {"tau": Parameter(0.5, "(0, inf)", "the temperature of the similarities; papers take 0.07 to 0.5")}
VIEWS = "a:(B,D):real b:(B,D):real"
OORD = "van den Oord, Li, Vinyals, Representation learning with contrastive predictive coding, 2018"


def similarities(a: Any, b: Any) -> Any:
    """The cosines of all pairs, shape (B, B)."""
    return unit_rows(a) @ unit_rows(b).T


def diagonal(s: Any) -> Any:
    """The similarities of the pairs that belong together, shape (B,)."""
    places = array_namespace(s).arange(s.shape[0])
    return s[places, places]


def other_pairs(s: Any) -> Any:
    """The similarities with -inf on the diagonal."""
    xp = array_namespace(s)
    places = xp.arange(s.shape[0])
    return xp.where(places[:, None] == places[None, :], xp.zeros_like(s) - xp.inf, s)


@entry(
    kind="embedding",
    signature=VIEWS,
    title="InfoNCE",
    family="embedding",
    formula=r"-\log\frac{e^{s_{ii}/\tau}}{\sum_j e^{s_{ij}/\tau}}",
    parameters=TAU,
    studies=(
        Study(
            "the slopes by the negatives add up to that by the positive, with the opposite sign",
            "Wang, Liu, 2021, eq. 5",
            "tests/studies/test_contrastive.py",
        ),
    ),
    hazards=("s / tau overflows exp in float16 for small tau without the shift",),
    references=(OORD, "Wang, Liu, Understanding the behaviour of contrastive loss, CVPR 2021"),
    aliases=("n_pair",),
)
def info_nce(a: Any, b: Any, tau: float = 0.5) -> Any:
    """Cross-entropy of each row against all rows of the other view (S110, S129)."""
    return -diagonal(log_softmax(similarities(a, b) / tau))


@entry(
    kind="embedding",
    signature=VIEWS,
    title="CLIP loss",
    family="embedding",
    formula=r"\tfrac12(\mathrm{InfoNCE}(a, b) + \mathrm{InfoNCE}(b, a))",
    parameters=TAU,
    references=("Radford et al., Learning transferable visual models from natural language supervision, ICML 2021",),
)
def clip_loss(a: Any, b: Any, tau: float = 0.5) -> Any:
    """InfoNCE both ways."""
    return 0.5 * (info_nce(a, b, tau) + info_nce(b, a, tau))


@entry(
    kind="embedding",
    signature=VIEWS,
    title="NT-Xent",
    family="embedding",
    formula=r"-\log\frac{e^{s(a_i, b_i)/\tau}}{\sum_{j} e^{s(a_i, b_j)/\tau} + \sum_{j\ne i} e^{s(a_i, a_j)/\tau}}",
    parameters=TAU,
    references=("Chen, Kornblith, Norouzi, Hinton, A simple framework for contrastive learning, ICML 2020",),
    aliases=("simclr",),
)
def nt_xent(a: Any, b: Any, tau: float = 0.5) -> Any:
    """InfoNCE with the negatives of both views, for the rows of the first."""
    xp = array_namespace(a)
    across = similarities(a, b) / tau
    within = other_pairs(similarities(a, a) / tau)
    return logsumexp(xp.concat([across, within], axis=1)) - diagonal(across)


@entry(
    kind="embedding",
    signature=VIEWS,
    title="NT-Xent with additive margin",
    family="embedding",
    formula=r"-\log\frac{e^{(s_{ii} - m)/\tau}}{e^{(s_{ii} - m)/\tau} + \sum_{j\ne i} e^{s_{ij}/\tau}}",
    parameters={**TAU, "margin": Parameter(0.1, "[0, 2)", "how much larger than the negatives the positive must be")},
    studies=(Study("it rises with the margin, and is InfoNCE at 0", "derived", "tests/studies/test_contrastive.py"),),
    references=("Lepage, Dehak, Additive margin in contrastive self-supervised frameworks, Odyssey 2024",),
)
def nt_xent_margin(a: Any, b: Any, tau: float = 0.5, margin: float = 0.1) -> Any:
    """InfoNCE with the positive's cosine lowered by a margin (S105)."""
    xp = array_namespace(a)
    s = similarities(a, b)
    positive = ((diagonal(s) - margin) / tau)[:, None]
    return logsumexp(xp.concat([positive, other_pairs(s / tau)], axis=1)) - positive[:, 0]


@entry(
    kind="embedding",
    signature=VIEWS,
    title="Decoupled contrastive loss",
    family="embedding",
    formula=r"-\frac{s_{ii}}{\tau} + \log\sum_{j\ne i} e^{s_{ij}/\tau}",
    parameters=TAU,
    hazards=("-inf for a batch of one row: there is no negative",),
    references=("Yeh et al., Decoupled contrastive learning, ECCV 2022",),
)
def decoupled_contrastive(a: Any, b: Any, tau: float = 0.5) -> Any:
    """InfoNCE without the positive in the denominator."""
    s = similarities(a, b) / tau
    return logsumexp(other_pairs(s)) - diagonal(s)


@entry(
    kind="embedding",
    signature=VIEWS,
    title="SigLIP",
    family="embedding",
    formula=r"\sum_j\log\left(1 + e^{-z_{ij}(t s_{ij} + b)}\right),\quad z_{ii} = 1,\ z_{ij} = -1",
    parameters={
        "t": Parameter(10.0, "(0, inf)", "the scale of the similarities"),
        "bias": Parameter(-10.0, "(-inf, inf)", "starts the many negatives near 0"),
    },
    studies=(
        Study("the total is a sum over pairs: chunks add up", "Zhai et al., 2023", "tests/studies/test_contrastive.py"),
    ),
    references=("Zhai, Mustafa, Kolesnikov, Beyer, Sigmoid loss for language image pre-training, ICCV 2023",),
)
def siglip(a: Any, b: Any, t: float = 10.0, bias: float = -10.0) -> Any:
    """A logistic loss for each pair (S106): no normalisation over the batch."""
    xp = array_namespace(a)
    scores = t * similarities(a, b) + bias
    places = xp.arange(a.shape[0])
    same = places[:, None] == places[None, :]
    return xp.sum(softplus(xp.where(same, -scores, scores)), axis=1)


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
