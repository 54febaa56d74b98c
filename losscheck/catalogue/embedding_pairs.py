"""Losses of pairs and triplets of embeddings: near what belongs together, apart what does not."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import relu, row_distance, softplus, unit_rows
from losscheck.catalogue.entry import Parameter, entry

MARGIN = {"margin": Parameter(1.0, "(0, inf)", "how far apart is far enough")}
PAIR = "a:(N,D):real b:(N,D):real y:(N,):{-1,1}"
TRIPLET = "a:(N,D):real p:(N,D):real n:(N,D):real"


def cosine(a: Any, b: Any) -> Any:
    """The cosine of two rows, 0 where one of them is 0."""
    return array_namespace(a).sum(unit_rows(a) * unit_rows(b), axis=1)


@entry(
    kind="embedding",
    signature="a:(N,D):real b:(N,D):real y:(N,):{0,1}",
    title="Contrastive loss",
    family="embedding",
    formula=r"y\,d^2 + (1-y)\max(0, m - d)^2,\quad d = \|a - b\|",
    parameters=MARGIN,
    hazards=("the root in d has no slope at a = b: the gradient of a naive distance is nan there",),
    references=("Hadsell, Chopra, LeCun, Dimensionality reduction by learning an invariant mapping, CVPR 2006",),
)
def contrastive(a: Any, b: Any, y: Any, margin: float = 1.0) -> Any:
    """Squared distance of equal pairs, squared hinge of different ones."""
    distance = row_distance(a, b)
    return array_namespace(a).where(y == 1, distance**2, relu(margin - distance) ** 2)


@entry(
    kind="embedding",
    signature=PAIR,
    title="Cosine embedding loss",
    family="embedding",
    formula=r"1 - \cos(a, b) \ (y = 1), \quad \max(0, \cos(a, b) - m) \ (y = -1)",
    parameters={"margin": Parameter(0.0, "[-1, 1)", "the cosine that different pairs may have")},
    hazards=("the cosine of a row of zeros is 0/0",),
    references=("PyTorch, torch.nn.CosineEmbeddingLoss",),
)
def cosine_embedding(a: Any, b: Any, y: Any, margin: float = 0.0) -> Any:
    """1 - cos for equal pairs, a hinge for different ones, as torch.nn.CosineEmbeddingLoss."""
    similarity = cosine(a, b)
    return array_namespace(a).where(y == 1, 1 - similarity, relu(similarity - margin))


@entry(
    kind="signed",
    title="Hinge embedding loss",
    family="embedding",
    formula=r"z \ (y = 1), \quad \max(0, m - z) \ (y = -1)",
    parameters=MARGIN,
    references=("PyTorch, torch.nn.HingeEmbeddingLoss",),
    hazards=("unbounded below for negative distances: it is meant for z >= 0 only",),
)
def hinge_embedding(z: Any, y: Any, margin: float = 1.0) -> Any:
    """A distance for equal pairs, a hinge for different ones, as torch.nn.HingeEmbeddingLoss."""
    return array_namespace(z).where(y == 1, z, relu(margin - z))


@entry(
    kind="embedding",
    signature="a:(N,):real b:(N,):real y:(N,):{-1,1}",
    title="Margin ranking loss",
    family="ranking",
    formula=r"\max(0, -y(a - b) + m)",
    parameters={"margin": Parameter(0.0, "[0, inf)", "how much larger the better score should be")},
    references=("Herbrich, Graepel, Obermayer, Large margin rank boundaries for ordinal regression, 2000",),
)
def margin_ranking(a: Any, b: Any, y: Any, margin: float = 0.0) -> Any:
    """A hinge of the difference, as torch.nn.MarginRankingLoss."""
    return relu(margin - y * (a - b))


@entry(
    kind="embedding",
    signature=TRIPLET,
    title="Triplet margin loss",
    family="embedding",
    formula=r"\max(0, \|a - p\| - \|a - n\| + m)",
    parameters=MARGIN,
    hazards=("all embeddings equal is a stationary point with loss m",),
    references=("Schroff, Kalenichenko, Philbin, FaceNet, CVPR 2015",),
)
def triplet_margin(a: Any, p: Any, n: Any, margin: float = 1.0) -> Any:
    """A hinge of the difference of distances, as torch.nn.TripletMarginLoss (S122, S125 with mined rows)."""
    return relu(row_distance(a, p) - row_distance(a, n) + margin)


@entry(
    kind="embedding",
    signature=TRIPLET,
    title="Squared triplet loss",
    family="embedding",
    formula=r"\max(0, \|a - p\|^2 - \|a - n\|^2 + m)",
    parameters=MARGIN,
    references=("Weinberger, Saul, Distance metric learning for large margin nearest neighbor, JMLR 2009",),
)
def squared_triplet(a: Any, p: Any, n: Any, margin: float = 1.0) -> Any:
    """The triplet loss of FaceNet's paper: squared distances, smooth where they vanish."""
    xp = array_namespace(a)
    return relu(xp.sum((a - p) ** 2, axis=1) - xp.sum((a - n) ** 2, axis=1) + margin)


