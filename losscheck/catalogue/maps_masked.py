"""Softmax over some of the classes: masked, gated, or with a silent class."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import logsumexp, softmax
from losscheck.catalogue.entry import Claim, Parameter, Study, entry
from losscheck.catalogue.maps_exponential import ORDER
from losscheck.catalogue.shared_claims import OFFSET_CANCELS, OFFSET_STAYS, ORDER_KEPT, OWN_SUM


@entry(
    kind="map",
    title="Softmax with an attention sink (softmax one)",
    family="map",
    formula=r"\frac{e^{z_k}}{1 + \sum_j e^{z_j}}",
    claims=(
        Claim("simplex_valued", False, "the entries do not add up to 1, or are negative"),
        ORDER_KEPT,
        OFFSET_STAYS,
    ),
    studies=(
        ORDER,
        Study("the entries are positive and sum to less than 1", "Miller, 2023", "tests/studies/test_maps.py"),
    ),
    references=("Miller, Attention is off by one, 2023",),
)
def softmax_one(z: Any) -> Any:
    """Softmax with one silent class of score 0: all entries may vanish."""
    xp = array_namespace(z)
    total = logsumexp(z)[:, None]
    return xp.exp(z - xp.logaddexp(total, xp.zeros_like(total)))


@entry(
    kind="map",
    title="Masked softmax",
    family="map",
    formula=r"\frac{[k < m]\,e^{z_k}}{\sum_{j<m} e^{z_j}}",
    parameters={"kept": Parameter(2, "1, 2, ...", "how many classes, counted from the first, are not masked")},
    claims=(
        Claim("simplex_valued", True, "Kim et al., 2023"),
        OFFSET_CANCELS,
        Claim("permutation_equivariant", False, "the place of a class counts"),
    ),
    studies=(
        Study(
            "masked classes get exactly 0, the others their conditional distribution",
            "Kim et al., 2023",
            "tests/studies/test_maps.py",
        ),
    ),
    hazards=("a row that is masked altogether is nan", "-1e9 as a mask is -inf in float16"),
    references=("Kim et al., Revisiting softmax masking for stability in continual learning, 2023",),
)
def masked_softmax(z: Any, kept: int = 2) -> Any:
    """Softmax over the first classes, 0 for the others (S049)."""
    xp = array_namespace(z)
    inside = softmax(z[:, :kept])
    return xp.concat([inside, xp.zeros_like(z[:, kept:])], axis=1)


@entry(
    kind="map",
    title="Top-k softmax gating",
    family="map",
    formula=r"\frac{[z_k \ge z_{(m)}]\,e^{z_k}}{\sum_{z_j \ge z_{(m)}} e^{z_j}}",
    parameters={"kept": Parameter(2, "1, 2, ...", "how many of the largest scores stay")},
    claims=(
        OWN_SUM,
        ORDER_KEPT,
        OFFSET_CANCELS,
    ),
    studies=(
        Study("it jumps where the k-th and the next score are equal", "derived", "tests/studies/test_maps.py"),
        ORDER,
    ),
    hazards=("jumps where two scores change places at the threshold; ties keep more than k",),
    references=("Nguyen, Akbarian, Yan, Ho, Statistical perspective of top-K sparse softmax gating, ICLR 2024",),
)
def topk_softmax(z: Any, kept: int = 2) -> Any:
    """Softmax over the scores no less than the k-th largest, 0 for the others (S181)."""
    xp = array_namespace(z)
    threshold = xp.sort(z, axis=1, descending=True)[:, kept - 1 : kept]
    weights = xp.exp(z - xp.max(z, axis=1, keepdims=True))
    weights = xp.where(z >= threshold, weights, xp.zeros_like(weights))
    return weights / xp.sum(weights, axis=1, keepdims=True)
