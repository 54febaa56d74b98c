r"""Soft Jaccard, Dice and Tversky losses: overlaps of masks, extended from sets to numbers in [0, 1].

With the product for the intersection they agree with the set function on binary masks, but a soft target is *not* its
own best prediction: at x = y = 1/2 the soft Jaccard loss is 2/3 (Wang et al., 2023).
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import ratio
from losscheck.catalogue.entry import Claim, Parameter, entry

SYMMETRIC = Claim("symmetric_arguments", True, "exchanging prediction and target changes nothing")
NOT_AT_TARGET = Claim("min_at_target", False, "Wang, Ning, Blaschko, 2023, Section 3")
REFERENCES = ("Wang, Ning, Blaschko, Jaccard metric losses, NeurIPS 2023",)


@entry(
    kind="set",
    title="Soft Jaccard loss (product)",
    family="set",
    formula=r"1 - \frac{\langle x, y\rangle}{\|x\|_1 + \|y\|_1 - \langle x, y\rangle}",
    claims=(
        SYMMETRIC,
        NOT_AT_TARGET,
        Claim("equals_set_function[which=jaccard]", True, "the product of indicators is their intersection"),
        Claim("zero_iff_equal", False, "2/3 at x = y = 1/2"),
    ),
    hazards=("0/0 where both masks are empty; an added constant keeps it finite, and makes empty masks cost less",),
    references=("Rahman, Wang, Optimizing intersection-over-union in deep neural networks, 2016", *REFERENCES),
    aliases=("soft_iou",),
)
def soft_jaccard(x: Any, y: Any) -> Any:
    """1 - <x, y> / (sum x + sum y - <x, y>), 0 for empty masks."""
    xp = array_namespace(x)
    both = xp.sum(x * y, axis=1)
    return 1 - ratio(both, xp.sum(x + y, axis=1) - both, empty=1.0)


@entry(
    kind="set",
    title="Soft Dice loss",
    family="set",
    formula=r"1 - \frac{2\langle x, y\rangle}{\|x\|_1 + \|y\|_1}",
    claims=(
        SYMMETRIC,
        NOT_AT_TARGET,
        Claim("equals_set_function[which=dice]", True, "the product of indicators is their intersection"),
        Claim("triangle_inequality", False, "Dice is no metric, even on sets"),
        Claim("zero_iff_equal", False, "1/2 at x = y = 1/2"),
    ),
    hazards=("0/0 where both masks are empty",),
    references=("Sudre et al., Generalised Dice overlap as a deep learning loss function, 2017", *REFERENCES),
    aliases=("sorensen_dice",),
)
def soft_dice(x: Any, y: Any) -> Any:
    """1 - 2 <x, y> / (sum x + sum y), 0 for empty masks (also S064)."""
    xp = array_namespace(x)
    return 1 - ratio(2 * xp.sum(x * y, axis=1), xp.sum(x + y, axis=1), empty=1.0)


@entry(
    kind="set",
    title="Squared Dice loss (V-Net)",
    family="set",
    formula=r"1 - \frac{2\langle x, y\rangle}{\|x\|_2^2 + \|y\|_2^2}",
    claims=(
        SYMMETRIC,
        Claim("min_at_target", True, "2<x, y> is at most |x|^2 + |y|^2"),
        Claim("zero_iff_equal", True, "equality only for x = y"),
        Claim("equals_set_function[which=dice]", True, "squares of indicators are indicators"),
        Claim("triangle_inequality", False, "Dice is no metric, even on sets"),
    ),
    hazards=("0/0 where both masks are empty",),
    references=("Milletari, Navab, Ahmadi, V-Net, 3DV 2016",),
    aliases=("vnet_dice",),
)
def squared_dice(x: Any, y: Any) -> Any:
    """1 - 2 <x, y> / (sum x^2 + sum y^2), 0 for empty masks."""
    xp = array_namespace(x)
    return 1 - ratio(2 * xp.sum(x * y, axis=1), xp.sum(x * x + y * y, axis=1), empty=1.0)


@entry(
    kind="set",
    title="Tanimoto loss",
    family="set",
    formula=r"1 - \frac{\langle x, y\rangle}{\|x\|_2^2 + \|y\|_2^2 - \langle x, y\rangle}",
    claims=(
        SYMMETRIC,
        Claim("min_at_target", True, "it is a function of the squared Dice loss D: 2D / (1 + D)"),
        Claim("zero_iff_equal", True, "equality only for x = y"),
        Claim("equals_set_function[which=jaccard]", True, "squares of indicators are indicators"),
    ),
    hazards=("0/0 where both masks are empty",),
    references=("Diakogiannis et al., ResUNet-a, ISPRS 2020",),
)
def tanimoto(x: Any, y: Any) -> Any:
    """1 - <x, y> / (|x|^2 + |y|^2 - <x, y>), 0 for empty masks."""
    xp = array_namespace(x)
    both = xp.sum(x * y, axis=1)
    return 1 - ratio(both, xp.sum(x * x + y * y, axis=1) - both, empty=1.0)


@entry(
    kind="set",
    title="Tversky loss",
    family="set",
    formula=r"1 - \frac{\langle x, y\rangle}{\langle x, y\rangle + a\langle x, 1-y\rangle + b\langle 1-x, y\rangle}",
    parameters={
        "a": Parameter(0.3, "[0, inf)", "the weight of false positives"),
        "b": Parameter(0.7, "[0, inf)", "the weight of false negatives"),
    },
    claims=(
        NOT_AT_TARGET,
        Claim("symmetric_arguments", False, "false positives and false negatives weigh differently"),
        Claim("equals_set_function[which=dice]", False, "only at a = b = 1/2"),
        Claim("equals_set_function[which=jaccard]", False, "only at a = b = 1"),
    ),
    hazards=("0/0 where both masks are empty",),
    references=("Salehi, Erdogmus, Gholipour, Tversky loss function for image segmentation, 2017",),
)
def tversky(x: Any, y: Any, a: float = 0.3, b: float = 0.7) -> Any:
    """1 less the Tversky index, 0 for empty masks."""
    xp = array_namespace(x)
    both = xp.sum(x * y, axis=1)
    wrong = a * xp.sum(x * (1 - y), axis=1) + b * xp.sum((1 - x) * y, axis=1)
    return 1 - ratio(both, both + wrong, empty=1.0)
