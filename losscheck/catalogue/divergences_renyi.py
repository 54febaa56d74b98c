"""Functions of f-divergences and of overlaps: Renyi, Bhattacharyya, Fisher-Rao, Cauchy-Schwarz, MixCE."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Claim, Parameter, entry

NONNEGATIVE = Claim("nonnegative", True, "the overlap is at most 1")
IDENTITY = Claim("identity_of_indiscernibles", True, "the overlap is 1 only for equal arguments")
PROCESSING = Claim("data_processing", True, "an increasing function of an f-divergence")
SYMMETRIC = Claim("symmetric_arguments", True, "exchanging p and q changes nothing")
INFINITE = Claim("supremum", float("inf"), "disjoint supports")
VAN_ERVEN = "van Erven, Harremoes, 2014"


@entry(
    kind="divergence",
    title="Renyi divergence",
    family="divergence",
    formula=r"\frac{1}{\alpha - 1}\log\sum_k p_k^\alpha q_k^{1-\alpha}",
    parameters={"alpha": Parameter(0.5, "(0, 1) or (1, inf)", "1 is KL, 1/2 twice Bhattacharyya")},
    claims=(
        NONNEGATIVE,
        IDENTITY,
        Claim("data_processing", True, f"{VAN_ERVEN}, Theorem 9"),
        Claim("jointly_convex", True, f"{VAN_ERVEN}, Theorem 11: for alpha in [0, 1]"),
        Claim("symmetric_arguments", True, "only at alpha = 1/2"),
        Claim("triangle_inequality", False, "derived"),
        INFINITE,
    ),
    hazards=("0/0 at alpha = 1",),
    references=("van Erven, Harremoes, Renyi divergence and Kullback-Leibler divergence, IEEE TIT 2014",),
)
def renyi(p: Any, q: Any, alpha: float = 0.5) -> Any:
    """log(sum p^alpha q^(1 - alpha)) / (alpha - 1)."""
    xp = array_namespace(p)
    return xp.log(xp.sum(p**alpha * q ** (1 - alpha), axis=1)) / (alpha - 1)


@entry(
    kind="divergence",
    title="Renyi divergence of order 2",
    family="divergence",
    formula=r"\log\sum_k \frac{p_k^2}{q_k}",
    claims=(
        NONNEGATIVE,
        IDENTITY,
        Claim("data_processing", True, f"{VAN_ERVEN}, Theorem 9"),
        Claim("jointly_convex", False, f"{VAN_ERVEN}, Section III.C: orders above 1 are only jointly quasi-convex"),
        Claim("symmetric_arguments", False, "derived"),
        INFINITE,
    ),
    references=("van Erven, Harremoes, Renyi divergence and Kullback-Leibler divergence, IEEE TIT 2014",),
)
def collision_divergence(p: Any, q: Any) -> Any:
    """Log sum p^2 / q."""
    xp = array_namespace(p)
    return xp.log(xp.sum(p**2 / q, axis=1))


@entry(
    kind="divergence",
    title="Bhattacharyya distance",
    family="divergence",
    formula=r"-\log\sum_k\sqrt{p_k q_k}",
    claims=(
        NONNEGATIVE,
        IDENTITY,
        PROCESSING,
        SYMMETRIC,
        Claim("jointly_convex", True, "derived: the overlap is concave, and -log is convex and falling"),
        Claim("triangle_inequality", False, "Kailath, 1967"),
        INFINITE,
    ),
    references=("Kailath, The divergence and Bhattacharyya distance measures in signal selection, 1967",),
)
def bhattacharyya(p: Any, q: Any) -> Any:
    """-log sum sqrt(p q)."""
    xp = array_namespace(p)
    return -xp.log(xp.sum(xp.sqrt(p * q), axis=1))


@entry(
    kind="divergence",
    title="Cauchy-Schwarz divergence",
    family="divergence",
    formula=r"-\log\frac{(\sum_k p_k q_k)^2}{\sum_k p_k^2 \sum_k q_k^2}",
    claims=(
        Claim("nonnegative", True, "the Cauchy-Schwarz inequality"),
        Claim("identity_of_indiscernibles", True, "equality only for parallel vectors, which on the simplex are equal"),
        SYMMETRIC,
        Claim("data_processing", False, "derived: it does not see the masses of a split class"),
        Claim("triangle_inequality", False, "derived"),
    ),
    hazards=("the three logarithms cancel where p is close to q", "log 0 at disjoint supports"),
    references=("Tran, Pantic, Deisenroth, Cauchy-Schwarz regularized autoencoder, JMLR 2022",),
)
def cauchy_schwarz_divergence(p: Any, q: Any) -> Any:
    """-log of the squared cosine of p and q (S141)."""
    xp = array_namespace(p)
    norms = xp.sum(p * p, axis=1) * xp.sum(q * q, axis=1)
    return -xp.log(xp.sum(p * q, axis=1) ** 2 / norms)


@entry(
    kind="divergence",
    title="Cosine distance",
    family="divergence",
    formula=r"1 - \frac{\sum_k p_k q_k}{\sqrt{\sum_k p_k^2}\sqrt{\sum_k q_k^2}}",
    claims=(
        Claim("nonnegative", True, "the Cauchy-Schwarz inequality"),
        SYMMETRIC,
        Claim("triangle_inequality", False, "half a squared chord of the unit sphere"),
        Claim("data_processing", False, "derived"),
    ),
    references=("Salton, McGill, Introduction to modern information retrieval, 1983",),
)
def cosine_distance(p: Any, q: Any) -> Any:
    """1 - cos(p, q)."""
    xp = array_namespace(p)
    lengths = xp.sqrt(xp.sum(p * p, axis=1) * xp.sum(q * q, axis=1))
    return 1 - xp.sum(p * q, axis=1) / lengths


@entry(
    kind="divergence",
    title="MixCE",
    family="divergence",
    formula=r"-\sum_k (\eta p_k \log q_k + (1 - \eta) q_k \log p_k)",
    parameters={"eta": Parameter(0.5, "[0, 1]", "the weight of the forward cross-entropy")},
    claims=(
        Claim("nonnegative", True, "both cross-entropies are"),
        Claim("identity_of_indiscernibles", False, "at p = q it is the entropy, which is not 0"),
        Claim("jointly_convex", False, "derived: -p log q is not convex in both"),
    ),
    hazards=("log 0",),
    references=("Zhang et al., MixCE: training autoregressive language models by mixing, ACL 2023",),
)
def mixce(p: Any, q: Any, eta: float = 0.5) -> Any:
    """A mixture of forward and reverse cross-entropy (S090)."""
    xp = array_namespace(p)
    return -xp.sum(eta * p * xp.log(q) + (1 - eta) * q * xp.log(p), axis=1)


@entry(
    kind="divergence",
    title="Symmetric cross-entropy as a consistency loss",
    family="divergence",
    formula=r"-\tfrac12\sum_k(p_k\log q_k + q_k\log p_k)",
    claims=(
        SYMMETRIC,
        Claim("identity_of_indiscernibles", False, "at p = q it is the entropy: collapse to a corner is rewarded"),
        Claim("nonnegative", True, "both cross-entropies are"),
    ),
    references=("Doebler, Marsden, Yang, Robust mean teacher for continual test-time adaptation, CVPR 2023",),
)
def symmetric_consistency(p: Any, q: Any) -> Any:
    """Half the sum of both cross-entropies (S088)."""
    xp = array_namespace(p)
    return -0.5 * xp.sum(p * xp.log(q) + q * xp.log(p), axis=1)
