"""Losses of several labels that compare labels with each other."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import logsumexp, relu, softplus
from losscheck.catalogue.entry import Study, entry
from losscheck.catalogue.multilabel import TEST

GAO = "Gao, Zhou, 2013"


@entry(
    kind="multilabel",
    title="Log-sum-exp pairwise loss (ZLPR)",
    family="multilabel",
    formula=r"\log\left(1 + \sum_{y_k = 1} e^{-z_k}\right) + \log\left(1 + \sum_{y_k = 0} e^{z_k}\right)",
    studies=(
        Study("convex in z", "log-sum-exp of linear functions", TEST),
        Study("nonnegative", "logarithms of sums that contain 1", TEST),
    ),
    references=(
        "Su et al., ZLPR: a novel loss for multi-label classification, 2022",
        "Sun et al., Circle loss, CVPR 2020 (with fixed weights)",
    ),
)
def zlpr(z: Any, y: Any) -> Any:
    """Positive scores above 0, negative ones below, by log-sum-exp."""
    xp = array_namespace(z)
    none, zero = xp.full_like(z, -xp.inf), xp.zeros_like(z[:, :1])
    wrong = xp.concat([zero, xp.where(y == 1, -z, none)], axis=1)
    false = xp.concat([zero, xp.where(y == 1, none, z)], axis=1)
    return logsumexp(wrong) + logsumexp(false)


@entry(
    kind="multilabel",
    title="Pairwise ranking hinge of labels",
    family="multilabel",
    formula=r"\sum_{y_i = 1, y_j = 0} \max(0, 1 - z_i + z_j)",
    studies=(
        Study("convex in z", "a sum of maxima of affine functions", TEST),
        Study("nonnegative", "a sum of positive parts", TEST),
    ),
    references=("Elisseeff, Weston, A kernel method for multi-labelled classification, NeurIPS 2001",),
)
def multilabel_ranking_hinge(z: Any, y: Any) -> Any:
    """Every relevant label 1 above every irrelevant one."""
    xp = array_namespace(z)
    y = xp.astype(y, z.dtype)
    pair = y[:, :, None] * (1 - y)[:, None, :]
    return xp.sum(pair * relu(1 - z[:, :, None] + z[:, None, :]), axis=(1, 2))


@entry(
    kind="multilabel",
    title="Pairwise ranking logistic loss of labels (LSEP without the outer logarithm)",
    family="multilabel",
    formula=r"\sum_{y_i = 1, y_j = 0} \log(1 + e^{z_j - z_i})",
    studies=(
        Study("convex in z", "a sum of softplus of linear functions", TEST),
        Study("nonnegative", "a sum of softplus", TEST),
    ),
    references=(f"{GAO}; Dembczynski, Kotlowski, Huellermeier, Consistent multilabel ranking, ICML 2012",),
)
def multilabel_ranking_logistic(z: Any, y: Any) -> Any:
    """Logistic loss of every pair of a relevant and an irrelevant label."""
    xp = array_namespace(z)
    y = xp.astype(y, z.dtype)
    pair = y[:, :, None] * (1 - y)[:, None, :]
    return xp.sum(pair * softplus(z[:, None, :] - z[:, :, None]), axis=(1, 2))
