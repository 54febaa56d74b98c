"""Squares of p - q over p, q or both: the chi-squared f-divergences."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.divergences_f import ASYMMETRIC, COMMON, NO_METRIC, REFERENCES, SYMMETRIC
from losscheck.catalogue.entry import Claim, Parameter, entry


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
