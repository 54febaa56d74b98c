r"""f-divergences: :math:`D_f(p, q) = \sum_k q_k f(p_k / q_k)` with f convex and f(1) = 0.

All are nonnegative, convex in both arguments together and never raised by a channel (Csiszar, 1967). Only the total
variation, and roots of some others, are metrics.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Claim, Parameter, entry

CSISZAR = "Csiszar, 1967"
COMMON = (
    Claim("nonnegative", True, CSISZAR),
    Claim("jointly_convex", True, CSISZAR),
    Claim("data_processing", True, CSISZAR),
    Claim("identity_of_indiscernibles", True, "f is strictly convex at 1"),
)
SYMMETRIC = Claim("symmetric_arguments", True, "exchanging p and q changes nothing")
ASYMMETRIC = Claim("symmetric_arguments", False, "the arguments play different parts")
NO_METRIC = Claim("triangle_inequality", False, "Kafka, Osterreicher, Vincze, 1991")
REFERENCES = (
    "Csiszar, Information-type measures of difference of probability distributions, 1967",
    "Liese, Vajda, On divergences and informations in statistics and information theory, IEEE TIT 2006",
)


@entry(
    kind="divergence",
    title="Squared Hellinger distance",
    family="divergence",
    formula=r"\tfrac12\sum_k(\sqrt{p_k} - \sqrt{q_k})^2",
    claims=(
        *COMMON,
        SYMMETRIC,
        Claim("triangle_inequality", False, "a squared metric"),
        Claim("supremum", 1.0, "disjoint supports"),
    ),
    references=("Hellinger, Neue Begruendung der Theorie quadratischer Formen, 1909", *REFERENCES),
)
def squared_hellinger(p: Any, q: Any) -> Any:
    """Half the squared distance of the roots."""
    xp = array_namespace(p)
    return 0.5 * xp.sum((xp.sqrt(p) - xp.sqrt(q)) ** 2, axis=1)


@entry(
    kind="divergence",
    title="Hellinger distance",
    family="divergence",
    formula=r"\sqrt{\tfrac12\sum_k(\sqrt{p_k} - \sqrt{q_k})^2}",
    claims=(
        SYMMETRIC,
        Claim("triangle_inequality", True, "a Euclidean distance of the roots"),
        Claim("data_processing", True, "an increasing function of an f-divergence"),
        Claim("supremum", 1.0, "disjoint supports"),
    ),
    hazards=("the gradient of sqrt(sum ...) is nan where all roots round alike; that of a library's norm is 0",),
    references=REFERENCES,
)
def hellinger(p: Any, q: Any) -> Any:
    """The root of the squared Hellinger distance."""
    xp = array_namespace(p)
    return xp.linalg.vector_norm(xp.sqrt(p) - xp.sqrt(q), axis=1) / 2**0.5


@entry(
    kind="divergence",
    title="Total variation",
    family="divergence",
    formula=r"\tfrac12\sum_k|p_k - q_k|",
    claims=(
        Claim("nonnegative", True, CSISZAR),
        Claim("jointly_convex", True, CSISZAR),
        Claim("data_processing", True, CSISZAR),
        SYMMETRIC,
        Claim("triangle_inequality", True, "a norm of p - q"),
        Claim("supremum", 1.0, "disjoint supports"),
    ),
    references=REFERENCES,
)
def total_variation(p: Any, q: Any) -> Any:
    """Half the L1 distance: the one f-divergence that is a metric (Khosravifard, Fooladivanda, Gulliver, 2007)."""
    xp = array_namespace(p)
    return 0.5 * xp.sum(xp.abs(p - q), axis=1)


@entry(
    kind="divergence",
    title="Alpha divergence (Amari, Cressie, Read)",
    family="divergence",
    formula=r"\frac{1}{\alpha(\alpha - 1)}\left(\sum_k p_k^\alpha q_k^{1-\alpha} - 1\right)",
    parameters={"alpha": Parameter(0.5, "(-inf, inf) without 0 and 1", "1 is KL, 0 its reverse, 1/2 Hellinger")},
    claims=(
        *COMMON,
        Claim("symmetric_arguments", True, "only at alpha = 1/2"),
        Claim("supremum", 4.0, "for 0 < alpha < 1 it is 1 / (alpha (1 - alpha))"),
    ),
    hazards=("0/0 at alpha = 0 and 1, and cancellation near them",),
    references=("Cressie, Read, Multinomial goodness-of-fit tests, JRSS B 1984", *REFERENCES),
)
def alpha_divergence(p: Any, q: Any, alpha: float = 0.5) -> Any:
    """(sum p^alpha q^(1 - alpha) - 1) / (alpha (alpha - 1))."""
    return (array_namespace(p).sum(p**alpha * q ** (1 - alpha), axis=1) - 1) / (alpha * (alpha - 1))


@entry(
    kind="divergence",
    title="Tsallis relative entropy",
    family="divergence",
    formula=r"\frac{1}{a - 1}\left(\sum_k p_k^a q_k^{1-a} - 1\right)",
    parameters={"a": Parameter(2.0, "(0, 1) or (1, inf)", "1 is KL")},
    claims=(*COMMON, ASYMMETRIC, Claim("supremum", float("inf"), "for a >= 1")),
    references=("Tsallis, Generalized entropy-based criterion for consistent testing, PRE 1998", *REFERENCES),
)
def tsallis_relative_entropy(p: Any, q: Any, a: float = 2.0) -> Any:
    """(sum p^a q^(1-a) - 1) / (a - 1); a = 2 is the chi-squared divergence."""
    return (array_namespace(p).sum(p**a * q ** (1 - a), axis=1) - 1) / (a - 1)


@entry(
    kind="divergence",
    title="Squared perimeter (Puri, Vincze) divergence",
    family="divergence",
    formula=r"\sum_k \sqrt{p_k^2 + q_k^2} - \sqrt2",
    claims=(
        *COMMON,
        SYMMETRIC,
        NO_METRIC,
        Claim("supremum", 2 - 2**0.5, "disjoint supports"),
    ),
    references=("Osterreicher, Vajda, A new class of metric divergences on probability spaces, 2003",),
    aliases=("perimeter_divergence",),
)
def osterreicher_perimeter(p: Any, q: Any) -> Any:
    """Sum sqrt(p^2 + q^2) - sqrt 2: the perimeter of the risk set against that of equal laws."""
    xp = array_namespace(p)
    return xp.sum(xp.sqrt(p**2 + q**2) - xp.sqrt(0.5 * (p + q) ** 2), axis=1)
