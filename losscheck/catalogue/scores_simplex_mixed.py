"""Scoring rules that are sums, transforms or steps of others; not all of them proper."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.scores_simplex import PROPER, REFERENCES, STRICT, brier


@entry(
    kind="simplex",
    title="Absolute score (mean absolute error)",
    family="scoring rule",
    formula=r"1 - p_y",
    claims=(
        Claim("proper", False, "Savage, 1971: the report of the mode is better than the truth"),
        Claim("symmetric", True, "Ghosh, Kumar, Sastry, 2017"),
        Claim("symmetric_constant", 2.0, "K - 1 for K = 3"),
        Claim("local", True, "it sees p_y alone"),
        Claim("convex", True, "affine"),
    ),
    references=("Ghosh, Kumar, Sastry, Robust loss functions under label noise, AAAI 2017",),
    aliases=("linear_score", "unhinged_score"),
)
def absolute_score(p: Any, y: Any) -> Any:
    """1 - p_y: half the L1 distance to the corner."""
    return 1 - at_label(p, y)


@entry(
    kind="simplex",
    title="Log-barrier score of the squared norm",
    family="scoring rule",
    formula=r"\log\sum_k p_k^2 - 2\log p_y",
    claims=(
        Claim("proper", False, "derived: it is -2 log of the spherical score, which is proper only itself"),
        Claim("nonnegative", True, "p_y is at most the length of p"),
        Claim("local", False, "it sees the other classes"),
    ),
    references=("Vincent, de Brebisson, Bouthillier, Efficient exact gradient update, NeurIPS 2015",),
)
def log_spherical_score(p: Any, y: Any) -> Any:
    """-2 log(p_y over the length of p): the logarithm spoils properness."""
    xp = array_namespace(p)
    return xp.log(xp.sum(p * p, axis=1)) - 2 * xp.log(at_label(p, y))


@entry(
    kind="simplex",
    title="Hyperbolic (inverse) score",
    family="scoring rule",
    formula=r"\frac{1}{p_y}",
    claims=(
        Claim("proper", False, "Bernardo, 1979: local and not logarithmic; the best report is proportional to sqrt(p)"),
        Claim("local", True, "it sees p_y alone"),
        Claim("convex", True, "1/p is convex"),
    ),
    references=("Bernardo, Expected information as expected utility, Annals of Statistics 1979",),
)
def inverse_score(p: Any, y: Any) -> Any:
    """1 / p_y."""
    return 1 / at_label(p, y)


@entry(
    kind="simplex",
    title="Harmonic proper score",
    family="scoring rule",
    formula=r"\frac{\sum_k\sqrt{p_k}}{\sqrt{p_y}}",
    claims=(STRICT, PROPER, Claim("local", False, "it sees the other classes")),
    references=("Buja, Stuetzle, Shen, Loss functions for binary class probability estimation, 2005",),
    aliases=("boosting_score",),
)
def root_score(p: Any, y: Any) -> Any:
    """Sum sqrt(p) / sqrt(p_y): the score of the entropy (sum sqrt(p))^2, the multiclass boosting score."""
    xp = array_namespace(p)
    roots = xp.sqrt(p)
    return xp.sum(roots, axis=1) / at_label(roots, y)


@entry(
    kind="simplex",
    title="Zero-one score",
    family="scoring rule",
    formula=r"[p_y < \max_k p_k]",
    claims=(
        Claim("proper", False, "derived: a tie counts as right, so the uniform report never loses"),
        Claim("convex", False, "a step"),
    ),
    references=REFERENCES,
    aliases=("misclassification_score",),
)
def zero_one_score(p: Any, y: Any) -> Any:
    """1 where another class is more probable."""
    xp = array_namespace(p)
    chosen = at_label(p, y)
    return xp.where(chosen < xp.max(p, axis=1), xp.ones_like(chosen), xp.zeros_like(chosen))


@entry(
    kind="simplex",
    title="Mixture of logarithmic and Brier score",
    family="scoring rule",
    formula=r"-w\log p_y + (1-w)\sum_k(p_k - [k=y])^2",
    parameters={"w": Parameter(0.5, "[0, 1]", "the weight of the logarithmic score")},
    claims=(STRICT, PROPER, Claim("convex", True, "a sum of convex losses")),
    references=REFERENCES,
)
def log_brier_mixture(p: Any, y: Any, w: float = 0.5) -> Any:
    """A positive combination of proper rules is proper."""
    xp = array_namespace(p)
    chosen = at_label(p, y)
    return -w * xp.log(chosen) + (1 - w) * brier(p, y)
