r"""Proper losses of a binary probability, by their weight w: :math:`\ell_1' = -(1-p)w(p),\ \ell_0' = p\,w(p)`.

Every proper binary loss is a mixture of cost-weighted errors with weight w (Shuford, Albert, Massengill, 1966; Buja,
Stuetzle, Shen, 2005); the weight decides where on [0, 1] the loss looks hardest.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Claim, Parameter, entry

BUJA = "Buja, Stuetzle, Shen, 2005"
STRICT = Claim("strictly_proper", True, BUJA)
REFERENCES = (
    "Buja, Stuetzle, Shen, Loss functions for binary class probability estimation, 2005",
    "Reid, Williamson, Composite binary losses, JMLR 2010",
)


@entry(
    kind="probability",
    title="Binary cross-entropy",
    family="proper binary",
    formula=r"-y\log p - (1-y)\log(1-p)",
    claims=(
        STRICT,
        Claim("convex", True, "-log is convex"),
        Claim("composite_convex[link=logit]", True, "the canonical link"),
        Claim("mixable", True, "Vovk, 1990"),
        Claim("mixability_constant", 1.0, "Vovk, 1990"),
        Claim("exp_concavity_constant", 1.0, "Cesa-Bianchi, Lugosi, 2006, Section 3.3"),
        Claim("bounded_above", False, "infinite at the wrong end"),
    ),
    hazards=("log 0; torch clamps the logarithm at -100",),
    references=("Good, Rational decisions, JRSS B 1952", *REFERENCES),
    aliases=("bce", "log_loss"),
)
def binary_cross_entropy(p: Any, y: Any) -> Any:
    """-log of the probability of what happened, as torch.nn.BCELoss and sklearn.metrics.log_loss."""
    xp = array_namespace(p)
    return -xp.log(xp.where(y == 1, p, 1 - p))


@entry(
    kind="probability",
    title="Binary Brier score",
    family="proper binary",
    formula=r"(y - p)^2",
    claims=(
        STRICT,
        Claim("convex", True, "a square"),
        Claim("composite_convex[link=logit]", False, f"{BUJA}: squared error behind a sigmoid is not convex"),
        Claim("mixable", True, "Vovk, Zhdanov, 2009"),
        Claim("mixability_constant", 2.0, "Haussler, Kivinen, Warmuth, 1998"),
        Claim("exp_concavity_constant", 0.5, "Cesa-Bianchi, Lugosi, 2006, Section 3.3"),
        Claim("bounded_above", True, "at most 1"),
    ),
    references=("Brier, Verification of forecasts expressed in terms of probability, 1950", *REFERENCES),
)
def binary_brier(p: Any, y: Any) -> Any:
    """(y - p)^2: the weight is constant."""
    return (y - p) ** 2


@entry(
    kind="probability",
    title="Binary spherical score",
    family="proper binary",
    formula=r"1 - \frac{p_y}{\sqrt{p^2 + (1-p)^2}}",
    claims=(
        STRICT,
        Claim("mixable", True, "van Erven, Reid, Williamson, 2012"),
        Claim("bounded_above", True, "at most 1"),
    ),
    references=REFERENCES,
)
def binary_spherical(p: Any, y: Any) -> Any:
    """1 less the spherical score."""
    xp = array_namespace(p)
    chosen = xp.where(y == 1, p, 1 - p)
    return 1 - chosen / xp.sqrt(p**2 + (1 - p) ** 2)


@entry(
    kind="probability",
    title="Boosting loss",
    family="proper binary",
    formula=r"\sqrt{(1-p_y)/p_y}",
    claims=(
        STRICT,
        Claim("composite_convex[link=logit]", True, f"{BUJA}: exponential loss at half the logit"),
        Claim("mixable", False, "its weight (p(1-p))^(-3/2)/2 outgrows that of log loss"),
        Claim("mixability_constant", 0.0, "derived: the weight outgrows that of log loss"),
        Claim("bounded_above", False, "infinite at the wrong end"),
    ),
    hazards=("division by 0 at the wrong end",),
    references=REFERENCES,
)
def boosting_probability(p: Any, y: Any) -> Any:
    """The exponential loss as a loss of the probability."""
    xp = array_namespace(p)
    chosen = xp.where(y == 1, p, 1 - p)
    return xp.sqrt((1 - chosen) / chosen)


@entry(
    kind="probability",
    title="Arcsine loss",
    family="proper binary",
    formula=r"\arctan\sqrt{\tfrac{1-p_y}{p_y}} - \sqrt{p(1-p)}",
    claims=(STRICT, Claim("bounded_above", True, "at most pi/2"), Claim("mixable", True, "derived")),
    hazards=("the slope of each root is infinite at 0 and 1, though that of their difference is 0 at the right end",),
    references=("Shuford, Albert, Massengill, Admissible probability measurement procedures, 1966", *REFERENCES),
)
def arcsine_probability(p: Any, y: Any) -> Any:
    """The proper loss of weight (p (1-p))^(-1/2)."""
    xp = array_namespace(p)
    chosen = xp.where(y == 1, p, 1 - p)
    return xp.atan(xp.sqrt((1 - chosen) / chosen)) - xp.sqrt(p * (1 - p))


@entry(
    kind="probability",
    title="Cubic proper loss (weight p)",
    family="proper binary",
    formula=r"\ell_1 = \tfrac16 - \tfrac{p^2}{2} + \tfrac{p^3}{3},\quad \ell_0 = \tfrac{p^3}{3}",
    claims=(
        STRICT,
        Claim("convex", False, "derived: l_1'' = 2p - 1 changes sign"),
        Claim("bounded_above", True, "a polynomial on [0, 1]"),
    ),
    references=REFERENCES,
)
def cubic_proper(p: Any, y: Any) -> Any:
    """The beta family's weight p: rare events hardly matter."""
    one = 1 / 6 - p**2 / 2 + p**3 / 3
    return array_namespace(p).where(y == 1, one, p**3 / 3)


