"""Distances of ratios: the geometries of Aitchison and Hilbert, and relatives of them."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.divergences_metric import IDENTITY, NO_PROCESSING, NONNEGATIVE, NOT_TRIANGLE, SYMMETRIC
from losscheck.catalogue.entry import Claim, Parameter, entry


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
