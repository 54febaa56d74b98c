"""Class weights: the loss of each label times a positive number of its own.

The conditional risk at p is that of the unweighted loss at q proportional to w p, times a positive number: a loss
calibrated for the most probable class becomes calibrated for argmax w p, and one that recovers p recovers q.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.wrappers.wrapped import inner_loss, outer_loss
from losscheck.loss import Loss


@dataclass(frozen=True)
class _ClassWeights:
    inner: Loss
    weights: tuple[float, ...]

    def __call__(self, z: Any, y: Any) -> Any:
        return array_namespace(z).asarray(list(self.weights), dtype=z.dtype)[y] * self.inner(z, y)


def class_weights(loss: Any, weights: Sequence[float]) -> Loss:
    """Return w_y l(z, y) for a loss of logits or probabilities (kind simplex); audit it with n_classes=len(weights).

    Raises
    ------
    ValueError
        When a weight is not positive or the loss is of another kind.

    >>> class_weights("cross_entropy", [1.0, 2.0, 1.0]).name
    'class_weights(cross_entropy)'
    """
    if len(weights) < 2 or not all(w > 0 for w in weights):
        raise ValueError(f"weights={list(weights)!r}; give one positive number for each of at least two classes")
    inner = inner_loss(loss, ("logits", "simplex"), "class_weights")
    return outer_loss(_ClassWeights(inner, tuple(weights)), f"class_weights({inner.name})", inner.kind)
