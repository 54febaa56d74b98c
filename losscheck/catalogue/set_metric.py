r"""Jaccard metric losses and Dice semimetric losses: overlaps that soft targets minimise.

The L1 distance takes the place of the product: :math:`\|x \triangle y\| = \|x - y\|_1`. They agree with the set
function on binary masks and vanish exactly for equal arguments (Wang, Ning, Blaschko, 2023).
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import ratio
from losscheck.catalogue.entry import Claim, entry

WANG = "Wang, Ning, Blaschko, 2023"
AT_TARGET = Claim("min_at_target", True, f"{WANG}, Theorem 3")
ZERO = Claim("zero_iff_equal", True, f"{WANG}, Theorem 3")
SYMMETRIC = Claim("symmetric_arguments", True, "exchanging prediction and target changes nothing")
METRIC = Claim("triangle_inequality", True, f"{WANG}, Theorem 2")
SEMIMETRIC = Claim("triangle_inequality", False, "Wang, Ning, Blaschko, 2023 (Dice), Theorem 2: a semimetric only")
JACCARD = Claim("equals_set_function[which=jaccard]", True, f"{WANG}, Theorem 1")
DICE = Claim("equals_set_function[which=dice]", True, f"{WANG}, Theorem 1")
JML = ("Wang, Ning, Blaschko, Jaccard metric losses, NeurIPS 2023",)
DML = ("Wang, Popordanoska, Bertels, Lemmens, Blaschko, Dice semimetric losses, MICCAI 2023",)
HAZARDS = ("0/0 where both masks are empty", "kinks where a prediction equals its target")


@entry(
    kind="set",
    title="Jaccard metric loss 1",
    family="set",
    formula=r"1 - \frac{\|x+y\|_1 - \|x-y\|_1}{\|x+y\|_1 + \|x-y\|_1}",
    claims=(AT_TARGET, ZERO, SYMMETRIC, METRIC, JACCARD),
    hazards=HAZARDS,
    references=JML,
    aliases=("jml1", "soergel"),
)
def jaccard_metric_1(x: Any, y: Any) -> Any:
    """2 |x - y| / (|x + y| + |x - y|): the Soergel distance; 0 for empty masks (S062)."""
    xp = array_namespace(x)
    apart = xp.sum(xp.abs(x - y), axis=1)
    return ratio(2 * apart, xp.sum(x + y, axis=1) + apart, empty=0.0)


@entry(
    kind="set",
    title="Jaccard metric loss 2",
    family="set",
    formula=r"1 - \frac{\langle x, y\rangle}{\langle x, y\rangle + \|x-y\|_1}",
    claims=(AT_TARGET, SYMMETRIC, METRIC, JACCARD, ZERO),
    hazards=HAZARDS,
    references=JML,
    aliases=("jml2",),
)
def jaccard_metric_2(x: Any, y: Any) -> Any:
    """|x - y| / (<x, y> + |x - y|); 0 for empty masks (S062)."""
    xp = array_namespace(x)
    apart = xp.sum(xp.abs(x - y), axis=1)
    return ratio(apart, xp.sum(x * y, axis=1) + apart, empty=0.0)


@entry(
    kind="set",
    title="Dice semimetric loss 1",
    family="set",
    formula=r"1 - \frac{\|x+y\|_1 - \|x-y\|_1}{\|x+y\|_1}",
    claims=(AT_TARGET, ZERO, SYMMETRIC, SEMIMETRIC, DICE),
    hazards=HAZARDS,
    references=DML,
    aliases=("dml1", "bray_curtis"),
)
def dice_semimetric_1(x: Any, y: Any) -> Any:
    """|x - y| / |x + y|: the Bray-Curtis dissimilarity; 0 for empty masks (S063)."""
    xp = array_namespace(x)
    return ratio(xp.sum(xp.abs(x - y), axis=1), xp.sum(x + y, axis=1), empty=0.0)


@entry(
    kind="set",
    title="Dice semimetric loss 2",
    family="set",
    formula=r"1 - \frac{2\langle x, y\rangle}{2\langle x, y\rangle + \|x-y\|_1}",
    claims=(AT_TARGET, ZERO, SYMMETRIC, SEMIMETRIC, DICE),
    hazards=HAZARDS,
    references=DML,
    aliases=("dml2",),
)
def dice_semimetric_2(x: Any, y: Any) -> Any:
    """|x - y| / (2 <x, y> + |x - y|); 0 for empty masks (S063)."""
    xp = array_namespace(x)
    apart = xp.sum(xp.abs(x - y), axis=1)
    return ratio(apart, 2 * xp.sum(x * y, axis=1) + apart, empty=0.0)


@entry(
    kind="set",
    title="Mean absolute difference of masks",
    family="set",
    formula=r"\frac1M\|x - y\|_1",
    claims=(
        AT_TARGET,
        ZERO,
        SYMMETRIC,
        Claim("triangle_inequality", True, "a norm"),
        Claim("convex_in_x_binary_y", True, "a norm"),
        Claim("equals_set_function[which=jaccard]", False, "the Hamming distance"),
    ),
    references=("Hamming, Error detecting and error correcting codes, 1950",),
)
def hamming_mask(x: Any, y: Any) -> Any:
    """The mean absolute difference: the Hamming distance of binary masks."""
    xp = array_namespace(x)
    return xp.mean(xp.abs(x - y), axis=1)


@entry(
    kind="set",
    title="Lovasz extension of the Jaccard loss",
    family="set",
    formula=r"\sum_i |x_{\pi i} - y_{\pi i}|\,\Delta J_i, \quad |x - y| \text{ in falling order}",
    claims=(
        Claim("convex_in_x_binary_y", True, "Berman, Triki, Blaschko, 2018: the extension of a submodular function"),
        Claim("min_at_target", True, "Berman, Triki, Blaschko, 2018, for binary targets"),
        JACCARD,
        Claim("symmetric_arguments", False, "derived: the weights come from the target"),
    ),
    hazards=("0/0 for an empty target: its first step is then the whole", "kinks where two errors are equal"),
    references=("Berman, Triki, Blaschko, The Lovasz-softmax loss, CVPR 2018",),
)
def lovasz_jaccard(x: Any, y: Any) -> Any:
    """The Lovasz extension of 1 - Jaccard in the absolute errors, for one class."""
    xp = array_namespace(x)
    errors = xp.abs(x - y)
    order = xp.argsort(-errors, axis=1)
    rows = xp.arange(x.shape[0])[:, None]
    target = y[rows, order]
    inside = xp.sum(y, axis=1, keepdims=True)
    left = inside - xp.cumulative_sum(target, axis=1)
    union = inside + xp.cumulative_sum(1 - target, axis=1)
    jaccard = 1 - left / union
    steps = xp.concat([jaccard[:, :1], jaccard[:, 1:] - jaccard[:, :-1]], axis=1)
    return xp.sum(errors[rows, order] * steps, axis=1)
