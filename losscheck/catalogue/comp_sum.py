"""Comp-sum losses, Phi(sum_{k != y} exp(z_k - z_y)): sum-exponential, generalised cross-entropy, mean absolute error.

All are functions of p_y = softmax(z)_y alone: the sum is 1 / p_y - 1.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, log_softmax, margins, softmax, sum_others
from losscheck.catalogue.entry import Claim, Parameter, entry
from losscheck.catalogue.shared_claims import NOT_CONVEX, OF_SOFTMAX

MAO = "Mao, Mohri, Zhong, 2023"
REFERENCES = ("Mao, Mohri, Zhong, Cross-entropy loss functions: theoretical analysis and applications, ICML 2023",)


@entry(
    kind="logits",
    title="Sum-exponential loss (tau = 0)",
    family="comp-sum",
    formula=r"\sum_{k \ne y} e^{z_k - z_y}",
    claims=(
        Claim("convex", True, "a sum of exponentials of linear functions"),
        Claim("classification_calibrated", True, f"{MAO}, Theorem 3.1"),
        Claim("recovers_probability[link=softmax]", False, "derived: its minimiser is proportional to sqrt(p)"),
        Claim("bounded_above", False, "a sum of exponentials"),
        Claim("symmetric", False, MAO),
    ),
    hazards=("infinite in float32 for score gaps above 88.7",),
    references=REFERENCES,
)
def sum_exponential(z: Any, y: Any) -> Any:
    """sum_{k != y} exp(z_k - z_y)."""
    return sum_others(array_namespace(z).exp(-margins(z, y)), y)


@entry(
    kind="logits",
    title="Comp-sum loss between the sum-exponential and the logistic loss",
    family="comp-sum",
    formula=r"\frac{p_y^{\tau - 1} - 1}{1 - \tau}",
    parameters={"tau": Parameter(0.5, "[0, inf) without 1", "0 sum-exponential, 1 logistic, 2 mean absolute error")},
    claims=(
        Claim("classification_calibrated", True, f"{MAO}, Theorem 3.1"),
        Claim("recovers_probability[link=softmax]", False, "derived: strictly proper only at tau = 1"),
        OF_SOFTMAX,
        Claim("symmetric", False, f"{MAO}: only tau = 2 is"),
    ),
    hazards=("1 / (1 - tau) cancels near tau = 1; expm1 keeps the digits", "exp(-log p_y / 2) overflows below tau = 1"),
    references=REFERENCES,
)
def comp_sum(z: Any, y: Any, tau: Any = 0.5) -> Any:
    """(p_y^(tau - 1) - 1) / (1 - tau)."""
    return array_namespace(z).expm1((tau - 1) * at_label(log_softmax(z), y)) / (1 - tau)


@entry(
    kind="logits",
    title="Generalised cross-entropy",
    family="comp-sum",
    formula=r"\frac{1 - p_y^q}{q}",
    parameters={"q": Parameter(0.7, "(0, 1]", "0 is cross-entropy, 1 mean absolute error")},
    claims=(
        Claim("classification_calibrated", True, f"{MAO}, Theorem 3.1 with tau = 1 + q"),
        Claim("recovers_probability[link=softmax]", False, "derived: at eta = .8 the minimiser is .990"),
        Claim("bounded_above", True, "Zhang, Sabuncu, 2018: below 1 / q"),
        Claim("convex", False, "derived: bounded and not constant"),
        Claim("symmetric", False, "Zhang, Sabuncu, 2018: only bounds of the sum hold"),
        Claim(
            "class_sum_bounds",
            [(3 - 3**0.3) / 0.7, 2 / 0.7],
            "Zhang, Sabuncu, 2018, Theorem 1: (K - K^(1-q)) / q to (K - 1) / q, here with K = 3",
        ),
    ),
    references=("Zhang, Sabuncu, Generalized cross entropy loss for noisy labels, NeurIPS 2018", *REFERENCES),
)
def gce(z: Any, y: Any, q: Any = 0.7) -> Any:
    """(1 - p_y^q) / q."""
    return -array_namespace(z).expm1(q * at_label(log_softmax(z), y)) / q


@entry(
    kind="logits",
    title="Mean absolute error of softmax",
    family="comp-sum",
    formula=r"1 - p_y",
    claims=(
        Claim("symmetric", True, "Ghosh, Kumar, Sastry, 2017"),
        Claim("symmetric_constant", 2.0, "Ghosh, Kumar, Sastry, 2017: K - 1, here with K = 3"),
        Claim("noise_tolerant[model=uniform]", True, "Ghosh, Kumar, Sastry, 2017, Theorem 1"),
        Claim("classification_calibrated", True, f"{MAO}, Theorem 3.1 with tau = 2"),
        Claim("recovers_probability[link=softmax]", False, "the minimiser is a corner"),
        NOT_CONVEX,
    ),
    references=("Ghosh, Kumar, Sastry, Robust loss functions under label noise for deep networks, AAAI 2017",),
    aliases=("mae_softmax",),
)
def mean_absolute_softmax(z: Any, y: Any) -> Any:
    """1 - softmax(z)_y, summed over the other classes."""
    return sum_others(softmax(z), y)


@entry(
    kind="logits",
    title="Taylor cross-entropy",
    family="comp-sum",
    formula=r"\sum_{i=1}^{2} \frac{(1 - p_y)^i}{i}",
    claims=(
        Claim("bounded_above", True, "Feng et al., 2020"),
        Claim("convex", False, "derived: bounded and not constant"),
        Claim("symmetric", False, "Feng et al., 2020: only the first order is"),
        Claim("nonnegative", True, "a sum of powers of 1 - p_y"),
    ),
    references=("Feng et al., Can cross entropy loss be robust to label noise?, IJCAI 2020",),
)
def taylor_cross_entropy(z: Any, y: Any) -> Any:
    """The first two terms of the series of -log p_y in 1 - p_y."""
    rest = sum_others(softmax(z), y)
    return rest + 0.5 * rest**2


@entry(
    kind="logits",
    title="Squared error of softmax (multiclass Brier score)",
    family="softmax",
    formula=r"\sum_k (p_k - 1[k = y])^2",
    claims=(
        Claim("recovers_probability[link=softmax]", True, "Brier, 1950: strictly proper"),
        Claim("classification_calibrated", True, "Williamson, Vernet, Reid, 2016: strictly proper"),
        Claim("convex", False, "derived: bounded and not constant"),
        Claim("bounded_above", True, "it is below 2"),
        OF_SOFTMAX,
    ),
    references=("Brier, Verification of forecasts expressed in terms of probability, 1950",),
    aliases=("brier_softmax",),
)
def squared_softmax(z: Any, y: Any) -> Any:
    """|softmax(z) - e_y|^2."""
    p = softmax(z)
    rest = sum_others(p, y)
    return rest**2 + sum_others(p**2, y)


@entry(
    kind="logits",
    title="Spherical score of softmax",
    family="softmax",
    formula=r"1 - \frac{p_y}{\lVert p \rVert_2}",
    claims=(
        Claim("recovers_probability[link=softmax]", True, "Roby, 1965; Gneiting, Raftery, 2007: strictly proper"),
        Claim("classification_calibrated", True, "Williamson, Vernet, Reid, 2016: strictly proper"),
        Claim("bounded_above", True, "it is at most 1"),
        OF_SOFTMAX,
    ),
    references=("Gneiting, Raftery, Strictly proper scoring rules, prediction, and estimation, JASA 2007",),
)
def spherical_score_logits(z: Any, y: Any) -> Any:
    """1 - softmax(z)_y / |softmax(z)|."""
    xp = array_namespace(z)
    p = softmax(z)
    return 1 - at_label(p, y) / xp.sqrt(xp.sum(p**2, axis=1))
