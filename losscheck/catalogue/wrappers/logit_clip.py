"""LogitClip: scores longer than tau are shortened to length tau, in the same direction.

The clip is the projection onto a ball: continuous, 1-Lipschitz, and it keeps the order of the scores of a row. Every
continuous loss becomes bounded, so the excess risk of the minimiser under label noise is bounded (Wei et al., 2023).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from losscheck.catalogue.wrappers.wrapped import inner_loss, outer_loss
from losscheck.loss import Loss


@dataclass(frozen=True)
class _LogitClip:
    inner: Loss
    tau: float

    def __call__(self, z: Any, y: Any) -> Any:
        xp = array_namespace(z)
        squares = xp.sum(z**2, axis=1)
        scale = self.tau / xp.sqrt(xp.maximum(squares, xp.full_like(squares, self.tau**2)))
        return self.inner(z * scale[:, None], y)


def logit_clip(loss: Any, tau: float = 1.0) -> Loss:
    """Return l(z min(1, tau / |z|), y) for a loss of logits.

    Raises
    ------
    ValueError
        When tau is not positive or the loss is of another kind.

    >>> logit_clip("cross_entropy", 2.0).name
    'logit_clip(cross_entropy, 2)'
    """
    if not tau > 0:
        raise ValueError(f"tau={tau!r}; give a positive norm")
    inner = inner_loss(loss, ("logits",), "logit_clip")
    return outer_loss(_LogitClip(inner, tau), f"logit_clip({inner.name}, {tau:g})", "logits")
