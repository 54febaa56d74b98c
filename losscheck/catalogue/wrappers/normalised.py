"""Normalised losses: the loss of the label over the sum of the losses of all labels.

The result adds up to 1 over the labels, so it is symmetric and, by Ghosh, Kumar, Sastry (2017), tolerant of uniform
noise of any rate below (K - 1) / K (Ma et al., 2020, Lemma 1). For a nonnegative loss it lies in [0, 1]. It need not
stay calibrated: the minimiser may run to infinity and lose the order of the classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.wrappers.wrapped import every_label, inner_loss, outer_loss
from losscheck.loss import Loss


@dataclass(frozen=True)
class _Normalised:
    inner: Loss

    def __call__(self, z: Any, y: Any) -> Any:
        return self.inner(z, y) / array_namespace(z).sum(every_label(self.inner, z, y), axis=1)


def normalised(loss: Any) -> Loss:
    """Return l(z, y) / sum_k l(z, k) for a loss of logits that is nonnegative and never zero for all labels.

    Raises
    ------
    ValueError
        When the loss is of another kind.

    >>> normalised("cross_entropy").name
    'normalised(cross_entropy)'
    """
    inner = inner_loss(loss, ("logits",), "normalised")
    return outer_loss(_Normalised(inner), f"normalised({inner.name})", "logits")
