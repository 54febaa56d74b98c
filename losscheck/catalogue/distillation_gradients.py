r"""f-distill: functions of a generated point whose gradient is that of an f-divergence of teacher and student.

For D_f = E_q f(p / q), the teacher's density p, the student's q, and x drawn from q through a generator,

    \nabla_\theta D_f = -\mathbb E\,[h(r)\,(\nabla \log p - \nabla \log q)^\top \partial_\theta x],\quad
    h(r) = r^2 f''(r),\ r = p / q

(Xu, Nie, Vahdat, 2025). Scores and ratio are arguments and held fixed, as by a stop-gradient, so the loss is linear in
x: its value says nothing, its gradient in x is the rule.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.entry import Parameter, Study, entry

STUDY = "tests/studies/test_gradient_rules.py"
SIGNATURE = "x:(N,D):real s:(N,D):real t:(N,D):real r:(N,):positive"
XU = "Xu, Nie, Vahdat, 2025"
IDENTITY = Study("its mean slope is that of the divergence", XU, STUDY)
REFERENCES = ("Xu, Nie, Vahdat, One-step diffusion models with f-divergence distribution matching, 2025",)


@entry(
    kind="embedding",
    signature=SIGNATURE,
    title="f-distill for power divergences",
    family="latent",
    formula=r"r^a \langle x, s - t\rangle",
    parameters={
        "a": Parameter(
            1.0, "[0, inf)", "0: reverse KL (score distillation), 1/2: Hellinger, 1: forward KL, 2: chi squared"
        )
    },
    studies=(IDENTITY, Study("a = 0 is variational score distillation", XU, STUDY)),
    hazards=("r from a classifier is the exponential of a score, and overflows",),
    references=REFERENCES,
    aliases=("f_distill",),
)
def power_matching(x: Any, s: Any, t: Any, r: Any, a: Any = 1.0) -> Any:
    """The weight r^a times the difference of the student's score s and the teacher's t, along x (S134)."""
    return r**a * array_namespace(x).sum(x * (s - t), axis=1)


@entry(
    kind="embedding",
    signature=SIGNATURE,
    title="f-distill for the Jensen-Shannon divergence",
    family="latent",
    formula=r"\frac{r}{1 + r} \langle x, s - t\rangle",
    studies=(IDENTITY, Study("the weight rises with r and stays below 1", XU, STUDY)),
    hazards=("inf / inf where the ratio overflows",),
    references=REFERENCES,
)
def jensen_shannon_matching(x: Any, s: Any, t: Any, r: Any) -> Any:
    """The weight r / (1 + r), the classifier's chance of the teacher, in place of a power (S134)."""
    return r / (1 + r) * array_namespace(x).sum(x * (s - t), axis=1)
