"""Distillation: losses of a student's logits against a teacher's."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import log_softmax, sigmoid, softplus
from losscheck.catalogue.entry import Parameter, Study, entry

LOGITS = "z:(N,K):real t:(N,K):real"
TEMPERATURE = {"temperature": Parameter(2.0, "(0, inf)", "flattens both distributions")}


@entry(
    kind="embedding",
    signature=LOGITS,
    title="Knowledge distillation",
    family="distillation",
    formula=r"\tau^2\,KL(\mathrm{softmax}(t/\tau), \mathrm{softmax}(z/\tau))",
    parameters=TEMPERATURE,
    studies=(
        Study(
            "times tau^2 it tends to half the squared distance of the centred logits over K",
            "Hinton, Vinyals, Dean, 2015, Section 2.1",
            "tests/studies/test_distillation.py",
        ),
    ),
    references=("Hinton, Vinyals, Dean, Distilling the knowledge in a neural network, 2015",),
    aliases=("kd",),
)
def knowledge_distillation(z: Any, t: Any, temperature: float = 2.0) -> Any:
    """tau^2 KL of the tempered teacher and student."""
    ours, theirs = log_softmax(z / temperature), log_softmax(t / temperature)
    xp = array_namespace(z)
    return temperature**2 * xp.sum(xp.exp(theirs) * (theirs - ours), axis=1)


@entry(
    kind="embedding",
    signature=LOGITS,
    title="Reverse distillation",
    family="distillation",
    formula=r"KL(\mathrm{softmax}(z), \mathrm{softmax}(t))",
    references=("Gu, Dong, Wei, Huang, MiniLLM, ICLR 2024",),
)
def reverse_distillation(z: Any, t: Any) -> Any:
    """KL of student and teacher: it seeks a mode."""
    ours, theirs = log_softmax(z), log_softmax(t)
    xp = array_namespace(z)
    return xp.sum(xp.exp(ours) * (ours - theirs), axis=1)


@entry(
    kind="embedding",
    signature=LOGITS,
    title="Centred logit matching",
    family="distillation",
    formula=r"\tfrac1K\sum_k\left((z_k - \bar z) - (t_k - \bar t)\right)^2",
    studies=(
        Study("it is blind to a common offset, as distillation is", "derived", "tests/studies/test_distillation.py"),
    ),
    references=("Ba, Caruana, Do deep nets really need to be deep?, NeurIPS 2014",),
)
def logit_matching(z: Any, t: Any) -> Any:
    """The mean squared difference of centred logits."""
    xp = array_namespace(z)
    difference = z - t
    return xp.mean((difference - xp.mean(difference, axis=1, keepdims=True)) ** 2, axis=1)


@entry(
    kind="embedding",
    signature=LOGITS,
    title="Squared error of log-probabilities (SEL)",
    family="distillation",
    formula=r"\sum_k\left(\log\mathrm{softmax}(z)_k - \log\mathrm{softmax}(t)_k\right)^2",
    references=("Zhao, Zhu, Towards the fundamental limits of knowledge transfer over finite domains, ICLR 2024",),
)
def log_probability_matching(z: Any, t: Any) -> Any:
    """Squared errors of normalised logits (S085), all classes observed."""
    return array_namespace(z).sum((log_softmax(z) - log_softmax(t)) ** 2, axis=1)


@entry(
    kind="embedding",
    signature=LOGITS,
    title="Binary classification distillation",
    family="distillation",
    formula=r"\sum_k |\sigma(t_k) - \sigma(z_k)|\,\left(\log(1 + e^{z_k}) - \sigma(t_k) z_k\right)",
    studies=(
        Study("its slope vanishes at z = t, but it is no divergence", "derived", "tests/studies/test_distillation.py"),
    ),
    references=("Yang et al., Bridging cross-task protocol inconsistency for distillation, ICCV 2023",),
)
def binary_distillation(z: Any, t: Any) -> Any:
    """Weighted binary cross-entropies to the teacher's sigmoids (S084)."""
    xp = array_namespace(z)
    target = sigmoid(xp.astype(t, z.dtype))
    return xp.sum(xp.abs(target - sigmoid(z)) * (softplus(z) - target * z), axis=1)


@entry(
    kind="embedding",
    signature=LOGITS,
    title="Normalised binary KL",
    family="distillation",
    formula=r"\tau^2\sum_k KL(\tfrac12, \sigma((z_k - t_k)/\tau))",
    parameters=TEMPERATURE,
    studies=(
        Study(
            "it is 0 exactly at z = t, with slopes of at most tau/2",
            "Yang et al., 2024",
            "tests/studies/test_distillation.py",
        ),
    ),
    references=("Yang et al., Dual-head knowledge distillation, 2024",),
)
def normalised_binary_kl(z: Any, t: Any, temperature: float = 2.0) -> Any:
    """tau^2 KL of one half and the sigmoid of the difference (S083): a log-cosh of half of it."""
    xp = array_namespace(z)
    size = xp.abs(z - t) / temperature
    return temperature**2 * xp.sum(size / 2 + xp.log1p(xp.exp(-size)) - 0.6931471805599453, axis=1)
