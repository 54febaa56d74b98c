"""Softmax and its relatives: exponentials of scores, normalised or tempered, and sigmoids that are not."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import log_softmax, sigmoid, softmax
from losscheck.catalogue.entry import Claim, Parameter, Study, entry
from losscheck.catalogue.shared_claims import OFFSET_CANCELS, OFFSET_STAYS, ORDER_KEPT, OWN_SUM

SIMPLEX = Study("the entries are positive and sum to 1", "derived", "tests/studies/test_maps.py")
SHIFT = Study("adding one number to all scores changes nothing", "derived", "tests/studies/test_maps.py")
ORDER = Study("the largest score gets the largest entry", "derived", "tests/studies/test_maps.py")


@entry(
    kind="map",
    title="Softmax",
    family="map",
    formula=r"\frac{e^{z_k}}{\sum_j e^{z_j}}",
    claims=(
        OWN_SUM,
        ORDER_KEPT,
        OFFSET_CANCELS,
        Claim("permutation_equivariant", True, "all classes are treated alike"),
        Claim("jacobian_symmetric_psd", True, "the gradient of a convex function"),
    ),
    studies=(
        SIMPLEX,
        SHIFT,
        ORDER,
        Study(
            "with scores in an interval of length d, every entry lies between exp(-d)/n and exp(d)/n",
            "Velickovic et al., 2024, Lemma 2.1",
            "tests/studies/test_softmax_dispersion.py",
        ),
    ),
    hazards=("exp overflows at 88.7 in float32 and 11.1 in float16 without the shift by the largest score",),
    references=(
        "Bridle, Probabilistic interpretation of feedforward classification network outputs, 1990",
        "Velickovic et al., softmax is not enough (for sharp out-of-distribution), 2024",
    ),
)
def softmax_map(z: Any) -> Any:
    """exp(z_k) over the sum, shifted by the largest score."""
    return softmax(z)


@entry(
    kind="map",
    title="Tempered softmax",
    family="map",
    formula=r"\frac{e^{z_k/\tau}}{\sum_j e^{z_j/\tau}}",
    parameters={"temperature": Parameter(0.5, "(0, inf)", "0 is the argmax, infinity the uniform distribution")},
    claims=(
        OWN_SUM,
        ORDER_KEPT,
        OFFSET_CANCELS,
        Claim("jacobian_symmetric_psd", True, "the gradient of a convex function"),
    ),
    studies=(
        SIMPLEX,
        SHIFT,
        ORDER,
        Study(
            "the entropy rises with the temperature",
            "Velickovic et al., 2024",
            "tests/studies/test_softmax_dispersion.py",
        ),
    ),
    hazards=("z / tau overflows in float16 for small tau",),
    references=("Hinton, Vinyals, Dean, Distilling the knowledge in a neural network, 2015",),
)
def tempered_softmax(z: Any, temperature: float = 0.5) -> Any:
    """Softmax of z / temperature."""
    return softmax(z / temperature)


@entry(
    kind="map",
    title="Log-softmax",
    family="map",
    formula=r"z_k - \log\sum_j e^{z_j}",
    claims=(
        Claim("order_preserving", True, "each entry is its score less a common number"),
        OFFSET_CANCELS,
        Claim("jacobian_symmetric_psd", False, "derived: it is not symmetric"),
    ),
    studies=(SHIFT, ORDER),
    hazards=("log(softmax(z)) is -inf where the entry underflows; the difference is not",),
    references=("Blanchard, Higham, Higham, Accurately computing the log-sum-exp and softmax functions, 2021",),
)
def log_softmax_map(z: Any) -> Any:
    """The logarithm of softmax, without forming it."""
    return log_softmax(z)


@entry(
    kind="map",
    title="Sigmoid attention",
    family="map",
    formula=r"\sigma(z_k - \log K)",
    claims=(
        Claim("simplex_valued", False, "the entries do not add up to 1, or are negative"),
        ORDER_KEPT,
        OFFSET_STAYS,
        Claim("jacobian_symmetric_psd", True, "the gradient of a convex function"),
    ),
    studies=(
        Study(
            "each entry depends on its own score; all scores 0 give entries that sum to K/(K+1)",
            "Ramapuram et al., 2024",
            "tests/studies/test_maps.py",
        ),
    ),
    references=("Ramapuram et al., Theory, analysis, and best practices for sigmoid self-attention, 2024",),
)
def sigmoid_attention(z: Any) -> Any:
    """Sigmoids with the bias -log K in place of softmax (S029, S167): no normalisation over the row."""
    xp = array_namespace(z)
    bias = xp.log(xp.ones_like(z[:, :1]) * z.shape[1])
    return sigmoid(z - bias)


@entry(
    kind="map",
    title="Shaped attention",
    family="map",
    formula=r"[k = 0] + \mathrm{softmax}(z/\tau)_k - \tfrac1K",
    parameters={"temperature": Parameter(8.0, "(0, inf)", "large: the rows stay near the identity")},
    claims=(
        Claim("simplex_valued", False, "the entries do not add up to 1, or are negative"),
        OFFSET_CANCELS,
        Claim("permutation_equivariant", False, "the place of a class counts"),
    ),
    studies=(
        Study(
            "a row sums to 1, and is the identity's at equal scores", "Noci et al., 2023", "tests/studies/test_maps.py"
        ),
    ),
    references=("Noci et al., The shaped transformer, NeurIPS 2023",),
)
def shaped_attention(z: Any, temperature: float = 8.0) -> Any:
    """The first row of identity plus softmax less its mean (S180)."""
    xp = array_namespace(z)
    first = xp.concat([xp.ones_like(z[:, :1]), xp.zeros_like(z[:, 1:])], axis=1)
    return first + softmax(z / temperature) - 1 / z.shape[1]
