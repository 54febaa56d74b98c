"""Softmax over some of the classes: sampled negatives, and probabilities stored in few bits."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, is_label, softmax
from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_sampled_softmax.py"


@entry(
    kind="embedding",
    signature="z:(N,K):real y:(N,):index m:(N,K):{0,1}",
    title="Sampled softmax (Partial FC)",
    family="comp-sum",
    formula=r"-\log\frac{e^{z_y}}{\sum_{k \in S \cup \{y\}} e^{z_k}}",
    studies=(
        Study("at most cross-entropy over all classes: p_y is bounded from above", "derived: fewer terms", STUDY),
        Study("classes that were not sampled get no gradient; the label always counts", "An et al., 2022", STUDY),
        Study("maxima and sums of shards give the value of the whole row", "An et al., 2021", STUDY),
        Study("two given classes are sampled together with probability about r^2", "An et al., 2022", STUDY),
    ),
    references=(
        "An et al., Partial FC: training 10 million identities on a single machine, ICCVW 2021",
        "An et al., Killing two birds with one stone: efficient and robust training by Partial FC, CVPR 2022",
        "Zhang et al., k-NN based target sampling for large output layers, 2021",
    ),
    aliases=("partial_fc",),
)
def sampled_softmax(z: Any, y: Any, m: Any) -> Any:
    """Cross-entropy over the label and the classes with m = 1 (S024, S025, S026)."""
    xp = array_namespace(z)
    kept = xp.logical_or(m == 1, is_label(z, y))
    # The label's score stands in for what is left out, and is taken away again where the exponentials are summed.
    own = at_label(z, y)[:, None]
    largest = xp.max(xp.where(kept, z, own + 0 * z), axis=1, keepdims=True)
    weights = xp.where(kept, xp.exp(xp.where(kept, z, own + 0 * z) - largest), xp.zeros_like(z))
    return largest[:, 0] + xp.log(xp.sum(weights, axis=1)) - own[:, 0]


@entry(
    kind="map",
    title="Quantised softmax",
    family="map",
    formula=r"\frac{\mathrm{round}(s\,\mathrm{softmax}(z)_k)}{s} + b",
    parameters={
        "scale": Parameter(255, "1, 2, ...", "s, the number of steps"),
        "shift": Parameter(0.0, "[0, 1)", "b, the correction E[p - Q(p)] that is absorbed in an offset"),
    },
    studies=(
        Study("entries below 1 / (2 s) vanish: many classes lose mass", "Pandey et al., 2023", STUDY),
        Study("the mean of p - Q(p) as offset restores the mass", "Pandey et al., 2023", STUDY),
    ),
    hazards=("its slope is 0 almost everywhere", "round ties to even"),
    references=("Pandey et al., Softmax bias correction for quantized generative models, ICCVW 2023",),
)
def quantised_softmax(z: Any, scale: int = 255, shift: float = 0.0) -> Any:
    """Softmax in steps of 1 / scale (S178)."""
    return array_namespace(z).round(scale * softmax(z)) / scale + shift


def of_shards(z: Any, y: Any, parts: int) -> Any:
    """Return cross-entropy as devices compute it that hold a part of the classes each: one maximum and one sum.

    >>> import numpy as np
    >>> z, y = np.array([[1.0, 2.0, 0.0, 1.0]]), np.array([2])
    >>> bool(np.isclose(of_shards(z, y, 2), np.log(np.exp(z).sum()) - z[0, 2])[0])
    True
    """
    xp = array_namespace(z)
    size = -(-z.shape[1] // parts)
    shards = [z[:, first : first + size] for first in range(0, z.shape[1], size)]
    largest = xp.max(xp.stack([xp.max(shard, axis=1) for shard in shards], axis=1), axis=1)
    total = sum(xp.sum(xp.exp(shard - largest[:, None]), axis=1) for shard in shards)
    return largest + xp.log(total) - at_label(z, y)
