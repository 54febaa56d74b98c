r"""Losses whose scale, margin or temperature is a statistic of the batch: MadaCos and model-aware contrast (MACL).

In both published codes the statistics are held fixed for the gradient, which is then not that of the value. Here the
value is what is computed, and the statistics are part of it.
"""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, is_label, log_softmax, logsumexp_others
from losscheck.catalogue.embedding_contrast import VIEWS, diagonal, other_pairs, similarities
from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_list_of_statistics.py"
CLASSES = 9_999_999  # the constant of the published code, for every number of classes
LEAST_SCALE = 32.0


@entry(
    kind="embedding",
    signature="z:(B,K):[-1,1] y:(B,):index",
    title="MadaCos",
    family="cosine margin",
    formula=r"-\log\mathrm{softmax}(s (z - m e_y))_y,\;"
    r" s = \max\left(32, \frac{\log((10^7 - 1)(1 - a)/a)}{1 - \bar z}\right),\;"
    r" m = \max\left(0, \bar z - \tfrac{1}{s}\log\frac{a\bar B}{1 - a}\right)",
    parameters={
        "alpha": Parameter(0.1, "(0, 1)", "a: the chance of the label in the middle row, where no bound binds")
    },
    studies=(
        Study("in the middle row the label's chance is alpha", "derived", STUDY),
        Study("the published backward pass is the slope at fixed scale and margin", "derived", STUDY),
    ),
    hazards=("1 / 0 where the middle cosine is 1", "exp(s z) overflows in half precision"),
    references=("Zhu, Gao, Ke, Qiao, Sun, Coarse-to-fine: learning compact discriminative representation, ICCV 2023",),
)
def madacos(z: Any, y: Any, alpha: float = 0.1) -> Any:
    """Cosine softmax with a scale and a margin by the row whose label has the middle cosine, B its other classes."""
    scale, margin = scale_and_margin(z, y, alpha)
    xp = array_namespace(z)
    return -at_label(log_softmax(scale * xp.where(is_label(z, y), z - margin, z)), y)


def scale_and_margin(z: Any, y: Any, alpha: float) -> tuple[Any, Any]:
    """The two statistics, by the lower middle row of the batch."""
    xp = array_namespace(z)
    own = at_label(z, y)
    middle = xp.argsort(own)[(z.shape[0] - 1) // 2]
    scale = math.log(CLASSES * (1 - alpha) / alpha) / (1 - own[middle])
    scale = xp.maximum(scale, xp.full_like(scale, LEAST_SCALE))
    rest = logsumexp_others(scale * z, y)[middle]
    margin = own[middle] - (rest + math.log(alpha / (1 - alpha))) / scale
    return scale, xp.maximum(margin, xp.zeros_like(margin))


@entry(
    kind="embedding",
    signature=VIEWS,
    title="Model-aware contrastive loss (MACL)",
    family="embedding",
    formula=r"-\frac{1}{1 - P_{ii}}\log P_{ii},\quad P = \mathrm{softmax}(s / \tau_a),\;"
    r" \tau_a = \tau\,(1 + \alpha(A - A_0)),\; A = \tfrac{1}{B}\sum_i s_{ii}",
    parameters={
        "tau": Parameter(0.1, "(0, inf)", "the temperature of unaligned views"),
        "alpha": Parameter(0.5, "[0, 1)", "how much alignment raises it; 1 in the published code"),
        "A0": Parameter(0.0, "[-1, 1]", "the alignment that changes nothing"),
    },
    studies=(
        Study("with the weight held fixed the slope in the positive is -1 / tau_a for every P", "derived", STUDY),
        Study("the temperature is positive for all views only if alpha (1 + A0) < 1", "derived", STUDY),
    ),
    hazards=("0 / 0 once P_ii rounds to 1", "alpha = 1 and opposite views: a temperature of 0"),
    references=("Huang et al., Model-aware contrastive learning: towards escaping the dilemmas, ICML 2023",),
    aliases=("macl",),
)
def model_aware_contrastive(a: Any, b: Any, tau: float = 0.1, alpha: float = 0.5, A0: float = 0.0) -> Any:
    """InfoNCE at a temperature of the batch's alignment, over the share of the negatives (S113)."""
    xp = array_namespace(a)
    s = similarities(a, b)
    scores = s / (tau * (1 + alpha * (xp.mean(diagonal(s)) - A0)))
    logs = log_softmax(scores)
    negatives = xp.sum(xp.exp(other_pairs(logs)), axis=1)
    return -diagonal(logs) / negatives
