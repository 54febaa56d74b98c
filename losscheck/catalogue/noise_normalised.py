"""Normalised and reverse losses for noisy labels, and sums of an active and a passive one."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, log_softmax, softmax, sum_others
from losscheck.catalogue.entry import Claim, Parameter, Study, entry
from losscheck.catalogue.shared_claims import NOT_CONVEX, OF_SOFTMAX

MA = "Ma et al., 2020"
GHOSH = "Ghosh, Kumar, Sastry, 2017, Theorem 1"
REFERENCES = ("Ma et al., Normalized loss functions for deep learning with noisy labels, ICML 2020",)
SYMMETRIC = (
    Claim("symmetric", True, f"{MA}, Lemma 1: normalised losses add up to 1"),
    Claim("symmetric_constant", 1.0, f"{MA}, Lemma 1"),
    Claim("noise_tolerant[model=uniform]", True, GHOSH),
    Claim("bounded_above", True, f"{MA}: a normalised loss is at most 1"),
    Claim("nonnegative", True, f"{MA}: a normalised loss is at least 0"),
)


@entry(
    kind="logits",
    title="Normalised cross-entropy",
    family="label noise",
    formula=r"\frac{\log p_y}{\sum_k \log p_k}",
    claims=SYMMETRIC,
    hazards=("the gradient vanishes as the sum in the denominator grows: underfitting",),
    references=REFERENCES,
)
def normalised_cross_entropy(z: Any, y: Any) -> Any:
    """Log p_y over the sum of log p_k."""
    logs = log_softmax(z)
    return at_label(logs, y) / array_namespace(z).sum(logs, axis=1)


@entry(
    kind="logits",
    title="Normalised focal loss",
    family="label noise",
    formula=r"\frac{(1 - p_y)^\gamma \log p_y}{\sum_k (1 - p_k)^\gamma \log p_k}",
    parameters={"gamma": Parameter(2, "[0, inf)", "the power of the focal loss")},
    claims=SYMMETRIC,
    hazards=("0/0 once all per-class losses underflow",),
    references=REFERENCES,
    aliases=("nfl",),
)
def normalised_focal(z: Any, y: Any, gamma: Any = 2) -> Any:
    """The focal loss over the sum of the focal losses of all labels."""
    terms = (1 - softmax(z)) ** gamma * log_softmax(z)
    return at_label(terms, y) / array_namespace(z).sum(terms, axis=1)


@entry(
    kind="logits",
    title="Normalised mean absolute error (and normalised reverse cross-entropy)",
    family="label noise",
    formula=r"\frac{1 - p_y}{K - 1}",
    claims=SYMMETRIC,
    studies=(
        Study(
            "Normalised MAE and normalised reverse cross-entropy are the same function, for every A < 0",
            f"{MA}, equations 7 and 9; derived",
            "tests/catalogue/test_identities.py",
        ),
    ),
    references=REFERENCES,
    aliases=("nmae", "nrce"),
)
def normalised_absolute(z: Any, y: Any) -> Any:
    """(1 - p_y) / (K - 1)."""
    return sum_others(softmax(z), y) / (z.shape[1] - 1)


@entry(
    kind="logits",
    title="Normalised reverse cross-entropy as published",
    family="label noise",
    formula=r"\frac{K - 1}{4} \sum_k \max(p_k, 10^{-7}) \cdot (-\log \max(1[k = y], 10^{-4}))",
    claims=(
        Claim(
            "symmetric",
            True,
            f"{MA}, Lemma 1 (their code)",
            disputed="the clamp of p at 1e-7 moves the sum over the labels once a probability is below it",
        ),
        Claim("bounded_above", True, "derived"),
        OF_SOFTMAX,
    ),
    hazards=(
        "the factor is (K - 1) / 4, not 1 / (4 (K - 1)), and A is log 1e-4, not -4: the losses of all labels add up "
        "to about 186 at K = 10, not to 1",
    ),
    references=REFERENCES,
)
def normalised_reverse_published(z: Any, y: Any) -> Any:
    """The reverse cross-entropy of the published code, with its clamps and its factor."""
    xp = array_namespace(z)
    p = softmax(z)
    kept = xp.maximum(p, xp.full_like(p, 1e-7))
    return (z.shape[1] - 1) / 4 * 9.210340371976182 * sum_others(kept, y)


@entry(
    kind="logits",
    title="Reverse cross-entropy",
    family="label noise",
    formula=r"-A (1 - p_y)",
    parameters={"a": Parameter(-4.0, "(-inf, 0)", "what stands for log 0")},
    claims=(
        Claim("symmetric", True, "Wang et al., 2019"),
        Claim("symmetric_constant", 8.0, "Wang et al., 2019: -A (K - 1), here with K = 3"),
        Claim("noise_tolerant[model=uniform]", True, "Wang et al., 2019, Theorem 1"),
        Claim("classification_calibrated", True, "derived: a multiple of the mean absolute error"),
        NOT_CONVEX,
    ),
    references=("Wang et al., Symmetric cross entropy for robust learning with noisy labels, ICCV 2019",),
    aliases=("rce",),
)
def reverse_cross_entropy(z: Any, y: Any, a: Any = -4.0) -> Any:
    """-sum_k p_k log 1[k = y] with log 0 := a."""
    return -a * sum_others(softmax(z), y)


@entry(
    kind="logits",
    title="Symmetric cross-entropy",
    family="label noise",
    formula=r"-\alpha \log p_y - \beta A (1 - p_y)",
    parameters={
        "alpha": Parameter(0.1, "[0, inf)", "the weight of cross-entropy"),
        "beta": Parameter(1.0, "[0, inf)", "the weight of reverse cross-entropy"),
        "a": Parameter(-4.0, "(-inf, 0)", "what stands for log 0"),
    },
    claims=(
        Claim("symmetric", False, "Wang et al., 2019: only the reverse part is"),
        Claim("classification_calibrated", True, "derived: a decreasing convex function of p_y"),
        OF_SOFTMAX,
        Claim("recovers_probability[link=softmax]", False, "derived: the reverse part is not proper"),
        Claim("nonnegative", True, "a sum of nonnegative terms"),
    ),
    references=("Wang et al., Symmetric cross entropy for robust learning with noisy labels, ICCV 2019",),
    aliases=("sce",),
)
def symmetric_cross_entropy(z: Any, y: Any, alpha: Any = 0.1, beta: Any = 1.0, a: Any = -4.0) -> Any:
    """Alpha times cross-entropy plus beta times reverse cross-entropy."""
    return -alpha * at_label(log_softmax(z), y) - beta * a * sum_others(softmax(z), y)


@entry(
    kind="logits",
    title="Active-passive loss NCE + MAE",
    family="label noise",
    formula=r"\alpha \frac{\log p_y}{\sum_k \log p_k} + \beta (1 - p_y)",
    parameters={
        "alpha": Parameter(1.0, "[0, inf)", "the weight of the active part"),
        "beta": Parameter(1.0, "[0, inf)", "the weight of the passive part"),
    },
    claims=(
        Claim("symmetric", True, f"{MA}, Lemma 3: a sum of symmetric losses"),
        Claim("symmetric_constant", 3.0, "derived: alpha + beta (K - 1), here with K = 3"),
        Claim("noise_tolerant[model=uniform]", True, f"{MA}, Lemma 3"),
        Claim("bounded_above", True, "a sum of bounded losses"),
    ),
    references=REFERENCES,
    aliases=("nce_mae",),
)
def active_passive_nce_mae(z: Any, y: Any, alpha: Any = 1.0, beta: Any = 1.0) -> Any:
    """Alpha NCE + beta MAE."""
    return alpha * normalised_cross_entropy(z, y) + beta * sum_others(softmax(z), y)


@entry(
    kind="logits",
    title="Active-passive loss NFL + RCE",
    family="label noise",
    formula=r"\alpha\,\mathrm{NFL} + \beta\,\mathrm{RCE}",
    parameters={
        "alpha": Parameter(1.0, "[0, inf)", "the weight of the active part"),
        "beta": Parameter(1.0, "[0, inf)", "the weight of the passive part"),
    },
    claims=(
        Claim("symmetric", True, f"{MA}, Lemma 3: a sum of symmetric losses"),
        Claim("noise_tolerant[model=uniform]", True, f"{MA}, Lemma 3"),
        Claim("bounded_above", True, "a sum of bounded losses"),
    ),
    references=REFERENCES,
    aliases=("nfl_rce",),
)
def active_passive_nfl_rce(z: Any, y: Any, alpha: Any = 1.0, beta: Any = 1.0) -> Any:
    """Alpha NFL + beta RCE."""
    return alpha * normalised_focal(z, y) + beta * reverse_cross_entropy(z, y)