@entry(
    kind="probability",
    title="Peaked beta-family loss (weight p(1-p))",
    family="proper binary",
    formula=r"\ell_1 = \tfrac{1}{12} - \tfrac{p^2}{2} + \tfrac{2p^3}{3} - \tfrac{p^4}{4},\quad"
    r"\ell_0 = \tfrac{p^3}{3} - \tfrac{p^4}{4}",
    claims=(STRICT, Claim("symmetric", False, "derived"), Claim("bounded_above", True, "a polynomial on [0, 1]")),
    references=REFERENCES,
)
def beta_proper(p: Any, y: Any) -> Any:
    """The beta family with both exponents 2: the weight peaks at 1/2."""
    one = 1 / 12 - p**2 / 2 + 2 * p**3 / 3 - p**4 / 4
    return array_namespace(p).where(y == 1, one, p**3 / 3 - p**4 / 4)


@entry(
    kind="probability",
    title="Cost-weighted misclassification",
    family="proper binary",
    formula=r"(1-c)\,y\,[p \le c] + c\,(1-y)\,[p > c]",
    parameters={"c": Parameter(0.25, "(0, 1)", "the threshold, and the cost of a false alarm")},
    claims=(
        Claim("proper", True, "Shuford, Albert, Massengill, 1966: the building block of all proper losses"),
        Claim("strictly_proper", False, "only the side of the threshold counts"),
        Claim("convex", False, "a step"),
    ),
    references=REFERENCES,
)
def cost_weighted_error(p: Any, y: Any, c: float = 0.25) -> Any:
    """The proper loss whose weight is a point mass at c."""
    xp = array_namespace(p)
    zero = xp.zeros_like(p)
    return xp.where(y == 1, xp.where(p <= c, zero + (1 - c), zero), xp.where(p > c, zero + c, zero))


@entry(
    kind="probability",
    title="Tsallis binary loss",
    family="proper binary",
    formula=r"\tfrac{1}{a-1}\left((a-1)(p^a + (1-p)^a) - a\,p_y^{a-1} + 1\right)",
    parameters={"a": Parameter(3.0, "(1, inf)", "2 is twice the Brier score")},
    claims=(STRICT, Claim("bounded_above", True, "powers of numbers in [0, 1]"), Claim("mixable", True, "derived")),
    references=REFERENCES,
)
def binary_tsallis(p: Any, y: Any, a: float = 3.0) -> Any:
    """The power score for two classes, least 0."""
    chosen = array_namespace(p).where(y == 1, p, 1 - p)
    return ((a - 1) * (p**a + (1 - p) ** a) - a * chosen ** (a - 1) + 1) / (a - 1)


@entry(
    kind="probability",
    title="Weighted binary cross-entropy",
    family="proper binary",
    formula=r"-w\,y\log p - (1-y)\log(1-p)",
    parameters={"w": Parameter(3.0, "(0, inf)", "the weight of positives")},
    claims=(
        Claim("proper", False, "Elkan, 2001: the best report is wp / (wp + 1 - p)"),
        Claim("convex", True, "a weighted sum of convex losses"),
        Claim("composite_convex[link=logit]", True, "a weighted sum of convex losses"),
    ),
    references=("Elkan, The foundations of cost-sensitive learning, IJCAI 2001",),
)
def weighted_cross_entropy(p: Any, y: Any, w: float = 3.0) -> Any:
    """Cross-entropy with a weight for positives: tilts the probability."""
    xp = array_namespace(p)
    return -xp.where(y == 1, 0 * p + w, 0 * p + 1) * xp.log(xp.where(y == 1, p, 1 - p))
