"""Weighted sums of losses; with an active and a passive part, the active-passive losses of Ma et al. (2020).

With nonnegative weights, sums of convex losses are convex, of symmetric losses symmetric (Lemma 3 of Ma et al.), of
losses recovering p through the same link recover p, of proper losses proper. Sums of calibrated losses need not be
calibrated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from losscheck.catalogue.wrappers.wrapped import inner_loss, outer_loss
from losscheck.kinds import KINDS
from losscheck.loss import Loss, as_loss


@dataclass(frozen=True)
class _WeightedSum:
    first: Loss
    second: Loss
    alpha: float
    beta: float

    def __call__(self, *args: Any) -> Any:
        return self.alpha * self.first(*args) + self.beta * self.second(*args)


def weighted_sum(first: Any, second: Any, alpha: float = 1.0, beta: float = 1.0) -> Loss:
    """Return alpha l1 + beta l2 for two losses of one kind.

    Raises
    ------
    ValueError
        When the kinds differ, or a weight is negative.

    >>> weighted_sum("hinge", "logistic", 0.5, 0.5).name
    '0.5 hinge + 0.5 logistic'
    """
    if alpha < 0 or beta < 0:
        raise ValueError(f"alpha={alpha!r}, beta={beta!r}; give weights that are not negative")
    one = inner_loss(first, tuple(KINDS), "weighted_sum")
    other = inner_loss(second, (str(one.kind),), "weighted_sum")
    return outer_loss(
        _WeightedSum(one, other, alpha, beta), f"{alpha:g} {one.name} + {beta:g} {other.name}", one.kind, one.signature
    )


def active_passive(active: Any, passive: Any, alpha: float = 1.0, beta: float = 1.0) -> Loss:
    """Return alpha times an active loss (it looks at p_y only) plus beta times a passive one, both of logits.

    >>> active_passive("normalised_cross_entropy", "mean_absolute_softmax", 1.0, 0.5).name
    '1 normalised_cross_entropy + 0.5 mean_absolute_softmax'
    """
    return weighted_sum(inner_loss(active, ("logits",), "active_passive"), passive, alpha, beta)


def with_reverse(loss: Any, alpha: float = 0.1, beta: float = 1.0) -> Loss:
    """Return alpha l plus beta times reverse cross-entropy (Wang et al., 2019: the symmetric cross-entropy of l).

    >>> with_reverse("cross_entropy").name
    '0.1 cross_entropy + 1 reverse_cross_entropy'
    """
    return weighted_sum(inner_loss(loss, ("logits",), "with_reverse"), as_loss("reverse_cross_entropy"), alpha, beta)
