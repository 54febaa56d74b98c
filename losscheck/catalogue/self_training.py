"""Learning from one's own or a weaker model's predictions: which distribution stands inside the logarithm."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, logsumexp, sigmoid, softmax
from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_self_training.py"


@entry(
    kind="soft",
    title="Flipped cross-entropy",
    family="distillation",
    formula=r"-\sum_k \mathrm{softmax}(z)_k\log(q_k + \varepsilon)",
    parameters={"epsilon": Parameter(1e-3, "[0, inf)", "keeps log q finite at empty classes; 0 as published")},
    studies=(Study("least at a corner, the teacher's largest class, not at the teacher", "derived", STUDY),),
    hazards=("log 0 where the teacher has no mass: the published code has no guard",),
    references=("Tomar, Vray, Bozorgtabar, Thiran, TeSLA: test-time self-learning, CVPR 2023",),
)
def flipped_cross_entropy(z: Any, q: Any, epsilon: float = 1e-3) -> Any:
    """The student's distribution under the teacher's logarithms (S087), as in the published code but for epsilon."""
    xp = array_namespace(z)
    return -xp.sum(softmax(z) * xp.log(q + epsilon), axis=1)


@entry(
    kind="embedding",
    signature="z:(N,K):real t:(N,K):real",
    title="Adaptive confidence loss (weak to strong)",
    family="distillation",
    formula=r"(1 - b)\,\ell(z, \arg\max t) + b\,\ell(z, \arg\max z),\quad"
    r" b = \frac{e^{\ell(z, \arg\max z) / T}}{e^{\ell(z, \arg\max z) / T} + e^{\ell(z, \arg\max t) / T}}",
    parameters={"T": Parameter(1.0, "(0, inf)", "the temperature of the weight")},
    studies=(
        Study("b is at most 1/2, for the own label costs least: the own term never outweighs", "derived", STUDY),
        Study("the own term is least for saturated scores", "derived", STUDY),
    ),
    hazards=("exp(loss / T) overflows for small T: inf / inf is nan",),
    references=("Guo et al., Vision superalignment: weak-to-strong generalization for vision models, 2024",),
)
def adaptive_confidence(z: Any, t: Any, T: float = 1.0) -> Any:
    """Cross-entropy with the weak teacher's label and with the own one, weighed by themselves (S089)."""
    xp = array_namespace(z)
    total = logsumexp(z)
    own, taught = total - xp.max(z, axis=1), total - at_label(z, xp.argmax(t, axis=1))
    weight = sigmoid((own - taught) / T)
    return (1 - weight) * taught + weight * own
