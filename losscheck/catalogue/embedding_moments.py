"""Losses of the moments of a batch of embeddings: decorrelated coordinates instead of negatives."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import relu
from losscheck.catalogue.entry import Parameter, Study, entry

VIEWS = "a:(B,D):real b:(B,D):real"


def _standardised(e: Any) -> Any:
    xp = array_namespace(e)
    centred = e - xp.mean(e, axis=0)
    spread = xp.sqrt(xp.mean(centred**2, axis=0) + 1e-5)
    return centred / spread


def _identity(matrix: Any) -> Any:
    xp = array_namespace(matrix)
    places = xp.arange(matrix.shape[0])
    return places[:, None] == places[None, :]


@entry(
    kind="embedding",
    signature=VIEWS,
    title="Barlow Twins",
    family="embedding",
    formula=r"\sum_i (1 - C_{ii})^2 + \lambda\sum_{i\ne j} C_{ij}^2",
    parameters={"weight": Parameter(0.005, "(0, inf)", "the weight of the correlations to remove")},
    studies=(
        Study(
            "it is 0 exactly where the cross-correlation is the identity",
            "derived",
            "tests/studies/test_contrastive.py",
        ),
    ),
    hazards=("0/0 where a coordinate is constant over the batch; the guard 1e-5 is lost in float16",),
    references=("Zbontar et al., Barlow Twins, ICML 2021", "Kalantidis et al., TLDR, TMLR 2022"),
)
def barlow_twins(a: Any, b: Any, weight: float = 0.005) -> Any:
    """The cross-correlation of two views against the identity (S118, S132)."""
    xp = array_namespace(a)
    correlation = _standardised(a).T @ _standardised(b) / a.shape[0]
    same = _identity(correlation)
    return xp.sum(xp.where(same, (1 - correlation) ** 2, weight * correlation**2))


@entry(
    kind="embedding",
    signature=VIEWS,
    title="VICReg",
    family="embedding",
    formula=r"25\,\overline{\|a-b\|^2}/D + 25\,v(a, b) + c(a, b)",
    parameters={
        "similar": Parameter(25.0, "[0, inf)", "the weight of the distance of the views"),
        "variance": Parameter(25.0, "[0, inf)", "the weight of the hinge of each deviation below 1"),
        "covariance": Parameter(1.0, "[0, inf)", "the weight of the covariances to remove"),
    },
    hazards=("n - 1 = 0 for a batch of one row",),
    references=("Bardes, Ponce, LeCun, VICReg, ICLR 2022",),
)
def vicreg(a: Any, b: Any, similar: float = 25.0, variance: float = 25.0, covariance: float = 1.0) -> Any:
    """Invariance, variance and covariance of two views."""
    xp = array_namespace(a)
    distance = xp.mean((a - b) ** 2)
    return similar * distance + sum(variance * _narrow(e) / 2 + covariance * _correlated(e) for e in (a, b))


def _narrow(e: Any) -> Any:
    xp = array_namespace(e)
    centred = e - xp.mean(e, axis=0)
    return xp.mean(relu(1 - xp.sqrt(xp.sum(centred**2, axis=0) / (e.shape[0] - 1) + 1e-4)))


def _correlated(e: Any) -> Any:
    xp = array_namespace(e)
    centred = e - xp.mean(e, axis=0)
    matrix = centred.T @ centred / (e.shape[0] - 1)
    return xp.sum(xp.where(_identity(matrix), xp.zeros_like(matrix), matrix**2)) / e.shape[1]


@entry(
    kind="embedding",
    signature="e:(B,D):real",
    title="Linearised self-supervised loss",
    family="embedding",
    formula=r"\|C - I\|_F^2,\quad C = \tfrac1B E^T E",
    references=("Simon et al., On the stepwise nature of self-supervised learning, ICML 2023",),
)
def second_moment_identity(e: Any) -> Any:
    """The squared distance of the second moment to the identity (S133)."""
    xp = array_namespace(e)
    moment = e.T @ e / e.shape[0]
    return xp.sum((moment - xp.astype(_identity(moment), e.dtype)) ** 2)


@entry(
    kind="embedding",
    signature="a:(B,D):real b:(L,D):real",
    title="Maximum mean discrepancy",
    family="embedding",
    formula=r"\overline{k(a, a)} + \overline{k(b, b)} - 2\overline{k(a, b)},\quad k = e^{-\|\cdot\|^2/2\sigma^2}",
    parameters={"sigma": Parameter(1.0, "(0, inf)", "the width of the Gaussian kernel")},
    hazards=("the three means cancel where the samples are alike",),
    references=("Gretton et al., A kernel two-sample test, JMLR 2012",),
    aliases=("mmd",),
)
def mean_discrepancy(a: Any, b: Any, sigma: float = 1.0) -> Any:
    """The squared distance of two samples in a Gaussian kernel's space: the biased, nonnegative form."""
    mean = array_namespace(a).mean
    return mean(_kernel(a, a, sigma)) + mean(_kernel(b, b, sigma)) - 2 * mean(_kernel(a, b, sigma))


def _kernel(a: Any, b: Any, sigma: float) -> Any:
    xp = array_namespace(a)
    return xp.exp(-xp.sum((a[:, None, :] - b[None, :, :]) ** 2, axis=2) / (2 * sigma**2))


@entry(
    kind="embedding",
    signature="a:(B,D):real b:(L,D):real",
    title="Energy distance",
    family="embedding",
    formula=r"2\overline{\|a_i - b_j\|} - \overline{\|a_i - a_j\|} - \overline{\|b_i - b_j\|}",
    hazards=("the gradient of a naive norm is nan on the diagonal",),
    references=("Szekely, Rizzo, Energy statistics, 2013",),
)
def energy_distance(a: Any, b: Any) -> Any:
    """Twice the mean distance across less those within."""
    mean = array_namespace(a).mean
    return 2 * mean(_distances(a, b)) - mean(_distances(a, a)) - mean(_distances(b, b))


def _distances(a: Any, b: Any) -> Any:
    return array_namespace(a).linalg.vector_norm(a[:, None, :] - b[None, :, :], axis=2)
