"""Mixup of labels: lam l(z, y) + (1 - lam) l(z, w) at the scores of a mixed input (Zhang et al., 2018).

For a loss linear in the label (cross-entropy) this is the loss of the mixed label; with lam = 1/2 it is midpoint mixup
(Chidambaram et al., 2023). Convexity, bounds and calibration of the mixed label carry over, as for any mixture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from losscheck.catalogue.wrappers.wrapped import inner_loss, outer_loss
from losscheck.loss import Loss


@dataclass(frozen=True)
class _Mixup:
    inner: Loss
    lam: float

    def __call__(self, z: Any, y: Any, w: Any) -> Any:
        return self.lam * self.inner(z, y) + (1 - self.lam) * self.inner(z, w)


def mixup(loss: Any, lam: float = 0.5) -> Loss:
    """Return lam l(z, y) + (1 - lam) l(z, w) for a loss of logits and two labels a row.

    Raises
    ------
    ValueError
        When lam is not in [0, 1] or the loss is of another kind.

    >>> mixup("cross_entropy").name
    'mixup(cross_entropy, 0.5)'
    """
    if not 0 <= lam <= 1:
        raise ValueError(f"lam={lam!r}; give a weight in [0, 1]")
    inner = inner_loss(loss, ("logits",), "mixup")
    label = f"mixup({inner.name}, {lam:g})"
    return outer_loss(_Mixup(inner, lam), label, None, "z:(N,K):real y:(N,):index w:(N,):index")
