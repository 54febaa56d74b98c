"""Contextual similarity: two examples are alike when they have their nearest neighbours in common.

In the published code the steps that make neighbours of distances have slope 0 almost everywhere, and are given slope 10
in the backward pass. What is here is the value: it is piecewise constant, and no gradient of it trains anything.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import ratio
from losscheck.catalogue.embedding_contrast import similarities
from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_contextual.py"


@entry(
    kind="embedding",
    signature="e:(B,D):real y:(B,):index",
    title="Contextual loss",
    family="embedding",
    formula=r"\tfrac1B\sum_{j\ne i}([y_i = y_j] - J_{ij})^2",
    parameters={
        "k": Parameter(4, "2, 3, ...", "how many neighbours are compared; half as many are averaged over"),
        "eps": Parameter(0.05, "[0, inf)", "how much farther than the k-th a neighbour may be, in squared distance"),
    },
    studies=(
        Study("J is symmetric and lies in [0, 1]", "derived", STUDY),
        Study("the published gradient is not a slope of the value, which has none", "derived", STUDY),
    ),
    hazards=(
        "slope 0 wherever it has one: the published code replaces that of its steps by 10",
        "0 / 0 where all examples are neighbours; such a row counts as 0 here",
    ),
    references=("Liao, Tsiligkaridis, Kulis, Supervised metric learning to rank for retrieval, ICML 2023",),
)
def contextual(e: Any, y: Any, k: int = 4, eps: float = 0.05) -> Any:
    """Squared errors of the contextual similarity of all pairs of a batch (S124)."""
    xp = array_namespace(e)
    alike = xp.astype(y[:, None] == y[None, :], e.dtype)
    places = xp.arange(e.shape[0])
    errors = (alike - contextual_similarity(e, k, eps)) ** 2
    return xp.mean(xp.where(places[:, None] == places[None, :], xp.zeros_like(errors), errors), axis=1)


def contextual_similarity(e: Any, k: int, eps: float) -> Any:
    """The overlap of the neighbours of all pairs, averaged over the nearest mutual neighbours of both: (B, B)."""
    xp = array_namespace(e)
    distances = 2 - 2 * similarities(e, e)
    distances = xp.maximum(distances, xp.zeros_like(distances))
    near, nearest = (_within(distances, count, eps) for count in (k, k // 2))
    both = ratio(near @ near.T, xp.sum(near, axis=1)[:, None], 0.0)
    neither = ratio((1 - near) @ (1 - near).T, xp.sum(1 - near, axis=1)[:, None], 0.0)
    mutual = nearest * nearest.T
    average = ratio(mutual @ (0.5 * (both + neither) * near), xp.sum(mutual, axis=1)[:, None], 0.0)
    return 0.5 * (average + average.T)


def _within(distances: Any, count: int, eps: float) -> Any:
    """1 for those not farther, but for eps, than the neighbour of this number, else 0."""
    xp = array_namespace(distances)
    number = min(count, distances.shape[0]) - 1
    farthest = xp.sort(distances, axis=1)[:, number : number + 1]
    return xp.astype(distances - eps <= farthest, distances.dtype)
