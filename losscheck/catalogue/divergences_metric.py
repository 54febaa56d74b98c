"""Norms of p - q, and distances of ordered classes."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Claim, entry

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