@entry(
    kind="embedding",
    signature=TRIPLET,
    title="Soft triplet loss",
    family="embedding",
    formula=r"\tau\log\left(1 + e^{(\|a - p\|^2 - \|a - n\|^2 + m)/\tau}\right)",
    parameters={
        "margin": Parameter(0.0, "[0, inf)", "the margin inside the exponent"),
        "tau": Parameter(1.0, "(0, inf)", "0 is the squared triplet loss"),
    },
    hazards=("exp overflows in the naive form",),
    references=("Tian, Chen, Ganguli, Understanding self-supervised learning with dual deep networks, 2020",),
)
def soft_triplet(a: Any, p: Any, n: Any, margin: float = 0.0, tau: float = 1.0) -> Any:
    """A softplus in place of the hinge (S119)."""
    xp = array_namespace(a)
    return tau * softplus((xp.sum((a - p) ** 2, axis=1) - xp.sum((a - n) ** 2, axis=1) + margin) / tau)


@entry(
    kind="embedding",
    signature=TRIPLET,
    title="CURL's logistic contrastive loss",
    family="embedding",
    formula=r"\log\left(1 + e^{-\langle a, p - n\rangle}\right)",
    references=("Arora et al., A theoretical analysis of contrastive unsupervised representation learning, ICML 2019",),
)
def curl_logistic(a: Any, p: Any, n: Any) -> Any:
    """The logistic loss of the difference of inner products (S117)."""
    return softplus(-array_namespace(a).sum(a * (p - n), axis=1))


@entry(
    kind="embedding",
    signature=TRIPLET,
    title="CURL's hinge contrastive loss",
    family="embedding",
    formula=r"\max(0, 1 - \langle a, p - n\rangle)",
    references=("Arora et al., A theoretical analysis of contrastive unsupervised representation learning, ICML 2019",),
)
def curl_hinge(a: Any, p: Any, n: Any) -> Any:
    """The hinge loss of the difference of inner products (S117)."""
    return relu(1 - array_namespace(a).sum(a * (p - n), axis=1))


@entry(
    kind="embedding",
    signature="a:(N,D):real b:(N,D):real",
    title="Alignment loss",
    family="embedding",
    formula=r"\|\hat a - \hat b\|^2",
    references=("Wang, Isola, Understanding contrastive representation learning, ICML 2020",),
    hazards=("a row of zeros has no direction",),
)
def alignment(a: Any, b: Any) -> Any:
    """The squared distance of directions (S111)."""
    return array_namespace(a).sum((unit_rows(a) - unit_rows(b)) ** 2, axis=1)


@entry(
    kind="embedding",
    signature="a:(N,D):real b:(N,D):real",
    title="BYOL regression loss",
    family="embedding",
    formula=r"2 - 2\cos(a, b)",
    references=("Grill et al., Bootstrap your own latent, NeurIPS 2020", "Chen, He, SimSiam, CVPR 2021"),
    hazards=("the cosine of a row of zeros is 0/0",),
    aliases=("simsiam",),
)
def byol(a: Any, b: Any) -> Any:
    """2 - 2 cos: the alignment loss, written with the cosine."""
    return 2 - 2 * cosine(a, b)


@entry(
    kind="embedding",
    signature="a:(N,D):real b:(N,D):real",
    title="Pseudo-Huber premetric",
    family="embedding",
    formula=r"\sqrt{\|a - b\|^2 + c^2} - c",
    parameters={"c": Parameter(0.03, "(0, inf)", "0 is the distance, infinity half the square over c")},
    hazards=("the difference cancels for small distances; the quotient form does not",),
    references=("Lee, Lin, Fanti, Improving the training of rectified flows, NeurIPS 2024",),
)
def pseudo_huber_premetric(a: Any, b: Any, c: float = 0.03) -> Any:
    """|r|^2 / (sqrt(|r|^2 + c^2) + c), equal to the difference (S147)."""
    xp = array_namespace(a)
    square = xp.sum((a - b) ** 2, axis=1)
    return square / (xp.sqrt(square + c**2) + c)
