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
    title="Pearson chi-squared divergence",
    family="divergence",
    formula=r"\sum_k\frac{(p_k - q_k)^2}{q_k}",
    claims=(*COMMON, ASYMMETRIC, NO_METRIC, Claim("supremum", float("inf"), "f(t)/t is unbounded")),
    references=("Pearson, On the criterion that a given system of deviations, 1900", *REFERENCES),
    aliases=("chi_squared",),
)
def pearson_chi_squared(p: Any, q: Any) -> Any:
    """Sum (p - q)^2 / q."""
    return array_namespace(p).sum((p - q) ** 2 / q, axis=1)


@entry(
    kind="divergence",
    title="Neyman chi-squared divergence",
    family="divergence",
    formula=r"\sum_k\frac{(p_k - q_k)^2}{p_k}",
    claims=(*COMMON, ASYMMETRIC, NO_METRIC, Claim("supremum", float("inf"), "f(0) is infinite")),
    references=("Neyman, Contribution to the theory of the chi-squared test, 1949", *REFERENCES),
)
def neyman_chi_squared(p: Any, q: Any) -> Any:
    """Sum (p - q)^2 / p."""
    return array_namespace(p).sum((p - q) ** 2 / p, axis=1)


@entry(
    kind="divergence",
    title="Triangular discrimination (Vincze, Le Cam)",
    family="divergence",
    formula=r"\sum_k\frac{(p_k - q_k)^2}{p_k + q_k}",
    claims=(
        *COMMON,
        SYMMETRIC,
        Claim("triangle_inequality", False, "its root is the metric"),
        Claim("supremum", 2.0, "Topsoe, 2000: disjoint supports"),
    ),
    references=("Topsoe, Some inequalities for information divergence, IEEE TIT 2000", *REFERENCES),
    aliases=("le_cam",),
)
def triangular_discrimination(p: Any, q: Any) -> Any:
    """Sum (p - q)^2 / (p + q)."""
    return array_namespace(p).sum((p - q) ** 2 / (p + q), axis=1)


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
    title="Vajda's chi divergence",
    family="divergence",
    formula=r"\sum_k\frac{|p_k - q_k|^m}{q_k^{m-1}}",
    parameters={"m": Parameter(3, "[1, inf)", "1 is twice the total variation, 2 Pearson's chi-squared")},
    claims=(*COMMON, ASYMMETRIC, Claim("supremum", float("inf"), "f(t)/t is unbounded for m > 1")),
    references=("Vajda, On metric divergences of probability measures, Kybernetika 2009",),
)
def vajda_chi(p: Any, q: Any, m: int = 3) -> Any:
    """Sum |p - q|^m / q^(m-1)."""
    xp = array_namespace(p)
    return xp.sum(xp.abs(p - q) ** m / q ** (m - 1), axis=1)


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
