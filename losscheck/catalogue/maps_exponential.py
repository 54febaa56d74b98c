"""Softmax and its relatives: exponentials of scores, normalised, tempered, masked or biased."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import log_softmax, logsumexp, sigmoid, softmax
from losscheck.catalogue.entry import Claim, Parameter, Study, entry

SIMPLEX = Study("the entries are positive and sum to 1", "derived", "tests/studies/test_maps.py")
SHIFT = Study("adding one number to all scores changes nothing", "derived", "tests/studies/test_maps.py")
ORDER = Study("the largest score gets the largest entry", "derived", "tests/studies/test_maps.py")


@entry(
    kind="map",
    title="Softmax",
    family="map",
    formula=r"\frac{e^{z_k}}{\sum_j e^{z_j}}",
    claims=(
        Claim("simplex_valued", True, "a quotient by its own sum"),
        Claim("order_preserving", True, "each entry rises with its own score"),
        Claim("shift_invariant", True, "an offset cancels"),
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
        Claim("simplex_valued", True, "a quotient by its own sum"),
        Claim("order_preserving", True, "each entry rises with its own score"),
        Claim("shift_invariant", True, "an offset cancels"),
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
        Claim("shift_invariant", True, "an offset cancels"),
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
    title="Softmax with an attention sink (softmax one)",
    family="map",
    formula=r"\frac{e^{z_k}}{1 + \sum_j e^{z_j}}",
    claims=(
        Claim("simplex_valued", False, "the entries do not add up to 1, or are negative"),
        Claim("order_preserving", True, "each entry rises with its own score"),
        Claim("shift_invariant", False, "derived: an offset does not cancel"),
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
        Claim("shift_invariant", True, "an offset cancels"),
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
        Claim("simplex_valued", True, "a quotient by its own sum"),
        Claim("order_preserving", True, "each entry rises with its own score"),
        Claim("shift_invariant", True, "an offset cancels"),
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


@entry(
    kind="map",
    title="Sigmoid attention",
    family="map",
    formula=r"\sigma(z_k - \log K)",
    claims=(
        Claim("simplex_valued", False, "the entries do not add up to 1, or are negative"),
        Claim("order_preserving", True, "each entry rises with its own score"),
        Claim("shift_invariant", False, "derived: an offset does not cancel"),
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
        Claim("shift_invariant", True, "an offset cancels"),
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
