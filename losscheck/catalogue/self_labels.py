r"""Universal self-knowledge distillation: soft labels that a batch makes for itself (USKD, with hard labels).

    -\alpha (p_y^2 + 1 - \overline{p_y^2}) \log p_y - \beta \sum_{k \ne y} \zeta_k \log \hat p_k
    - \mu \sum_k (0.9\,[k = y] + 0.1 / K) \log q_k

with p the softmax of the scores, q that of a weak head, the bar the mean over the batch, p hat the softmax over the
other classes alone, and zeta the shares 1 / rank of the other classes (Zipf), ranked by what both heads give them.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, is_label, log_softmax, logsumexp_others
from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_list_of_self_labels.py"


@entry(
    kind="embedding",
    signature="z:(B,K):real w:(B,K):real y:(B,):index",
    title="Universal self-knowledge distillation (USKD)",
    family="distillation",
    formula=r"-\alpha\,(p_y^2 + 1 - \overline{p_y^2})\log p_y - \beta\sum_{k\ne y}\zeta_k\log\hat p_k"
    r" - \mu\sum_k\left(0.9\,[k = y] + \tfrac{0.1}{K}\right)\log q_k",
    parameters={
        "alpha": Parameter(1.0, "[0, inf)", "the weight of the label"),
        "beta": Parameter(0.1, "[0, inf)", "the weight of the other classes"),
        "mu": Parameter(0.005, "[0, inf)", "the weight of the weak head"),
    },
    studies=(
        Study("the shares of the other classes add up to 1", "derived", STUDY),
        Study("the label's share can exceed 1", "derived", STUDY),
    ),
    hazards=(
        "the published code detaches the soft labels: its gradient is not that of its value",
        "ranks jump where two classes change places",
    ),
    references=("Yang, Zeng, Li, et al., From knowledge distillation to self-knowledge distillation, ICCV 2023",),
    aliases=("uskd",),
)
def universal_self_distillation(
    z: Any, w: Any, y: Any, alpha: float = 1.0, beta: float = 0.1, mu: float = 0.005
) -> Any:
    """The three terms of each row of a batch (S082), with the ranking of the published code."""
    xp = array_namespace(z)
    ours, weak = log_softmax(z), log_softmax(w)
    among_others = xp.where(is_label(z, y), xp.zeros_like(z), z - logsumexp_others(z, y)[:, None])
    rest = xp.sum(other_shares(ours, weak, y) * among_others, axis=1)
    smooth = 0.9 * at_label(weak, y) + 0.1 * xp.mean(weak, axis=1)
    return -alpha * label_share(ours, y) * at_label(ours, y) - beta * rest - mu * smooth


def label_share(logs: Any, y: Any) -> Any:
    """The soft label of the given class: 1, and how far its squared chance is above that of the batch."""
    xp = array_namespace(logs)
    squared = xp.exp(2 * at_label(logs, y))
    return 1 + squared - xp.mean(squared)


def other_shares(ours: Any, weak: Any, y: Any) -> Any:
    """The shares of the other classes, by the rank of a sum of both heads, from logarithms of chances.

    The weak head enters by its chances, the other one by their logarithms: so the published code has it.
    """
    xp = array_namespace(ours)
    chances = xp.exp(weak)
    score = chances / (1 - at_label(chances, y) + 1e-6)[:, None] + ours / (1 - at_label(ours, y) + 1e-6)[:, None]
    rank = xp.argsort(xp.argsort(-score, axis=1), axis=1)
    shares = xp.where(is_label(ours, y), xp.zeros_like(ours), 1 / xp.astype(rank + 1, ours.dtype))
    return shares / xp.sum(shares, axis=1)[:, None]
