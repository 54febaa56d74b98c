"""Focal loss for binary logits and its relatives in detection: alpha-balanced, Poly-1, reduced, L2-like."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import sigmoid, signs, softplus
from losscheck.catalogue.entry import Claim, Parameter, entry

LIN = "Lin et al., 2017"
REFERENCES = ("Lin, Goyal, Girshick, He, Dollar, Focal loss for dense object detection, ICCV 2017",)


@entry(
    kind="binary",
    title="Alpha-balanced focal loss",
    family="binary logits",
    formula=r"-\alpha_y (1 - p_y)^\gamma \log p_y,\quad p = \sigma(z),\ \alpha_1 = \alpha,\ \alpha_0 = 1 - \alpha",
    parameters={
        "alpha": Parameter(0.25, "(0, 1)", "the weight of the positives"),
        "gamma": Parameter(2, "[0, inf)", "how much easy examples are damped"),
    },
    claims=(
        Claim("classification_calibrated", False, "derived: alpha != 1/2 moves the threshold"),
        Claim("classification_calibrated", True, "Charoenphakdee et al., 2021, Theorem 3", params={"alpha": 0.5}),
        Claim("convex", False, "derived: it ends flat where positives are easy"),
        Claim("nonnegative", True, LIN),
    ),
    references=REFERENCES,
)
def sigmoid_focal(z: Any, y: Any, alpha: Any = 0.25, gamma: Any = 2) -> Any:
    """alpha_y (1 - p_y)^gamma times the cross-entropy."""
    v = signs(y, z) * z
    weight = alpha * y + (1 - alpha) * (1 - y)
    return weight * array_namespace(z).exp(-gamma * softplus(v)) * softplus(-v)


@entry(
    kind="binary",
    title="Poly-1 binary cross-entropy",
    family="binary logits",
    formula=r"-\log p_y + \varepsilon (1 - p_y)",
    parameters={"eps": Parameter(1.0, "(-1, inf)", "what is added to the first coefficient of the series")},
    claims=(
        Claim("classification_calibrated", True, "derived: monotone, and its slope at 0 is negative"),
        Claim("recovers_probability", True, "derived: the stationary point moves with eta"),
        Claim("nonnegative", True, "derived for eps >= 0"),
    ),
    references=("Leng et al., PolyLoss: a polynomial expansion perspective of classification losses, ICLR 2022",),
)
def binary_poly1(z: Any, y: Any, eps: Any = 1.0) -> Any:
    """Binary cross-entropy plus eps (1 - p_y)."""
    v = signs(y, z) * z
    return softplus(-v) + eps * sigmoid(-v)


@entry(
    kind="binary",
    title="Self-calibrating binary cross-entropy (label perturbation)",
    family="binary logits",
    formula=r"\log(1 + e^{z}) - \tilde y z,\quad \tilde y = (1 - 2\alpha\beta) y + \alpha\beta",
    parameters={
        "alpha": Parameter(0.2, "[0, 1/(2 beta))", "how often a label is perturbed"),
        "beta": Parameter(0.5, "(0, 1]", "how far: 1/2 replaces it by 1/2, 1 inverts it"),
    },
    claims=(
        Claim("convex", True, "cross-entropy of a soft label"),
        Claim("classification_calibrated", True, "derived: the argmax stays while alpha beta < 1/2"),
        Claim("recovers_probability", True, "derived: sigmoid(z) = (1 - 2 alpha beta) eta + alpha beta"),
        Claim("lipschitz[norm=l2]", 0.9, "derived: 1 - alpha beta"),
    ),
    references=("Liu et al., Model calibration in dense classification with adaptive label perturbation, ICCV 2023",),
)
def self_calibrating_bce(z: Any, y: Any, alpha: Any = 0.2, beta: Any = 0.5) -> Any:
    """Binary cross-entropy of the label's expectation after perturbation."""
    moved = alpha * beta
    v = signs(y, z) * z
    return (1 - moved) * softplus(-v) + moved * softplus(v)


@entry(
    kind="binary",
    title="Asymmetric loss, one label",
    family="binary logits",
    formula=r"-y (1-p)^{\gamma_+}\log p - (1-y)\, p_m^{\gamma_-} \log(1 - p_m),\quad p_m = \max(p - m, 0)",
    parameters={
        "positive": Parameter(1, "[0, inf)", "gamma+"),
        "negative": Parameter(4, "[0, inf)", "gamma-"),
        "m": Parameter(0.05, "[0, 1)", "the margin below which negatives cost nothing"),
    },
    claims=(
        Claim("nonnegative", True, "Ridnik et al., 2021"),
        Claim("differentiable", True, "derived: gamma- > 1 flattens the corner at p = m"),
        Claim("convex", False, "derived: bounded for negatives and not constant"),
    ),
    references=("Ridnik et al., Asymmetric loss for multi-label classification, ICCV 2021",),
)
def binary_asymmetric(z: Any, y: Any, positive: Any = 1, negative: Any = 4, m: Any = 0.05) -> Any:
    """Focal losses with a power of their own on either side; negatives are shifted by m."""
    xp = array_namespace(z)
    p = sigmoid(z)
    shifted = xp.maximum(p - m, xp.zeros_like(p))
    wrong = shifted**negative * -xp.log1p(-shifted)
    return y * xp.exp(-positive * softplus(z)) * softplus(-z) + (1 - y) * wrong


@entry(
    kind="binary",
    title="Entropy-maximising loss for one positive label",
    family="binary logits",
    formula=r"-y \log p - (1 - y)\,\alpha H(p),\quad H(p) = -p\log p - (1-p)\log(1-p)",
    parameters={"alpha": Parameter(0.2, "(0, inf)", "the weight of the entropy of unknown labels")},
    claims=(
        Claim("nonnegative", False, "derived: the entropy enters with a minus"),
        Claim("bounded_below", True, "derived: the entropy is at most log 2"),
        Claim("convex", False, "derived: bounded for unknown labels and not constant"),
    ),
    references=(
        "Zhou et al., Acknowledging the unknown for multi-label learning with single positive labels, ECCV 2022",
    ),
)
def entropy_maximising(z: Any, y: Any, alpha: Any = 0.2) -> Any:
    """Cross-entropy of positives, minus alpha times the entropy of all others."""
    p = sigmoid(z)
    entropy = p * softplus(-z) + (1 - p) * softplus(z)
    return y * softplus(-z) - (1 - y) * alpha * entropy
