"""Self-distillation: the given label mixed with a teacher's probabilities, with weights xi and 1 - xi.

For xi in [0, 1] the target stays a distribution and the conditional risk is the loss's at the mixed one. For xi > 1
(Das, Sanghavi, 2023, find it best under much noise) the label's weight is negative: cross-entropy is then unbounded
below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.wrappers.wrapped import every_label, inner_loss, outer_loss
from losscheck.loss import Loss


@dataclass(frozen=True)
class _SelfDistillation:
    inner: Loss
    xi: float

    def __call__(self, z: Any, y: Any, t: Any) -> Any:
        taught = array_namespace(z).sum(t * every_label(self.inner, z, y), axis=1)
        return self.xi * taught + (1 - self.xi) * self.inner(z, y)


def self_distillation(loss: Any, xi: float = 0.5) -> Loss:
    """Return xi sum_k t_k l(z, k) + (1 - xi) l(z, y) for a loss of logits, t the teacher's probabilities (N, K).

    Raises
    ------
    ValueError
        When the loss is of another kind.

    >>> self_distillation("cross_entropy", 1.5).signature
    'z:(N,K):real y:(N,):index t:(N,K):simplex'
    """
    inner = inner_loss(loss, ("logits",), "self_distillation")
    label = f"self_distillation({inner.name}, {xi:g})"
    return outer_loss(_SelfDistillation(inner, xi), label, None, "z:(N,K):real y:(N,):index t:(N,K):simplex")
