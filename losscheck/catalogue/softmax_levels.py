"""Softmax in two levels: clusters of rare classes behind one entry of the head."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, log_softmax
from losscheck.catalogue.entry import Study, entry


@entry(
    kind="embedding",
    signature="h:(N,C):real t:(N,K):real y:(N,):index w:(N,):index c:(N,):{0,1}",
    title="Adaptive softmax (two levels)",
    family="comp-sum",
    formula=r"-\log\mathrm{softmax}(h)_y - c\log\mathrm{softmax}(t)_w",
    studies=(
        Study(
            "as torch.nn.AdaptiveLogSoftmaxWithLoss computes it from its scores",
            "Grave et al., 2017",
            "tests/studies/test_sequences.py",
        ),
        Study("the probabilities of all classes add up to 1", "derived", "tests/studies/test_sequences.py"),
    ),
    references=("Grave et al., Efficient softmax approximation for GPUs, ICML 2017",),
    aliases=("adaptive_log_softmax",),
)
def adaptive_softmax(h: Any, t: Any, y: Any, w: Any, c: Any) -> Any:
    """Cross-entropy of the head, and of the cluster's scores t where the label is in a cluster (c = 1)."""
    xp = array_namespace(h)
    inside = -at_label(log_softmax(t), w)
    return -at_label(log_softmax(h), y) + xp.where(c == 1, inside, xp.zeros_like(inside))
