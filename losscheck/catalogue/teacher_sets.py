"""Losses of sets, teachers and perturbed labels: what cross-entropy is against."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import logsumexp
from losscheck.catalogue.entry import Claim, Parameter, entry


@entry(
    kind="embedding",
    signature="z:(N,M,K):real y:(N,):index",
    title="Odd-k-out loss, hard label",
    family="comp-sum",
    formula=r"-\log\mathrm{softmax}\left(\sum_m z_m\right)_y",
    references=("Muttenthaler et al., Set learning for accurate and calibrated models, ICLR 2024",),
)
def odd_one_out(z: Any, y: Any) -> Any:
    """Cross-entropy of the summed logits of a set with the label of its pair (S060)."""
    xp = array_namespace(z)
    total = xp.sum(z, axis=1)
    return logsumexp(total) - total[xp.arange(z.shape[0]), y]


@entry(
    kind="probability",
    title="Binary cross-entropy with expected label perturbation",
    family="improper binary",
    formula=r"BCE(p, (1 - 2ab) y + ab)",
    parameters={
        "rate": Parameter(0.1, "[0, 1]", "how often a label is perturbed"),
        "size": Parameter(0.5, "[0, 1]", "how far: 1/2 makes it 1/2, 1 inverts it"),
    },
    claims=(
        Claim("proper", False, "derived: the best report is (1 - 2ab) eta + ab"),
        Claim("convex", True, "a sum of convex functions"),
        Claim("composite_convex[link=logit]", True, "a sum of convex functions"),
    ),
    references=("Liu et al., Model calibration in dense classification with adaptive label perturbation, ICCV 2023",),
)
def perturbed_labels(p: Any, y: Any, rate: float = 0.1, size: float = 0.5) -> Any:
    """The mean loss over perturbations (S061): only rate times size matters."""
    xp = array_namespace(p)
    moved = rate * size
    target = xp.where(y == 1, 0 * p + (1 - moved), 0 * p + moved)
    return -target * xp.log(p) - (1 - target) * xp.log(1 - p)


@entry(
    kind="embedding",
    signature="z:(N,K):real t:(N,K):real",
    title="KL of the teacher's largest classes",
    family="distillation",
    formula=r"\sum_{k \in T} \hat t_k\log\frac{\hat t_k}{\hat z_k},\quad T \text{ the teacher's } m \text{ largest}",
    parameters={"kept": Parameter(2, "1, 2, ...", "how many of the teacher's classes count")},
    hazards=("without renormalising both sides on the set it may be negative",),
    references=(
        "Li et al., BiLD: bi-directional logits difference loss for large language model distillation, 2024",
        "Hu et al., OstQuant: refining large language model quantization, ICLR 2025",
    ),
)
def top_kl(z: Any, t: Any, kept: int = 2) -> Any:
    """KL on the teacher's largest classes, both sides renormalised there (S086), as BiLD's published code does."""
    xp = array_namespace(z)
    threshold = xp.sort(t, axis=1, descending=True)[:, min(kept, t.shape[1]) - 1][:, None]
    inside = t >= threshold
    low = xp.zeros_like(z) - xp.inf
    ours = z - logsumexp(xp.where(inside, z, low))[:, None]
    theirs = t - logsumexp(xp.where(inside, t, low))[:, None]
    shares = xp.exp(xp.where(inside, theirs, low))
    return xp.sum(shares * xp.where(inside, theirs - ours, xp.zeros_like(z)), axis=1)
