"""Symmetric margin losses, phi(v) + phi(-v) constant: the ones whose minimisers uniform label noise does not move."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import clip, sigmoid, softplus
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.shared_claims import NOT_CONVEX

GHOSH = "Ghosh, Manwani, Sastry, 2015, Theorem 1"
CHAROENPHAKDEE = "Charoenphakdee, Lee, Sugiyama, 2019"
REFERENCES = (
    "Ghosh, Manwani, Sastry, Making risk minimization tolerant to label noise, Neurocomputing 2015",
    "Charoenphakdee, Lee, Sugiyama, On symmetric losses for learning from corrupted labels, ICML 2019",
)

STEP = (
    Claim("symmetric", True, GHOSH),
    Claim("symmetric_constant", 1.0, GHOSH),
    Claim("classification_calibrated", True, CHAROENPHAKDEE),
    Claim("noise_tolerant[model=uniform]", True, GHOSH),
)
ONLY_THE_SIGN = Claim("scale_invariant", True, "only the sign of v matters")


@entry(
    kind="margin",
    title="Sigmoid loss",
    family="symmetric margin",
    formula=r"\frac{1}{1 + e^{v}}",
    claims=(
        *STEP,
        NOT_CONVEX,
        Claim("recovers_probability", False, f"{CHAROENPHAKDEE}: no symmetric loss estimates probabilities"),
        Claim("lipschitz[norm=l2]", 0.25, "derived"),
    ),
    references=REFERENCES,
)
def sigmoid_loss(v: Any) -> Any:
    """1 / (1 + exp(v))."""
    return sigmoid(-v)


@entry(
    kind="margin",
    title="Ramp loss",
    family="symmetric margin",
    formula=r"\max(0, \min(1, \tfrac12 - \tfrac{v}{2}))",
    claims=(
        *STEP,
        NOT_CONVEX,
        Claim("recovers_probability", False, CHAROENPHAKDEE),
    ),
    references=REFERENCES,
)
def ramp(v: Any) -> Any:
    """(1 - v) / 2, cut to [0, 1]."""
    return clip(0.5 - 0.5 * v, 0.0, 1.0)


@entry(
    kind="margin",
    title="Rho-margin loss",
    family="margin",
    formula=r"\min(1, \max(0, 1 - v/\rho))",
    parameters={"rho": Parameter(1, "(0, inf)", "the margin asked for")},
    claims=(
        Claim("classification_calibrated", True, "Awasthi et al., 2022"),
        Claim("symmetric", False, "derived: the sum at v = 0 is 2, far out 1"),
        NOT_CONVEX,
        Claim("lipschitz[norm=l2]", 1.0, "derived: 1 / rho"),
    ),
    references=("Awasthi, Mao, Mohri, Zhong, H-consistency bounds for surrogate loss minimizers, ICML 2022",),
)
def rho_margin(v: Any, rho: Any = 1) -> Any:
    """1 - v / rho, cut to [0, 1]."""
    return clip(1 - v / rho, 0.0, 1.0)


@entry(
    kind="margin",
    title="Zero-one loss",
    family="symmetric margin",
    formula=r"1[v \le 0]",
    claims=(
        Claim("classification_calibrated", True, "it is the target itself; margin 0 counts as wrong"),
        Claim("convex", False, "a step"),
        ONLY_THE_SIGN,
        Claim("symmetric", False, "derived: at v = 0 the sum is 2, elsewhere 1"),
    ),
    references=REFERENCES,
)
def zero_one(v: Any) -> Any:
    """1 where v <= 0, else 0."""
    xp = array_namespace(v)
    return xp.where(v <= 0, xp.ones_like(v), xp.zeros_like(v))


@entry(
    kind="margin",
    title="Zero-one loss with half a loss at zero",
    family="symmetric margin",
    formula=r"\tfrac12 (1 - \operatorname{sign} v)",
    claims=(
        *STEP,
        ONLY_THE_SIGN,
    ),
    references=REFERENCES,
)
def zero_one_half(v: Any) -> Any:
    """0, 1/2 or 1 as v is positive, zero or negative."""
    return 0.5 - 0.5 * array_namespace(v).sign(v)


@entry(
    kind="margin",
    title="Normalised logistic loss",
    family="symmetric margin",
    formula=r"\frac{\log(1 + e^{-v})}{\log(1 + e^{-v}) + \log(1 + e^{v})}",
    claims=(
        Claim("symmetric", True, "Ma et al., 2020: normalised losses add up to 1"),
        Claim("symmetric_constant", 1.0, "Ma et al., 2020"),
        Claim("noise_tolerant[model=uniform]", True, "Ma et al., 2020, Lemma 1"),
        Claim("classification_calibrated", True, f"{CHAROENPHAKDEE}: it falls from 1 to 0"),
    ),
    references=("Ma et al., Normalized loss functions for deep learning with noisy labels, ICML 2020",),
)
def normalised_logistic(v: Any) -> Any:
    """The logistic loss over the sum of the losses of both labels."""
    wrong = softplus(-v)
    return wrong / (wrong + softplus(v))


@entry(
    kind="margin",
    title="Arctangent loss",
    family="symmetric margin",
    formula=r"\tfrac12 - \tfrac1\pi \arctan(v)",
    claims=(
        Claim("symmetric", True, "derived: the arctangent is odd"),
        Claim("classification_calibrated", True, CHAROENPHAKDEE),
        Claim("noise_tolerant[model=uniform]", True, GHOSH),
        NOT_CONVEX,
    ),
    references=REFERENCES,
)
def arctangent(v: Any) -> Any:
    """1/2 - atan(v) / pi."""
    return 0.5 - 0.3183098861837907 * array_namespace(v).atan(v)


@entry(
    kind="margin",
    title="Barrier hinge loss",
    family="margin",
    formula=r"\max(-b(r + v) + r, \max(b(v - r), r - v))",
    parameters={
        "b": Parameter(200, "(1, inf)", "the slope of the barrier"),
        "r": Parameter(50, "(0, inf)", "inside [-r, r] the loss is symmetric"),
    },
    claims=(
        Claim("convex", True, CHAROENPHAKDEE),
        Claim("classification_calibrated", True, CHAROENPHAKDEE),
        Claim("symmetric", False, f"{CHAROENPHAKDEE}: symmetric only inside [-r, r]"),
        Claim("lipschitz[norm=l2]", 200.0, "derived: b"),
        Claim("nonincreasing", False, f"{CHAROENPHAKDEE}: a barrier on both sides"),
    ),
    references=REFERENCES,
)
def barrier_hinge(v: Any, b: Any = 200, r: Any = 50) -> Any:
    """R - v inside [-r, r], with steep sides."""
    xp = array_namespace(v)
    return xp.maximum(r - b * (r + v), xp.maximum(b * (v - r), r - v))


@entry(
    kind="margin",
    title="Smooth zero-one loss",
    family="symmetric margin",
    formula=r"\tfrac12 - \tfrac34 c + \tfrac14 c^3,\quad c = \max(-1, \min(1, v))",
    claims=(
        Claim("symmetric", True, "derived: an odd polynomial"),
        Claim("classification_calibrated", True, CHAROENPHAKDEE),
        Claim("differentiable", True, "Mason et al., 1999: the slope vanishes at both ends"),
        Claim("noise_tolerant[model=uniform]", True, GHOSH),
        Claim("lipschitz[norm=l2]", 0.75, "derived"),
    ),
    references=("Mason, Baxter, Bartlett, Frean, Boosting algorithms as gradient descent, NeurIPS 1999",),
)
def smooth_zero_one(v: Any) -> Any:
    """A cubic step from 1 to 0 on [-1, 1]."""
    c = clip(v, -1.0, 1.0)
    return 0.5 - 0.75 * c + 0.25 * c**3
