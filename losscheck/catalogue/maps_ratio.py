r"""Normalised positive functions of scores, :math:`s(z_k)/\sum_j s(z_j)`, with another s than the exponential.

Without the exponential there is no shift invariance, and no overflow at 88.7 either.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import log_sigmoid, softmax, softplus
from losscheck.catalogue.entry import Claim, Parameter, Study, entry
from losscheck.catalogue.shared_claims import OFFSET_CANCELS, OFFSET_STAYS, ORDER_KEPT, OWN_SUM

SIMPLEX = Study("the entries are positive and sum to 1", "derived", "tests/studies/test_maps.py")
ORDER = Study("the largest score gets the largest entry", "derived", "tests/studies/test_maps.py")


def _normalised(weights: Any) -> Any:
    return weights / array_namespace(weights).sum(weights, axis=1, keepdims=True)


@entry(
    kind="map",
    title="StableMax",
    family="map",
    formula=r"\frac{s(z_k)}{\sum_j s(z_j)},\quad s(t) = t + 1 \ (t \ge 0),\ \ \frac{1}{1 - t}\ (t < 0)",
    claims=(
        OWN_SUM,
        Claim("order_preserving", True, "Prieto et al., 2025: s is increasing"),
        OFFSET_STAYS,
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
    kind="map",
    title="Softplus normalisation (LSSA)",
    family="map",
    formula=r"\frac{\log(1 + e^{z_k})}{\sum_j\log(1 + e^{z_j})}",
    claims=(
        OWN_SUM,
        ORDER_KEPT,
        OFFSET_STAYS,
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
        OWN_SUM,
        ORDER_KEPT,
        OFFSET_STAYS,
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
        OFFSET_STAYS,
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
        OWN_SUM,
        Claim("order_preserving", False, "derived"),
        OFFSET_STAYS,
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
        OWN_SUM,
        ORDER_KEPT,
        OFFSET_STAYS,
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
        OFFSET_CANCELS,
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
