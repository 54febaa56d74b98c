"""Norms of p - q, distances of ordered classes, and the geometries of Aitchison and Hilbert."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Claim, Parameter, entry

SYMMETRIC = Claim("symmetric_arguments", True, "exchanging p and q changes nothing")
NONNEGATIVE = Claim("nonnegative", True, "a norm, or a power of one")
CONVEX = Claim("jointly_convex", True, "a convex function of p - q")
TRIANGLE = Claim("triangle_inequality", True, "a norm of p - q")
NOT_TRIANGLE = Claim("triangle_inequality", False, "a squared distance")
IDENTITY = Claim("identity_of_indiscernibles", True, "a norm vanishes at 0 only")
NO_PROCESSING = "Csiszar, 1991: splitting and merging classes changes it"


@entry(
    kind="divergence",
    title="Squared Euclidean distance",
    family="divergence",
    formula=r"\sum_k (p_k - q_k)^2",
    claims=(
        NONNEGATIVE,
        IDENTITY,
        SYMMETRIC,
        CONVEX,
        NOT_TRIANGLE,
        Claim("data_processing", False, NO_PROCESSING),
        Claim("supremum", 2.0, "two different corners"),
    ),
    references=("Brier, Verification of forecasts expressed in terms of probability, 1950",),
)
def squared_euclidean(p: Any, q: Any) -> Any:
    """The divergence of the Brier score, and half the loss of SCORE (S073)."""
    return array_namespace(p).sum((p - q) ** 2, axis=1)


@entry(
    kind="divergence",
    title="Euclidean distance",
    family="divergence",
    formula=r"\sqrt{\sum_k (p_k - q_k)^2}",
    claims=(SYMMETRIC, CONVEX, TRIANGLE, Claim("data_processing", False, NO_PROCESSING)),
    hazards=("the gradient of sqrt(sum (p - q)^2) is nan at p = q; that of a library's norm is 0",),
    references=("Deza, Deza, Encyclopedia of distances, 2009",),
)
def euclidean(p: Any, q: Any) -> Any:
    """The length of p - q."""
    xp = array_namespace(p)
    return xp.linalg.vector_norm(p - q, axis=1)


@entry(
    kind="divergence",
    title="Chebyshev distance",
    family="divergence",
    formula=r"\max_k |p_k - q_k|",
    claims=(
        NONNEGATIVE,
        SYMMETRIC,
        CONVEX,
        TRIANGLE,
        Claim("data_processing", True, "derived: for 3 classes it is the total variation; false from 4 on"),
        Claim("supremum", 1.0, "two different corners"),
    ),
    references=("Deza, Deza, Encyclopedia of distances, 2009",),
)
def chebyshev(p: Any, q: Any) -> Any:
    """The largest difference."""
    xp = array_namespace(p)
    return xp.max(xp.abs(p - q), axis=1)


@entry(
    kind="divergence",
    title="Wasserstein distance over bins",
    family="divergence",
    formula=r"\sum_{j<K}\left|\sum_{k\le j}(p_k - q_k)\right|",
    claims=(
        NONNEGATIVE,
        IDENTITY,
        SYMMETRIC,
        CONVEX,
        TRIANGLE,
        Claim("data_processing", False, "derived: permuting the classes changes it"),
        Claim("supremum", 2.0, "the first against the last of 3 classes: K - 1"),
    ),
    references=("Zhang, Yang, Wasserstein loss over bins; Vallender, 1974, for the distribution functions",),
)
def wasserstein_bins(p: Any, q: Any) -> Any:
    """The earth mover's distance of ordered classes with unit steps, from distribution functions (S093)."""
    xp = array_namespace(p)
    return xp.sum(xp.abs(xp.cumulative_sum(p - q, axis=1)), axis=1)


@entry(
    kind="divergence",
    title="Cramer distance over bins",
    family="divergence",
    formula=r"\sum_{j<K}\left(\sum_{k\le j}(p_k - q_k)\right)^2",
    claims=(
        NONNEGATIVE,
        IDENTITY,
        SYMMETRIC,
        CONVEX,
        NOT_TRIANGLE,
        Claim("data_processing", False, "derived: permuting the classes changes it"),
        Claim("supremum", 2.0, "the first against the last of 3 classes: K - 1"),
    ),
    references=("Bellemare et al., The Cramer distance as a solution to biased Wasserstein gradients, 2017",),
    aliases=("squared_emd",),
)
def cramer(p: Any, q: Any) -> Any:
    """The squared distance of the distribution functions: the divergence of the ranked probability score."""
    xp = array_namespace(p)
    return xp.sum(xp.cumulative_sum(p - q, axis=1) ** 2, axis=1)


