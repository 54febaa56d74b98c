"""Metric losses with mixed labels (Metrix): each example is a positive in part and a negative in part.

A metric loss of one anchor adds up terms of positives and terms of negatives. With labels between 0 and 1 every example
takes part in both sums, by its label in the first and by the rest in the second; labels 0 and 1 give the loss back.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import logsumexp
from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_list_of_statistics.py"
SIGNATURE = "s:(N,M):[-1,1] y:(N,M):unit"
REFERENCES = ("Venkataramanan, Psomas, Kijak, Amsaleg, Karantzalos, Avrithis, It takes two to tango, ICLR 2022",)
RECALLED = "formula unconfirmed: the general form is recalled"


@entry(
    kind="embedding",
    signature=SIGNATURE,
    title="Multi-similarity loss with mixed labels (Metrix)",
    family="embedding",
    formula=r"\tfrac1\alpha\log\Big(1 + \sum_j y_j e^{-\alpha(s_j - m)}\Big)"
    r" + \tfrac1\beta\log\Big(1 + \sum_j (1 - y_j) e^{\beta(s_j - m)}\Big)",
    parameters={
        "alpha": Parameter(2.0, "(0, inf)", "the scale of positives"),
        "beta": Parameter(50.0, "(0, inf)", "the scale of negatives"),
        "threshold": Parameter(0.5, "[-1, 1]", "m: between positives and negatives"),
    },
    studies=(Study("labels 0 and 1 give the multi-similarity loss", "derived", STUDY),),
    status=RECALLED,
    references=REFERENCES,
)
def mixed_multi_similarity(s: Any, y: Any, alpha: float = 2.0, beta: float = 50.0, threshold: float = 0.5) -> Any:
    """Both sums of the multi-similarity loss over all examples, weighed by labels (S126)."""
    positive = _one_and(_log(y) - alpha * (s - threshold)) / alpha
    return positive + _one_and(_log(1 - y) + beta * (s - threshold)) / beta


@entry(
    kind="embedding",
    signature=SIGNATURE,
    title="Contrastive loss with mixed labels (Metrix)",
    family="embedding",
    formula=r"\sum_j -y_j s_j + (1 - y_j)\,[s_j - m]_+",
    parameters={"margin": Parameter(0.5, "[-1, 1]", "m: negatives below it cost nothing")},
    studies=(Study("labels 0 and 1 give the contrastive loss of similarities", "derived", STUDY),),
    status=RECALLED,
    references=REFERENCES,
)
def mixed_contrastive(s: Any, y: Any, margin: float = 0.5) -> Any:
    """Positives by their similarity, negatives by its excess over the margin, weighed by labels (S126)."""
    xp = array_namespace(s)
    return xp.sum((1 - y) * xp.maximum(s - margin, xp.zeros_like(s)) - y * s, axis=1)


def _log(share: Any) -> Any:
    xp = array_namespace(share)
    some = xp.where(share > 0, share, xp.ones_like(share))
    return xp.where(share > 0, xp.log(some), xp.full_like(share, -xp.inf))


def _one_and(terms: Any) -> Any:
    """Log(1 + sum exp) of rows, any of which may be -inf."""
    xp = array_namespace(terms)
    return logsumexp(xp.concat([xp.zeros_like(terms[:, :1]), terms], axis=1))
