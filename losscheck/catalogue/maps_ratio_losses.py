"""Cross-entropy and Fenchel-Young losses of maps other than softmax, and averages weighed by maps."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, relu, softmax
from losscheck.catalogue.entry import Claim, Parameter, Study, entry
from losscheck.catalogue.maps_sparse import sparsemax_threshold


def stable_scores(z: Any) -> Any:
    """g(z) = log(1 + z) for z >= 0 and -log(1 - z) below: StableMax is softmax of g(z)."""
    xp = array_namespace(z)
    negative = z < 0
    above, below = xp.where(negative, 0 * z, z), xp.where(negative, z, 0 * z)
    return xp.where(negative, -xp.log1p(-below), xp.log1p(above))


@entry(
    kind="logits",
    title="StableMax cross-entropy",
    family="comp-sum",
    formula=r"-\log \mathrm{StableMax}(z)_y",
    claims=(
        Claim("shift_invariant", False, "derived: s is no exponential"),
        Claim("classification_calibrated", True, "derived: the logarithmic score behind increasing positive scores"),
        Claim("nonnegative", True, "the logarithm of a probability"),
    ),
    hazards=("1 / (1 - z) is infinite at z = 1 in the branch that is not taken, and its gradient nan",),
    references=("Prieto et al., Grokking at the edge of numerical stability, ICLR 2025",),
)
def stablemax_cross_entropy(z: Any, y: Any) -> Any:
    """-log StableMax(z)_y, as the cross-entropy of sgn(z) log(1 + |z|)."""
    scores = stable_scores(z)
    xp = array_namespace(z)
    largest = xp.max(scores, axis=1, keepdims=True)
    total = xp.log(xp.sum(xp.exp(scores - largest), axis=1))
    return total - (at_label(scores, y) - largest[:, 0])


@entry(
    signature="z:(N,K):real",
    title="Boltzmann operator",
    family="map",
    formula=r"\frac{\sum_k z_k e^{z_k}}{\sum_k e^{z_k}}",
    studies=(
        Study("it lies between max - log n and max", "Kajitsuka, Sato, 2024, Lemma 6", "tests/studies/test_maps.py"),
    ),
    references=("Kajitsuka, Sato, Are transformers with one layer universal approximators?, ICLR 2024",),
    aliases=("softpool",),
)
def boltzmann_operator(z: Any) -> Any:
    """The softmax mean of the scores (S174): SoftPool of one window (S175); not monotone."""
    return array_namespace(z).sum(z * softmax(z), axis=1)


@entry(
    signature="z:(N,K):real",
    title="Mellowmax",
    family="map",
    formula=r"\tfrac1\omega\log\left(\tfrac1K\sum_k e^{\omega z_k}\right)",
    parameters={"omega": Parameter(5.0, "(0, inf)", "0 is the mean, infinity the maximum")},
    studies=(
        Study(
            "it lies between mean and maximum and is no expansion", "Asadi, Littman, 2017", "tests/studies/test_maps.py"
        ),
    ),
    references=("Asadi, Littman, An alternative softmax operator for reinforcement learning, ICML 2017",),
)
def mellowmax(z: Any, omega: float = 5.0) -> Any:
    """A log-mean-exp: monotone and non-expansive where the Boltzmann operator is neither."""
    xp = array_namespace(z)
    largest = xp.max(z, axis=1, keepdims=True)
    return largest[:, 0] + xp.log(xp.mean(xp.exp(omega * (z - largest)), axis=1)) / omega


@entry(
    kind="logits",
    title="Sparsemax loss",
    family="Fenchel-Young",
    formula=r"\tfrac12\sum_{j \in S}(z_j^2 - \tau^2) - z_y + \tfrac12",
    claims=(
        Claim("convex", True, "Martins, Astudillo, 2016, Proposition 3"),
        Claim("classification_calibrated", True, "Blondel, Martins, Niculae, 2020: a Fenchel-Young loss"),
        Claim("shift_invariant", True, "Martins, Astudillo, 2016, Proposition 3"),
        Claim("scale_invariant", False, "Martins, Astudillo, 2016"),
        Claim("nonnegative", True, "Martins, Astudillo, 2016, Proposition 3"),
        Claim("differentiable", True, "Martins, Astudillo, 2016: the gradient is sparsemax(z) - e_y"),
        Claim("recovers_probability[link=softmax]", False, "derived: its link is sparsemax"),
    ),
    hazards=("the running sum of sorted scores cancels for scores near 1e8 in float32",),
    references=(
        "Martins, Astudillo, From softmax to sparsemax, ICML 2016",
        "Blondel, Martins, Niculae, Learning with Fenchel-Young losses, JMLR 2020",
    ),
)
def sparsemax_loss(z: Any, y: Any) -> Any:
    """The Fenchel-Young loss of half the squared norm (S032)."""
    threshold = sparsemax_threshold(z)
    inside = array_namespace(z).sum(relu(z - threshold) * (z + threshold), axis=1)
    return 0.5 * inside - at_label(z, y) + 0.5
