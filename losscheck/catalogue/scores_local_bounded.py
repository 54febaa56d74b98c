"""Local losses of bounded or guarded probabilities, and losses of being right."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.scores_local import IMPROPER, LOCAL


@entry(
    kind="simplex",
    title="Generalised cross-entropy of a probability",
    family="local",
    formula=r"\frac{1 - p_y^q}{q}",
    parameters={"q": Parameter(0.7, "(0, 1]", "0 is the logarithmic score, 1 the absolute score")},
    claims=(
        LOCAL,
        IMPROPER,
        Claim("convex", True, "-p^q is convex for q <= 1"),
        Claim("bounded_above", True, "1/q"),
    ),
    references=("Zhang, Sabuncu, Generalized cross entropy loss, NeurIPS 2018",),
)
def gce_score(p: Any, y: Any, q: float = 0.7) -> Any:
    """(1 - p_y^q) / q."""
    return (1 - at_label(p, y) ** q) / q


@entry(
    kind="simplex",
    title="Alpha loss",
    family="local",
    formula=r"\frac{\alpha}{\alpha - 1}\left(1 - p_y^{1 - 1/\alpha}\right)",
    parameters={"alpha": Parameter(2.0, "(0, 1) or (1, inf)", "1 is the logarithmic score, infinity the absolute one")},
    claims=(
        LOCAL,
        IMPROPER,
        Claim("convex", True, "-p^a is convex for 0 < a < 1"),
        Claim("bounded_above", True, "alpha / (alpha - 1) for alpha > 1"),
    ),
    references=("Sypherd et al., A tunable loss function for robust classification, IEEE TIT 2022",),
)
def alpha_score(p: Any, y: Any, alpha: float = 2.0) -> Any:
    """alpha/(alpha-1) (1 - p_y^(1 - 1/alpha)): its best report is tilted, proportional to p^alpha."""
    return alpha / (alpha - 1) * (1 - at_label(p, y) ** (1 - 1 / alpha))


@entry(
    kind="simplex",
    title="Coverage loss (pass at N)",
    family="local",
    formula=r"-\log\left(1 - (1 - p_y)^N\right)",
    parameters={"attempts": Parameter(8, "1, 2, ...", "how many samples may be drawn; 1 is the logarithmic score")},
    claims=(
        LOCAL,
        IMPROPER,
        Claim("nonnegative", True, "the logarithm of a probability"),
    ),
    hazards=("cancels for small p_y: 1 - (1 - p)^N is 0 where p is below the rounding unit",),
    references=("Chen et al., Rethinking fine-tuning when scaling test-time compute, 2025",),
    aliases=("direct_coverage",),
)
def coverage_score(p: Any, y: Any, attempts: int = 8) -> Any:
    """-log of the probability that one of N samples is right (S041)."""
    chosen = at_label(p, y)
    tries = sum((1 - chosen) ** j for j in range(attempts))  # 1 - (1 - p)^N = p sum_j (1 - p)^j: nothing cancels
    log = array_namespace(p).log
    return -log(chosen) - log(tries)


@entry(
    kind="simplex",
    title="Logarithmic score with a floor inside",
    family="local",
    formula=r"-\log(p_y + \varepsilon)",
    parameters={"epsilon": Parameter(1e-3, "(0, inf)", "keeps the logarithm finite")},
    claims=(
        LOCAL,
        Claim("proper", False, "derived: the best report is (p_k (1 + K eps) - eps), which is not p"),
        Claim("bounded_above", True, "-log epsilon"),
        Claim("convex", True, "-log of an affine function"),
    ),
    references=("derived: the guard that most training code carries",),
)
def guarded_log_score(p: Any, y: Any, epsilon: float = 1e-3) -> Any:
    """-log(p_y + epsilon): the usual guard makes the rule improper."""
    return -array_namespace(p).log(at_label(p, y) + epsilon)


@entry(
    kind="simplex",
    title="Correctness-aware calibration loss",
    family="calibration",
    formula=r"(\max_k p_k - [y = \arg\max_k p_k])^2",
    claims=(
        Claim("proper", False, "derived: an unlikely mode named with little confidence costs less than the truth"),
        Claim("bounded_above", True, "at most 1"),
        Claim("local", False, "it sees the largest entry"),
    ),
    references=("Liu et al., Optimizing calibration by gaining aware of prediction correctness, 2024",),
)
def correctness_aware(p: Any, y: Any) -> Any:
    """The squared distance of the confidence to being right (S059), for the probabilities themselves."""
    xp = array_namespace(p)
    largest = xp.max(p, axis=1)
    right = xp.where(at_label(p, y) >= largest, xp.ones_like(largest), xp.zeros_like(largest))
    return (largest - right) ** 2
