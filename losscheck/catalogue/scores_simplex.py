r"""Scoring rules: losses of a probability vector, written as losses (less is better).

A rule is proper when the truth is a best report. Every proper rule comes from a concave entropy H (Savage, 1971):
:math:`\ell(p, y) = H(p) + \langle H'(p), e_y - p\rangle`.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, is_label
from losscheck.catalogue.entry import Claim, Parameter, entry

GNEITING = "Gneiting, Raftery, 2007"
STRICT = Claim("strictly_proper", True, GNEITING)
PROPER = Claim("proper", True, GNEITING)
REFERENCES = ("Gneiting, Raftery, Strictly proper scoring rules, prediction, and estimation, JASA 2007",)


@entry(
    kind="simplex",
    title="Logarithmic score",
    family="scoring rule",
    formula=r"-\log p_y",
    claims=(
        STRICT,
        PROPER,
        Claim("local", True, "Bernardo, 1979: the only proper local one beyond two classes"),
        Claim("convex", True, "-log is convex"),
        Claim("distance_sensitive", False, "Stael von Holstein, 1970"),
        Claim("bounded_above", False, "infinite at p_y = 0"),
    ),
    hazards=("infinite where p_y rounds to 0",),
    references=("Good, Rational decisions, JRSS B 1952", *REFERENCES),
    aliases=("ignorance_score",),
)
def log_score(p: Any, y: Any) -> Any:
    """-log p_y."""
    return -array_namespace(p).log(at_label(p, y))


@entry(
    kind="simplex",
    title="Brier (quadratic) score",
    family="scoring rule",
    formula=r"\sum_k (p_k - [k = y])^2",
    claims=(
        STRICT,
        PROPER,
        Claim("local", False, "it sees the other classes"),
        Claim("convex", True, "a squared distance"),
        Claim("bounded_above", True, "at most 2"),
        Claim("distance_sensitive", False, "Stael von Holstein, 1970"),
    ),
    references=("Brier, Verification of forecasts expressed in terms of probability, 1950", *REFERENCES),
    aliases=("quadratic_score",),
)
def brier(p: Any, y: Any) -> Any:
    """The squared distance to the corner."""
    xp = array_namespace(p)
    return xp.sum((p - xp.astype(is_label(p, y), p.dtype)) ** 2, axis=1)


@entry(
    kind="simplex",
    title="Spherical score",
    family="scoring rule",
    formula=r"-\frac{p_y}{\sqrt{\sum_k p_k^2}}",
    claims=(
        STRICT,
        PROPER,
        Claim("convex", False, "derived"),
        Claim("bounded_above", True, "between -1 and 0"),
        Claim("local", False, "it sees the other classes"),
    ),
    references=("Roby, Belief states: a preliminary empirical study, 1964", *REFERENCES),
)
def spherical(p: Any, y: Any) -> Any:
    """-p_y over the length of p."""
    xp = array_namespace(p)
    return -at_label(p, y) / xp.sqrt(xp.sum(p * p, axis=1))


@entry(
    kind="simplex",
    title="Pseudospherical score",
    family="scoring rule",
    formula=r"-\frac{p_y^{\beta - 1}}{(\sum_k p_k^\beta)^{(\beta - 1)/\beta}}",
    parameters={"beta": Parameter(3.0, "(1, inf)", "2 is the spherical score")},
    claims=(STRICT, PROPER, Claim("bounded_above", True, "between -1 and 0")),
    references=("Good, Comment on Buehler, 1971", *REFERENCES),
)
def pseudospherical(p: Any, y: Any, beta: float = 3.0) -> Any:
    """-(p_y over the beta-norm)^(beta - 1)."""
    norm = array_namespace(p).sum(p**beta, axis=1) ** ((beta - 1) / beta)
    return -(at_label(p, y) ** (beta - 1)) / norm


@entry(
    kind="simplex",
    title="Power (Tsallis) score",
    family="scoring rule",
    formula=r"(\alpha - 1)\sum_k p_k^\alpha - \alpha p_y^{\alpha - 1}",
    parameters={"alpha": Parameter(1.5, "(1, inf)", "2 is the Brier score less 1; 1 the logarithmic score")},
    claims=(STRICT, PROPER, Claim("bounded_above", True, "powers of numbers in [0, 1]")),
    references=("Selten, Axiomatic characterization of the quadratic scoring rule, 1998", *REFERENCES),
    aliases=("tsallis_score",),
)
def power_score(p: Any, y: Any, alpha: float = 1.5) -> Any:
    """The Bregman score of sum p^alpha."""
    total = array_namespace(p).sum(p**alpha, axis=1)
    return (alpha - 1) * total - alpha * at_label(p, y) ** (alpha - 1)


@entry(
    kind="simplex",
    title="Ranked probability score",
    family="scoring rule",
    formula=r"\sum_{j<K}\left(\sum_{k\le j} p_k - [y \le j]\right)^2",
    claims=(
        STRICT,
        PROPER,
        Claim("distance_sensitive", True, "Murphy, 1970"),
        Claim("convex", True, "a squared distance of distribution functions"),
        Claim("permutation_equivariant", False, "the classes are ordered"),
    ),
    references=("Epstein, A scoring system for probability forecasts of ranked categories, 1969", *REFERENCES),
    aliases=("rps",),
)
def ranked_probability_score(p: Any, y: Any) -> Any:
    """The squared distance of the distribution functions."""
    xp = array_namespace(p)
    places = xp.arange(p.shape[1])
    steps = xp.where(places[None, :] >= y[:, None], xp.ones_like(p), xp.zeros_like(p))
    return xp.sum((xp.cumulative_sum(p, axis=1) - steps) ** 2, axis=1)
