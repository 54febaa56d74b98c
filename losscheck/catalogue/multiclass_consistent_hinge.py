"""Multiclass hinge losses that are consistent for any number of classes, unlike sums and maxima over score gaps."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, centred, relu, sum_others
from losscheck.catalogue.entry import Claim, Parameter, entry

LIU = "Liu, Yuan, 2011"
DUCHI = "Duchi, Khosravi, Ruan, 2018"


@entry(
    kind="logits",
    title="Reinforced multicategory hinge loss",
    family="constrained",
    formula=r"\gamma \max(0, K - 1 - \bar z_y) + (1 - \gamma) \sum_{k \ne y} \max(0, 1 + \bar z_k)",
    parameters={"gamma": Parameter(0.5, "[0, 1/2]", "0 is Lee, Lin and Wahba's loss")},
    claims=(
        Claim("convex", True, "a sum of maxima of affine functions"),
        Claim("classification_calibrated", True, f"{LIU}, Theorem 1: for gamma <= 1/2"),
        Claim("shift_invariant", True, "the scores are centred"),
        Claim("nonnegative", True, "a sum of positive parts"),
    ),
    references=("Liu, Yuan, Reinforced multicategory support vector machines, JCGS 2011",),
)
def reinforced_hinge(z: Any, y: Any, gamma: Any = 0.5) -> Any:
    """A hinge on the label's centred score plus hinges on the others'."""
    scores = centred(z)
    own = relu(z.shape[1] - 1 - at_label(scores, y))
    return gamma * own + (1 - gamma) * sum_others(relu(1 + scores), y)


@entry(
    kind="logits",
    title="Generalised-entropy hinge loss of Duchi, Khosravi and Ruan",
    family="max",
    formula=r"1 - z_y + \max_{m} \frac{\sum_{j \le m} z_{[j]} - 1}{m}",
    claims=(
        Claim("convex", True, f"{DUCHI}: the conjugate of the zero-one entropy"),
        Claim("classification_calibrated", True, f"{DUCHI}, Theorem 6"),
        Claim("shift_invariant", True, "a common shift adds to z_y and to every mean alike"),
        Claim("nonnegative", True, f"{DUCHI}: m = K would do"),
    ),
    references=("Duchi, Khosravi, Ruan, Multiclass classification and surrogate risk, Annals of Statistics 2018",),
)
def entropy_hinge(z: Any, y: Any) -> Any:
    """1 - z_y plus the largest of the means of the m largest scores, each less 1 / m."""
    xp = array_namespace(z)
    ordered = xp.sort(z, axis=1, descending=True)
    total = ordered[:, 0]
    best = total - 1
    for m in range(2, z.shape[1] + 1):
        total = total + ordered[:, m - 1]
        best = xp.maximum(best, (total - 1) / m)
    return 1 - at_label(z, y) + best


@entry(
    kind="logits",
    title="Absolute-margin sum hinge",
    family="one-versus-all",
    formula=r"\max(0, 1 - \bar z_y)",
    claims=(
        Claim("convex", True, "a maximum of affine functions"),
        Claim("shift_invariant", True, "the scores are centred"),
        Claim("nonnegative", True, "a positive part"),
        Claim("classification_calibrated", False, "Tewari, Bartlett, 2007: the naive hinge on the label's score"),
    ),
    references=("Tewari, Bartlett, On the consistency of multiclass classification methods, JMLR 2007",),
)
def naive_hinge(z: Any, y: Any) -> Any:
    """The hinge loss of the label's centred score."""
    return relu(1 - at_label(centred(z), y))
