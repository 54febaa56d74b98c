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
