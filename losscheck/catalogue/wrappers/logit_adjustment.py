"""Logit adjustment: the loss of z + tau log prior.

A shift of the scores by constants: convexity, Lipschitz constants, smoothness and invariance to a common shift stay. A
loss whose minimiser is log p up to a constant now has log(p / prior^tau), so argmax z is argmax p / prior at tau = 1
(Menon et al., 2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.wrappers.wrapped import inner_loss, outer_loss
from losscheck.loss import Loss


@dataclass(frozen=True)
class _LogitAdjustment:
    inner: Loss
    prior: tuple[float, ...]
    tau: float

    def __call__(self, z: Any, y: Any) -> Any:
        xp = array_namespace(z)
        return self.inner(z + self.tau * xp.log(xp.asarray(list(self.prior), dtype=z.dtype))[None, :], y)


def logit_adjustment(loss: Any, prior: Sequence[float], tau: float = 1.0) -> Loss:
    """Return l(z + tau log prior, y) for a loss of logits; audit it with n_classes=len(prior).

    Raises
    ------
    ValueError
        When the prior is not positive or the loss is of another kind.

    >>> logit_adjustment("cross_entropy", [0.5, 0.25, 0.25]).name
    'logit_adjustment(cross_entropy)'
    """
    if len(prior) < 2 or not all(share > 0 for share in prior):
        raise ValueError(f"prior={list(prior)!r}; give one positive frequency for each of at least two classes")
    inner = inner_loss(loss, ("logits",), "logit_adjustment")
    return outer_loss(_LogitAdjustment(inner, tuple(prior), tau), f"logit_adjustment({inner.name})", "logits")
