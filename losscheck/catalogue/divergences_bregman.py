"""Bregman divergences on the simplex: what proper scoring rules lose by a wrong report."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import xlogy
from losscheck.catalogue.entry import Claim, entry

NONNEGATIVE = Claim("nonnegative", True, "Bregman, 1967")
IDENTITY = Claim("identity_of_indiscernibles", True, "the generator is strictly convex")
ASYMMETRIC = Claim("symmetric_arguments", False, "derived")
PROCESSING = Claim("data_processing", False, "Jiao et al., 2014: beyond two classes only KL")
REFERENCES = ("Banerjee, Merugu, Dhillon, Ghosh, Clustering with Bregman divergences, JMLR 2005",)


@entry(
    kind="divergence",
    title="Itakura-Saito divergence",
    family="divergence",
    formula=r"\sum_k \frac{p_k}{q_k} - \log\frac{p_k}{q_k} - 1",
    claims=(
        NONNEGATIVE,
        IDENTITY,
        ASYMMETRIC,
        PROCESSING,
        Claim("jointly_convex", False, "derived: p/q is not jointly convex"),
        Claim("supremum", float("inf"), "p/q is unbounded"),
    ),
    references=REFERENCES,
)
def itakura_saito(p: Any, q: Any) -> Any:
    """The Bregman divergence of -sum log."""
    xp = array_namespace(p)
    ratio = p / q
    return xp.sum(ratio - xp.log(ratio) - 1, axis=1)


@entry(
    kind="divergence",
    title="Cubic Bregman divergence",
    family="divergence",
    formula=r"\sum_k p_k^3 - q_k^3 - 3 q_k^2 (p_k - q_k)",
    claims=(NONNEGATIVE, IDENTITY, ASYMMETRIC, PROCESSING, Claim("jointly_convex", False, "derived")),
    references=REFERENCES,
)
def cubic_bregman(p: Any, q: Any) -> Any:
    """The Bregman divergence of the sum of cubes: what the power score of order 3 loses."""
    return array_namespace(p).sum(p**3 - q**3 - 3 * q**2 * (p - q), axis=1)


@entry(
    kind="divergence",
    title="Spherical divergence",
    family="divergence",
    formula=r"\|p\| - \frac{\sum_k p_k q_k}{\|q\|}",
    claims=(
        Claim("nonnegative", True, "the Cauchy-Schwarz inequality"),
        ASYMMETRIC,
        Claim("data_processing", False, "derived"),
    ),
    references=("Good, Comment on Buehler, 1971",),
)
def spherical_divergence(p: Any, q: Any) -> Any:
    """What the spherical score loses by reporting q when p is true."""
    xp = array_namespace(p)
    inner = xp.sum(p * q, axis=1) / xp.sqrt(xp.sum(q * q, axis=1))
    return xp.sqrt(xp.sum(p * p, axis=1)) - inner


@entry(
    kind="divergence",
    title="Logistic (two-sided) Bregman divergence",
    family="divergence",
    formula=r"\sum_k p_k\log\frac{p_k}{q_k} + (1-p_k)\log\frac{1-p_k}{1-q_k}",
    claims=(
        NONNEGATIVE,
        IDENTITY,
        ASYMMETRIC,
        Claim("jointly_convex", True, "a sum of Kullback-Leibler divergences"),
        Claim("triangle_inequality", False, "derived"),
        Claim("supremum", float("inf"), "a ratio may vanish"),
    ),
    references=("Yang et al., Multi-level logit distillation, CVPR 2023 (its one-against-rest form)",),
)
def one_vs_rest_kl(p: Any, q: Any) -> Any:
    """The sum of binary Kullback-Leibler divergences, class by class, as in binary distillation (S083, S084)."""
    xp = array_namespace(p)
    return xp.sum(p * xp.log(p / q) + xlogy(1 - p, (1 - p) / (1 - q)), axis=1)
