r"""Losses that see the probability of the outcome alone: :math:`\ell(p, y) = g(p_y)`.

For three classes and more only the logarithm is proper among the smooth ones (Bernardo, 1979); the others trade
properness for robustness, or for a steeper start.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label
from losscheck.catalogue.entry import Claim, Parameter, Study, entry

LOCAL = Claim("local", True, "it sees p_y alone")
IMPROPER = Claim("proper", False, "Bernardo, 1979: local and not logarithmic")


@entry(
    kind="simplex",
    title="Focal loss of a probability",
    family="local",
    formula=r"-(1 - p_y)^\gamma\log p_y",
    parameters={"gamma": Parameter(2.0, "[0, inf)", "0 is the logarithmic score")},
    claims=(
        LOCAL,
        Claim("proper", False, "Charoenphakdee et al., 2021, Theorem 3"),
        Claim("nonnegative", True, "derived"),
    ),
    hazards=("p log p at p = 0",),
    references=(
        "Lin et al., Focal loss for dense object detection, ICCV 2017",
        "Charoenphakdee et al., On focal loss for class-posterior probability estimation, CVPR 2021",
    ),
)
def focal_score(p: Any, y: Any, gamma: float = 2.0) -> Any:
    """-(1 - p_y)^gamma log p_y: classification-calibrated, but its minimiser is not the probability."""
    chosen = at_label(p, y)
    return -((1 - chosen) ** gamma) * array_namespace(p).log(chosen)


@entry(
    kind="simplex",
    title="PolyLoss, Poly-1",
    family="local",
    formula=r"-\log p_y + \varepsilon(1 - p_y)",
    parameters={"epsilon": Parameter(1.0, "[-1, inf)", "the first coefficient of the series, shifted")},
    claims=(
        LOCAL,
        IMPROPER,
        Claim("convex", True, "a convex and an affine function"),
        Claim("nonnegative", True, "both terms are for epsilon >= 0"),
    ),
    studies=(
        Study(
            "-log p = sum_j (1 - p)^j / j, so Poly-1 shifts the first of these coefficients",
            "Leng et al., 2022, eq. 2",
            "tests/studies/test_series_of_log.py",
        ),
    ),
    references=("Leng et al., PolyLoss: a polynomial expansion perspective, ICLR 2022",),
    aliases=("poly_1",),
)
def poly1_score(p: Any, y: Any, epsilon: float = 1.0) -> Any:
    """-log p_y + epsilon (1 - p_y) (S034)."""
    chosen = at_label(p, y)
    return -array_namespace(p).log(chosen) + epsilon * (1 - chosen)


@entry(
    kind="simplex",
    title="Truncated series of the logarithm (Taylor cross-entropy)",
    family="local",
    formula=r"\sum_{j=1}^{N}\frac{(1 - p_y)^j}{j}",
    parameters={"order": Parameter(3, "1, 2, ...", "1 is the absolute score, infinity the logarithmic score")},
    claims=(LOCAL, IMPROPER, Claim("convex", True, "a sum of convex powers"), Claim("bounded_above", True, "finite")),
    references=("Feng et al., Can cross entropy loss be robust to label noise?, IJCAI 2020",),
    aliases=("poly_drop",),
)
def taylor_score(p: Any, y: Any, order: int = 3) -> Any:
    """The first terms of the series of -log p_y in 1 - p_y."""
    miss = 1 - at_label(p, y)
    return sum(miss**j / j for j in range(1, order + 1))


@entry(
    kind="simplex",
    title="Encouraging loss (log bonus)",
    family="local",
    formula=r"-\log p_y + \log(1 - p_y)",
    claims=(
        LOCAL,
        IMPROPER,
        Claim("bounded_below", False, "the bonus is unbounded as p_y tends to 1"),
        Claim("convex", False, "the bonus is concave"),
    ),
    hazards=("log 0 where p_y rounds to 1: the paper caps the bonus",),
    references=("Zhao et al., Well-classified examples are underestimated in classification, AAAI 2022",),
)
def encouraging_score(p: Any, y: Any) -> Any:
    """Cross-entropy with a bonus for what is right already (S035), without the cap."""
    xp = array_namespace(p)
    chosen = at_label(p, y)
    return xp.log(1 - chosen) - xp.log(chosen)


@entry(
    kind="simplex",
    title="Encouraging loss, capped",
    family="local",
    formula=r"-\log p_y + \log(1 - p_y) \text{ for } p_y \le c, \text{ the tangent beyond}",
    parameters={"end": Parameter(0.75, "(0, 1)", "where the bonus turns into its tangent")},
    claims=(LOCAL, IMPROPER, Claim("bounded_below", True, "the tangent is finite at 1")),
    references=("Zhao et al., Well-classified examples are underestimated in classification, AAAI 2022",),
)
def encouraging_score_capped(p: Any, y: Any, end: float = 0.75) -> Any:
    """The conservative bonus: beyond ``end`` it goes on along its tangent."""
    xp = array_namespace(p)
    chosen = at_label(p, y)
    inside = xp.where(chosen <= end, chosen, 0 * chosen + end)
    bonus = xp.log(1 - inside) - (chosen - inside) / (1 - end)
    return bonus - xp.log(chosen)


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
