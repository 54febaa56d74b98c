"""Kullback-Leibler divergence, its sums and its skewed forms: f-divergences with a logarithm."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.divergences_f import ASYMMETRIC, COMMON, NO_METRIC, REFERENCES, SYMMETRIC
from losscheck.catalogue.entry import Claim, Parameter, entry


@entry(
    kind="divergence",
    title="Kullback-Leibler divergence",
    family="divergence",
    formula=r"\sum_k p_k \log\frac{p_k}{q_k}",
    claims=(*COMMON, ASYMMETRIC, NO_METRIC, Claim("supremum", float("inf"), "f(t)/t is unbounded")),
    hazards=("p log p is nan at p = 0 in the naive form", "the sum cancels where p is close to q"),
    references=("Kullback, Leibler, On information and sufficiency, 1951", *REFERENCES),
    aliases=("kl_divergence",),
)
def kl(p: Any, q: Any) -> Any:
    """Sum p log(p / q)."""
    xp = array_namespace(p)
    return xp.sum(p * xp.log(p / q), axis=1)


@entry(
    kind="divergence",
    title="Reverse Kullback-Leibler divergence",
    family="divergence",
    formula=r"\sum_k q_k \log\frac{q_k}{p_k}",
    claims=(*COMMON, ASYMMETRIC, NO_METRIC, Claim("supremum", float("inf"), "f(0) is infinite")),
    references=REFERENCES,
)
def reverse_kl(p: Any, q: Any) -> Any:
    """Sum q log(q / p): mode-seeking where the other covers."""
    xp = array_namespace(p)
    return xp.sum(q * xp.log(q / p), axis=1)


@entry(
    kind="divergence",
    title="Jeffreys divergence",
    family="divergence",
    formula=r"\sum_k (p_k - q_k)\log\frac{p_k}{q_k}",
    claims=(*COMMON, SYMMETRIC, NO_METRIC, Claim("supremum", float("inf"), "f(0) is infinite")),
    references=("Jeffreys, An invariant form for the prior probability in estimation problems, 1946", *REFERENCES),
)
def jeffreys(p: Any, q: Any) -> Any:
    """KL(p, q) + KL(q, p)."""
    xp = array_namespace(p)
    return xp.sum((p - q) * xp.log(p / q), axis=1)


@entry(
    kind="divergence",
    title="Jensen-Shannon divergence",
    family="divergence",
    formula=r"\tfrac12 KL(p, m) + \tfrac12 KL(q, m), \quad m = \tfrac12(p + q)",
    claims=(
        *COMMON,
        SYMMETRIC,
        Claim("triangle_inequality", False, "Endres, Schindelin, 2003: its root is the metric"),
        Claim("supremum", 0.6931471805599453, "Lin, 1991: log 2 at disjoint supports"),
    ),
    references=("Lin, Divergence measures based on the Shannon entropy, IEEE TIT 1991", *REFERENCES),
)
def jensen_shannon(p: Any, q: Any) -> Any:
    """The mean divergence from the middle."""
    xp = array_namespace(p)
    m = 0.5 * (p + q)
    return 0.5 * xp.sum(p * xp.log(p / m) + q * xp.log(q / m), axis=1)


@entry(
    kind="divergence",
    title="Jensen-Shannon distance",
    family="divergence",
    formula=r"\sqrt{JS(p, q)}",
    claims=(
        SYMMETRIC,
        Claim("triangle_inequality", True, "Endres, Schindelin, 2003"),
        Claim("data_processing", True, "an increasing function of an f-divergence"),
        Claim(
            "jointly_convex", False, "derived: a root of what is quadratic near p = q in K >= 2 is a norm there only"
        ),
        Claim("supremum", 0.6931471805599453**0.5, "Endres, Schindelin, 2003"),
    ),
    hazards=("the sum cancels to a negative number where p is close to q, and its root is nan",),
    references=("Endres, Schindelin, A new metric for probability distributions, IEEE TIT 2003",),
)
def jensen_shannon_distance(p: Any, q: Any) -> Any:
    """The root of the Jensen-Shannon divergence, of 0 where the sum rounds below it."""
    xp = array_namespace(p)
    m = 0.5 * (p + q)
    divergence = 0.5 * xp.sum(p * xp.log(p / m) + q * xp.log(q / m), axis=1)
    return xp.sqrt(xp.maximum(divergence, 0 * divergence))


@entry(
    kind="divergence",
    title="Skewed Kullback-Leibler divergence",
    family="divergence",
    formula=r"KL(p,\ a p + (1-a) q)",
    parameters={"a": Parameter(0.1, "[0, 1)", "how much of p is mixed into q")},
    claims=(*COMMON, ASYMMETRIC, Claim("supremum", 2.302585092994046, "Lee, 2001: -log a at disjoint supports")),
    references=("Lee, On the effectiveness of the skew divergence, AISTATS 2001", *REFERENCES),
)
def skew_kl(p: Any, q: Any, a: float = 0.1) -> Any:
    """KL(p, a p + (1 - a) q): finite even where q has a zero that p has not."""
    xp = array_namespace(p)
    return xp.sum(p * xp.log(p / (a * p + (1 - a) * q)), axis=1)


@entry(
    kind="divergence",
    title="Generalised Jensen-Shannon divergence",
    family="divergence",
    formula=r"w\,KL(p, m) + (1-w)\,KL(q, m), \quad m = w p + (1-w) q",
    parameters={"w": Parameter(0.25, "(0, 1)", "the weight of the first distribution")},
    claims=(
        *COMMON,
        ASYMMETRIC,
        Claim("supremum", 0.5623351446188083, "Lin, 1991: the entropy of (w, 1-w)"),
    ),
    references=("Englesson, Azizpour, Generalized Jensen-Shannon divergence loss for noisy labels, NeurIPS 2021",),
)
def weighted_jensen_shannon(p: Any, q: Any, w: float = 0.25) -> Any:
    """The Jensen-Shannon divergence with weights w and 1 - w."""
    xp = array_namespace(p)
    m = w * p + (1 - w) * q
    return xp.sum(w * p * xp.log(p / m) + (1 - w) * q * xp.log(q / m), axis=1)
