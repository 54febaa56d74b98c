r"""InfoNCE and its relatives: a softmax, or sigmoids, over the other rows of the batch.

Rows of the two views belong together; every other row is a negative. The value depends on the batch as a whole, so the
batch axis is ``B``.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import log_softmax, logsumexp, softplus, unit_rows
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