@entry(
    kind="divergence",
    title="Squared Aitchison distance",
    family="divergence",
    formula=r"\sum_k\left(\log\frac{p_k}{q_k} - \frac1K\sum_j\log\frac{p_j}{q_j}\right)^2",
    claims=(
        NONNEGATIVE,
        IDENTITY,
        SYMMETRIC,
        NOT_TRIANGLE,
        Claim("jointly_convex", False, "derived"),
        Claim("data_processing", False, "Erb, Ay, 2021: only the Hilbert metric contracts"),
        Claim("supremum", float("inf"), "a ratio may vanish"),
    ),
    references=("Aitchison, The statistical analysis of compositional data, 1986",),
)
def squared_aitchison(p: Any, q: Any) -> Any:
    """The squared Euclidean distance of the centred log-ratios."""
    xp = array_namespace(p)
    ratio = xp.log(p / q)
    return xp.sum((ratio - xp.mean(ratio, axis=1, keepdims=True)) ** 2, axis=1)


@entry(
    kind="divergence",
    title="Hilbert projective metric",
    family="divergence",
    formula=r"\log\max_k\frac{p_k}{q_k} - \log\min_k\frac{p_k}{q_k}",
    claims=(
        Claim("nonnegative", True, "a maximum is no less than a minimum"),
        SYMMETRIC,
        Claim("triangle_inequality", True, "Birkhoff, 1957"),
        Claim("data_processing", True, "Birkhoff, 1957: positive maps contract"),
        Claim("jointly_convex", False, "derived"),
        Claim("supremum", float("inf"), "a ratio may vanish"),
    ),
    references=("Birkhoff, Extensions of Jentzsch's theorem, 1957",),
)
def hilbert(p: Any, q: Any) -> Any:
    """The spread of the log-ratios."""
    xp = array_namespace(p)
    ratio = xp.log(p / q)
    return xp.max(ratio, axis=1) - xp.min(ratio, axis=1)


@entry(
    kind="divergence",
    title="Max-divergence (Renyi, infinite order)",
    family="divergence",
    formula=r"\log\max_k\frac{p_k}{q_k}",
    claims=(
        Claim("nonnegative", True, "some ratio is at least 1"),
        Claim("symmetric_arguments", False, "derived"),
        Claim("triangle_inequality", True, "derived: the largest ratio of a chain is at most the product"),
        Claim("data_processing", True, "van Erven, Harremoes, 2014, Theorem 9"),
        Claim("supremum", float("inf"), "a ratio may be as large as one likes"),
    ),
    references=("Dwork, Roth, The algorithmic foundations of differential privacy, 2014",),
)
def max_divergence(p: Any, q: Any) -> Any:
    """The logarithm of the largest ratio."""
    xp = array_namespace(p)
    return xp.max(xp.log(p / q), axis=1)


@entry(
    kind="divergence",
    title="Canberra distance",
    family="divergence",
    formula=r"\sum_k\frac{|p_k - q_k|}{p_k + q_k}",
    claims=(
        NONNEGATIVE,
        SYMMETRIC,
        Claim("triangle_inequality", True, "Lance, Williams, 1966: each |x - y| / (x + y) is a metric"),
        Claim("jointly_convex", False, "derived"),
        Claim("data_processing", False, "derived: splitting a class counts it twice"),
        Claim("supremum", 3.0, "K at disjoint supports, not attained inside"),
    ),
    references=("Lance, Williams, Computer programs for hierarchical polythetic classification, 1966",),
)
def canberra(p: Any, q: Any) -> Any:
    """Sum |p - q| / (p + q)."""
    xp = array_namespace(p)
    return xp.sum(xp.abs(p - q) / (p + q), axis=1)


@entry(
    kind="divergence",
    title="Density power divergence",
    family="divergence",
    formula=r"\sum_k q_k^{1+b} - \left(1 + \tfrac1b\right)p_k q_k^b + \tfrac1b p_k^{1+b}",
    parameters={"b": Parameter(1.0, "(0, inf)", "0 is KL, 1 the squared distance")},
    claims=(
        NONNEGATIVE,
        Claim("identity_of_indiscernibles", True, "a Bregman divergence of a strictly convex function"),
        Claim("symmetric_arguments", True, "only at b = 1"),
        Claim("data_processing", False, NO_PROCESSING),
    ),
    references=("Basu, Harris, Hjort, Jones, Robust and efficient estimation, Biometrika 1998",),
    aliases=("beta_divergence",),
)
def density_power(p: Any, q: Any, b: float = 1.0) -> Any:
    """The Bregman divergence of the power b + 1, between KL and the squared distance."""
    return array_namespace(p).sum(q ** (1 + b) - (1 + 1 / b) * p * q**b + p ** (1 + b) / b, axis=1)
