"""Distillation in parts: the label against the rest, and the rest among themselves."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, is_label, log_softmax, logsumexp_others, softmax
from losscheck.catalogue.distillation import LOGITS
from losscheck.catalogue.entry import Parameter, Study, entry

LABELLED = "z:(N,K):real t:(N,K):real y:(N,):index"


@entry(
    kind="embedding",
    signature=LABELLED,
    title="Decoupled knowledge distillation",
    family="distillation",
    formula=r"\alpha\,KL(b^t, b^z) + \beta\,KL(\hat t, \hat z)",
    parameters={
        "alpha": Parameter(1.0, "[0, inf)", "the weight of target against rest"),
        "beta": Parameter(8.0, "[0, inf)", "the weight of the distribution among the rest"),
    },
    studies=(
        Study(
            "with weights 1 and 1 - softmax(t)_y it is distillation",
            "Zhao et al., 2022, eq. 6",
            "tests/studies/test_distillation.py",
        ),
    ),
    references=("Zhao, Cui, Song, Qiu, Liang, Decoupled knowledge distillation, CVPR 2022",),
    aliases=("dkd",),
)
def decoupled_distillation(z: Any, t: Any, y: Any, alpha: float = 1.0, beta: float = 8.0) -> Any:
    """The target's share, and the distribution of the others, each by its own weight."""
    return alpha * target_divergence(z, t, y) + beta * others_divergence(z, t, y)


def target_divergence(z: Any, t: Any, y: Any) -> Any:
    """KL of the two-class distributions of label and rest."""
    xp = array_namespace(z)
    t = xp.astype(t, z.dtype)  # an integer array has no infinity to leave the label out with
    ours, theirs = at_label(log_softmax(z), y), at_label(log_softmax(t), y)
    rest_ours = ours - at_label(z, y) + logsumexp_others(z, y)
    rest_theirs = theirs - at_label(t, y) + logsumexp_others(t, y)
    return xp.exp(theirs) * (theirs - ours) + xp.exp(rest_theirs) * (rest_theirs - rest_ours)


def others_divergence(z: Any, t: Any, y: Any) -> Any:
    """KL of the distributions among the classes that are not the label."""
    xp = array_namespace(z)
    t = xp.astype(t, z.dtype)  # an integer array has no infinity to leave the label out with
    label = is_label(z, y)
    ours = xp.where(label, xp.zeros_like(z), z - logsumexp_others(z, y)[:, None])
    theirs = xp.where(label, xp.zeros_like(t), t - logsumexp_others(t, y)[:, None])
    return xp.sum(xp.exp(theirs) * (theirs - ours), axis=1)  # the label's own term is 0


@entry(
    kind="embedding",
    signature=LABELLED,
    title="Normalised knowledge distillation",
    family="distillation",
    formula=r"-t_y\log z_y - \gamma\sum_{k\ne y}\hat t_k\log\hat z_k",
    parameters={"gamma": Parameter(1.5, "[0, inf)", "the weight of the normalised rest")},
    studies=(
        Study(
            "it is not least at z = t: the first term alone pushes the target's share to 1",
            "derived",
            "tests/studies/test_distillation.py",
        ),
    ),
    references=(
        "Yang, Zeng, Li, Zhang, Yuan, Li, From knowledge distillation to self-knowledge distillation, ICCV 2023",
    ),
    aliases=("nkd",),
)
def normalised_distillation(z: Any, t: Any, y: Any, gamma: float = 1.5) -> Any:
    """The target's term, and the cross-entropy of the normalised rest (S081)."""
    xp = array_namespace(z)
    t = xp.astype(t, z.dtype)  # an integer array has no infinity to leave the label out with
    label = is_label(z, y)
    ours = xp.where(label, xp.zeros_like(z), z - logsumexp_others(z, y)[:, None])
    theirs = xp.where(label, xp.zeros_like(t), t - logsumexp_others(t, y)[:, None])
    rest = -xp.sum(xp.exp(theirs) * ours, axis=1)  # the label's own term is 0
    return -at_label(softmax(t), y) * at_label(log_softmax(z), y) + gamma * rest


@entry(
    kind="embedding",
    signature=LOGITS,
    title="DIST: correlation distillation",
    family="distillation",
    formula=r"1 - \rho(\mathrm{softmax}(z), \mathrm{softmax}(t))",
    hazards=("0/0 where a distribution is uniform",),
    references=("Huang, You, Wang, Qian, Xu, Knowledge distillation from a stronger teacher, NeurIPS 2022",),
)
def correlation_distillation(z: Any, t: Any) -> Any:
    """One less Pearson's correlation of the two distributions, row by row."""
    xp = array_namespace(z)
    ours, theirs = softmax(z), softmax(t)
    ours, theirs = ours - 1 / z.shape[1], theirs - 1 / z.shape[1]
    lengths = xp.linalg.vector_norm(ours, axis=1) * xp.linalg.vector_norm(theirs, axis=1)
    return 1 - xp.sum(ours * theirs, axis=1) / (lengths + 1e-8)
