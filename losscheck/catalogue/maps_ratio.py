r"""Normalised positive functions of scores, :math:`s(z_k)/\sum_j s(z_j)`, with another s than the exponential.

Without the exponential there is no shift invariance, and no overflow at 88.7 either.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, log_sigmoid, relu, softmax, softplus
from losscheck.catalogue.entry import Claim, Parameter, Study, entry
from losscheck.catalogue.maps_sparse import sparsemax_threshold

SIMPLEX = Study("the entries are positive and sum to 1", "derived", "tests/studies/test_maps.py")
ORDER = Study("the largest score gets the largest entry", "derived", "tests/studies/test_maps.py")


def _normalised(weights: Any) -> Any:
    return weights / array_namespace(weights).sum(weights, axis=1, keepdims=True)


def stable_scores(z: Any) -> Any:
    """g(z) = log(1 + z) for z >= 0 and -log(1 - z) below: StableMax is softmax of g(z)."""
    xp = array_namespace(z)
    negative = z < 0
    above, below = xp.where(negative, 0 * z, z), xp.where(negative, z, 0 * z)
    return xp.where(negative, -xp.log1p(-below), xp.log1p(above))


@entry(
    kind="map",
    title="StableMax",
    family="map",
    formula=r"\frac{s(z_k)}{\sum_j s(z_j)},\quad s(t) = t + 1 \ (t \ge 0),\ \ \frac{1}{1 - t}\ (t < 0)",
    claims=(
        Claim("simplex_valued", True, "a quotient by its own sum"),
        Claim("order_preserving", True, "Prieto et al., 2025: s is increasing"),
        Claim("shift_invariant", False, "derived: an offset does not cancel"),
    ),
    studies=(
        SIMPLEX,
        ORDER,
        Study(
            "it is softmax of sgn(z) log(1 + |z|)", "Prieto et al., 2025, Proposition 3", "tests/studies/test_maps.py"
        ),
        Study(
            "cross-entropy after StableMax vanishes in float32 only at scores near 1e7, after softmax at 17",
            "Prieto et al., 2025",
            "tests/studies/test_softmax_collapse.py",
        ),
    ),
    hazards=("1 / (1 - z) is infinite at z = 1 in the branch that is not taken, and its gradient nan",),
    references=("Prieto et al., Grokking at the edge of numerical stability, ICLR 2025",),
)
def stablemax(z: Any) -> Any:
    """A polynomial tail in place of the exponential (S015)."""
    xp = array_namespace(z)
    negative = xp.where(z < 0, z, 0 * z)
    return _normalised(xp.where(z < 0, 1 / (1 - negative), z + 1))


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
    kind="map",
    title="Softplus normalisation (LSSA)",
    family="map",
    formula=r"\frac{\log(1 + e^{z_k})}{\sum_j\log(1 + e^{z_j})}",
    claims=(
        Claim("simplex_valued", True, "a quotient by its own sum"),
        Claim("order_preserving", True, "each entry rises with its own score"),
        Claim("shift_invariant", False, "derived: an offset does not cancel"),
    ),
    studies=(SIMPLEX, ORDER),
    hazards=("0/0 where all scores are so negative that softplus underflows, below -103 in float32",),
    references=("Gao, Spratling, Softplus attention with re-weighting, 2025",),
)
def softplus_normalised(z: Any) -> Any:
    """Softplus over its sum (S166, without the re-weighting)."""
    return _normalised(softplus(z))


@entry(
    kind="map",
    title="Re-weighted softplus attention",
    family="map",
    formula=r"\frac{a_k^p}{\sum_j a_j^p},\quad a = \frac{\mathrm{softplus}(z)}{\sum\mathrm{softplus}(z)}",
    parameters={"power": Parameter(3, "1, 2, ...", "sharpens the distribution; the paper takes up to 15")},
    claims=(
        Claim("simplex_valued", True, "a quotient by its own sum"),
        Claim("order_preserving", True, "each entry rises with its own score"),
        Claim("shift_invariant", False, "derived: an offset does not cancel"),
    ),
    studies=(SIMPLEX, ORDER),
    hazards=("powers of small entries underflow",),
    references=("Gao, Spratling, Softplus attention with re-weighting, 2025",),
)
def reweighted_softplus(z: Any, power: int = 3) -> Any:
    """A power of the softplus normalisation, normalised again (S166)."""
    return _normalised(softplus_normalised(z) ** power)


@entry(
    kind="map",
    title="Spherical softmax",
    family="map",
    formula=r"\frac{z_k^2}{\sum_j z_j^2}",
    claims=(
        Claim("order_preserving", False, "derived"),
        Claim("shift_invariant", False, "derived: an offset does not cancel"),
    ),
    studies=(Study("the entries sum to 1, and scaling changes nothing", "derived", "tests/studies/test_maps.py"),),
    hazards=("0/0 at z = 0", "even: a very negative score counts as a large one"),
    references=("de Brebisson, Vincent, An exploration of softmax alternatives, ICLR 2016",),
)
def spherical_softmax(z: Any) -> Any:
    """Squares over their sum: a member of the spherical family."""
    return _normalised(z**2)


@entry(
    kind="map",
    title="Taylor softmax",
    family="map",
    formula=r"\frac{1 + z_k + \tfrac12 z_k^2}{\sum_j 1 + z_j + \tfrac12 z_j^2}",
    claims=(
        Claim("simplex_valued", True, "a quotient by its own sum"),
        Claim("order_preserving", False, "derived"),
        Claim("shift_invariant", False, "derived: an offset does not cancel"),
    ),
    studies=(SIMPLEX,),
    hazards=("not monotone: below -1 smaller scores get larger entries",),
    references=("de Brebisson, Vincent, An exploration of softmax alternatives, ICLR 2016",),
)
def taylor_softmax(z: Any) -> Any:
    """The second-order Taylor polynomial of exp, at least 1/2 everywhere, over its sum."""
    return _normalised(1 + z + z**2 / 2)


@entry(
    kind="map",
    title="Sigsoftmax",
    family="map",
    formula=r"\frac{e^{z_k}\sigma(z_k)}{\sum_j e^{z_j}\sigma(z_j)}",
    claims=(
        Claim("simplex_valued", True, "a quotient by its own sum"),
        Claim("order_preserving", True, "each entry rises with its own score"),
        Claim("shift_invariant", False, "derived: an offset does not cancel"),
    ),
    studies=(SIMPLEX, ORDER),
    references=("Kanai et al., Sigsoftmax: reanalysis of the softmax bottleneck, NeurIPS 2018",),
)
def sigsoftmax(z: Any) -> Any:
    """Softmax of z + log sigmoid(z): breaks the rank bound of softmax (S182)."""
    return softmax(z + log_sigmoid(z))


@entry(
    kind="map",
    title="Normalised attention",
    family="map",
    formula=r"\frac{z_k - \bar z}{\sqrt{\tfrac1K\sum_j (z_j - \bar z)^2 + \varepsilon}}",
    parameters={"epsilon": Parameter(1e-5, "(0, inf)", "keeps equal scores at 0")},
    claims=(
        Claim("simplex_valued", False, "the entries do not add up to 1, or are negative"),
        Claim("shift_invariant", True, "an offset cancels"),
    ),
    studies=(
        Study(
            "entries may be negative and sum to 0: no mean of the values",
            "Richter, Wattenhofer, 2020",
            "tests/studies/test_maps.py",
        ),
    ),
    references=("Richter, Wattenhofer, Normalized attention without probability cage, 2020",),
)
def normalised_attention(z: Any, epsilon: float = 1e-5) -> Any:
    """Standardised scores in place of softmax (S170)."""
    xp = array_namespace(z)
    centred = z - xp.mean(z, axis=1, keepdims=True)
    return centred / xp.sqrt(xp.mean(centred**2, axis=1, keepdims=True) + epsilon)


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
