"""Relatives of the soft Dice loss: focal, smoothed, of both sides."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import ratio, softplus
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.set_overlap import NOT_AT_TARGET, SYMMETRIC, soft_dice, tversky


@entry(
    kind="set",
    title="Focal Tversky loss",
    family="set",
    formula=r"(1 - T_{a,b}(x, y))^\gamma",
    parameters={
        "a": Parameter(0.3, "[0, inf)", "the weight of false positives"),
        "b": Parameter(0.7, "[0, inf)", "the weight of false negatives"),
        "gamma": Parameter(0.75, "(0, 3]", "below 1 it looks at what is nearly right"),
    },
    claims=(
        Claim("equals_set_function[which=dice]", False, "a power of another index"),
        Claim("symmetric_arguments", False, "false positives and false negatives weigh differently"),
        Claim("zero_iff_equal", False, "positive at soft targets"),
    ),
    hazards=("the slope of a root is infinite where the masks agree",),
    references=("Abraham, Khan, A novel focal Tversky loss function, ISBI 2019",),
)
def focal_tversky(x: Any, y: Any, a: float = 0.3, b: float = 0.7, gamma: float = 0.75) -> Any:
    """A power of the Tversky loss."""
    return tversky(x, y, a, b) ** gamma


@entry(
    kind="set",
    title="Log-cosh Dice loss",
    family="set",
    formula=r"\log\cosh(D(x, y))",
    claims=(
        SYMMETRIC,
        NOT_AT_TARGET,
        Claim("equals_set_function[which=dice]", False, "a function of the Dice loss"),
    ),
    references=("Jadon, A survey of loss functions for semantic segmentation, 2020",),
)
def log_cosh_dice(x: Any, y: Any) -> Any:
    """Log cosh of the soft Dice loss."""
    loss = soft_dice(x, y)
    return loss + softplus(-2 * loss) - 0.6931471805599453


@entry(
    kind="set",
    title="Smoothed soft Dice loss",
    family="set",
    formula=r"1 - \frac{2\langle x, y\rangle + s}{\|x\|_1 + \|y\|_1 + s}",
    parameters={"s": Parameter(1.0, "(0, inf)", "keeps the quotient finite, and biases small masks")},
    claims=(
        SYMMETRIC,
        NOT_AT_TARGET,
        Claim("equals_set_function[which=dice]", False, "the constant changes every value but 0"),
    ),
    references=("Sudre et al., Generalised Dice overlap as a deep learning loss function, 2017",),
)
def smoothed_dice(x: Any, y: Any, s: float = 1.0) -> Any:
    """The Dice loss most code ships: a constant above and below."""
    xp = array_namespace(x)
    return 1 - (2 * xp.sum(x * y, axis=1) + s) / (xp.sum(x + y, axis=1) + s)


@entry(
    kind="set",
    title="Sensitivity-specificity loss",
    family="set",
    formula=r"r\frac{\langle y, (y-x)^2\rangle}{\|y\|_1} + (1-r)\frac{\langle 1-y, (y-x)^2\rangle}{\|1-y\|_1}",
    parameters={"r": Parameter(0.5, "[0, 1]", "the weight of sensitivity")},
    claims=(
        Claim("min_at_target", True, "both terms vanish at x = y"),
        Claim("convex_in_x_binary_y", True, "a weighted sum of squares"),
        Claim("symmetric_arguments", False, "the target weighs the errors"),
        Claim("equals_set_function[which=dice]", False, "another function"),
    ),
    hazards=("0/0 for a mask that is empty, or full",),
    references=("Brosch et al., Deep convolutional encoder networks for multiple sclerosis lesions, MICCAI 2015",),
)
def sensitivity_specificity(x: Any, y: Any, r: float = 0.5) -> Any:
    """Squared errors inside and outside of the target, each by its size; a part that is missing costs nothing."""
    xp = array_namespace(x)
    error = (y - x) ** 2
    inside = ratio(xp.sum(y * error, axis=1), xp.sum(y, axis=1), empty=0.0)
    outside = ratio(xp.sum((1 - y) * error, axis=1), xp.sum(1 - y, axis=1), empty=0.0)
    return r * inside + (1 - r) * outside
