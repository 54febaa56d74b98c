"""Scores of confidence and uncertainty: functions of one prediction, without a label."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import log_softmax, softmax, xlogy
from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_confidence.py"


@entry(
    signature="z:(N,K):real",
    title="Maximum softmax probability",
    family="confidence",
    formula=r"\max_k\mathrm{softmax}(z)_k",
    studies=(Study("it lies in [1/K, 1], and falls with the temperature", "derived", STUDY),),
    hazards=("sure predictions round to 1: their order is lost",),
    references=("Hendrycks, Gimpel, A baseline for detecting misclassified and OOD examples, ICLR 2017",),
    aliases=("msp",),
)
def maximum_probability(z: Any) -> Any:
    """The largest entry of softmax (S055)."""
    return array_namespace(z).max(softmax(z), axis=1)


@entry(
    signature="p:(N,K):simplex",
    title="Relative uncertainty of constant weights (Gini)",
    family="confidence",
    formula=r"\sum_{j\ne k} p_j p_k = 1 - \sum_k p_k^2",
    studies=(Study("the quadratic form of all ones less the identity is Gini's", "Dadalto et al., 2024", STUDY),),
    references=("Dadalto et al., A data-driven measure of relative uncertainty, ICLR 2024",),
)
def gini_uncertainty(p: Any) -> Any:
    """The chance that two draws differ: Rel-U with equal weights (S066), written without cancellation."""
    return array_namespace(p).sum(p * (1 - p), axis=1)


@entry(
    signature="p:(N,K):simplex",
    title="Entropy of a prediction",
    family="confidence",
    formula=r"-\sum_k p_k\log p_k",
    hazards=("p log p is nan at 0 in the naive form",),
    references=("Grandvalet, Bengio, Semi-supervised learning by entropy minimization, NeurIPS 2004",),
)
def prediction_entropy(p: Any) -> Any:
    """Shannon's entropy: the objective of entropy minimisation at test time."""
    return -array_namespace(p).sum(xlogy(p, p), axis=1)


@entry(
    signature="z:(N,M,K):real",
    title="CrossMax aggregation",
    family="confidence",
    formula=r"\text{the } r\text{-th largest over } m \text{ of } z_{mk} - \max_j z_{mj} - \max_m(\cdot)",
    parameters={"rank": Parameter(2, "1, 2, ...", "which of the predictors' values counts, from the largest")},
    studies=(Study("an offset of one predictor changes nothing", "Fort, Lakshminarayanan, 2024", STUDY),),
    hazards=("ties",),
    references=("Fort, Lakshminarayanan, Ensemble everything everywhere, 2024",),
)
def crossmax(z: Any, rank: int = 2) -> Any:
    """Scores of M predictors, each less its largest, then less the largest of each class; the r-th is kept (S176)."""
    xp = array_namespace(z)
    by_predictor = z - xp.max(z, axis=2, keepdims=True)
    by_class = by_predictor - xp.max(by_predictor, axis=1, keepdims=True)
    return xp.sort(by_class, axis=1, descending=True)[:, min(rank, z.shape[1]) - 1, :]


@entry(
    signature="g:(N,K):real h:(N,K):real",
    title="Adaptive smoothing of two classifiers",
    family="confidence",
    formula=r"\log\left((1-a)\,\mathrm{softmax}(g) + a\,\mathrm{softmax}(h)\right)",
    parameters={"a": Parameter(0.75, "[1/2, 1]", "the share of the robust classifier h")},
    studies=(
        Study(
            "where the margin of softmax(h) is at least (1 - a)/a the mixture predicts as h does",
            "Bai, Anderson, Kim, Sojoudi, 2024, Lemma 1",
            STUDY,
        ),
    ),
    hazards=("log 0 where both classifiers underflow; the sum is done in the log domain here",),
    references=("Bai, Anderson, Kim, Sojoudi, Improving the accuracy-robustness trade-off, SIMODS 2024",),
)
def adaptive_smoothing(g: Any, h: Any, a: float = 0.75) -> Any:
    """The logarithm of a mixture of two softmaxes (S076)."""
    xp = array_namespace(g)
    share = xp.ones_like(g) * a
    return xp.logaddexp(log_softmax(g) + xp.log(1 - share), log_softmax(h) + xp.log(share))
