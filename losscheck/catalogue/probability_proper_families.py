"""Families of proper losses of a binary probability, by their weight."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.probability_proper import REFERENCES, STRICT


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
