r"""Proper losses of a binary probability, by their weight w: :math:`\ell_1' = -(1-p)w(p),\ \ell_0' = p\,w(p)`.

Every proper binary loss is a mixture of cost-weighted errors with weight w (Shuford, Albert, Massengill, 1966; Buja,
Stuetzle, Shen, 2005); the weight decides where on [0, 1] the loss looks hardest.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Claim, entry

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
    hazards=(
        "the gradient is NaN at the right end: each root has an infinite slope there, their difference the slope 0",
        "near the right end, r away, two numbers of size sqrt(r) leave 2/3 r^(3/2): of the digits 1/r are lost",
    ),
    references=("Shuford, Albert, Massengill, Admissible probability measurement procedures, 1966", *REFERENCES),
)
def arcsine_probability(p: Any, y: Any) -> Any:
    """The proper loss of weight (p (1-p))^(-1/2)."""
    xp = array_namespace(p)
    chosen, missed = xp.where(y == 1, p, 1 - p), xp.where(y == 1, 1 - p, p)
    return xp.atan(xp.sqrt(missed / chosen)) - xp.sqrt(p * (1 - p))


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
