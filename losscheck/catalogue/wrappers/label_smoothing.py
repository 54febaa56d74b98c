"""Label smoothing: each label kept with weight 1 - eps, the rest spread over all classes.

The conditional risk at p is the unsmoothed one at (1 - eps) p + eps / K, whose most probable class is that of p while
eps < 1: a classification-calibrated loss stays so. A symmetric loss only gains a constant. A loss whose minimiser
recovers p now recovers the smoothed p (Szegedy et al., 2016).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.wrappers.wrapped import every_label, inner_loss, outer_loss
from losscheck.loss import Loss


@dataclass(frozen=True)
class _LabelSmoothing:
    inner: Loss
    eps: float

    def __call__(self, z: Any, y: Any) -> Any:
        spread = array_namespace(z).mean(every_label(self.inner, z, y), axis=1)
        return (1 - self.eps) * self.inner(z, y) + self.eps * spread


def label_smoothing(loss: Any, eps: float = 0.1) -> Loss:
    """Return (1 - eps) l(z, y) + eps mean_k l(z, k), for a loss of logits or of probabilities (kind simplex).

    Raises
    ------
    ValueError
        When eps is not in [0, 1) or the loss is of another kind.

    >>> label_smoothing("cross_entropy").name
    'label_smoothing(cross_entropy, 0.1)'
    """
    if not 0 <= eps < 1:
        raise ValueError(f"eps={eps!r}; give a weight in [0, 1)")
    inner = inner_loss(loss, ("logits", "simplex"), "label_smoothing")
    return outer_loss(_LabelSmoothing(inner, eps), f"label_smoothing({inner.name}, {eps:g})", inner.kind)
