"""Temperature: the scores over a positive number.

z -> z / tau is a bijection that keeps the order of scores, so classification calibration, symmetry, convexity,
boundedness and invariances stay as they were; Lipschitz constants are divided by tau, smoothness by tau^2; and where
softmax(z) recovered p, softmax(z / tau) does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from losscheck.catalogue.wrappers.wrapped import inner_loss, outer_loss
from losscheck.loss import Loss


@dataclass(frozen=True)
class _Temperature:
    inner: Loss
    tau: float

    def __call__(self, z: Any, *rest: Any) -> Any:
        return self.inner(z / self.tau, *rest)


def temperature(loss: Any, tau: float) -> Loss:
    """Return l(z / tau, y) for a loss of scores (kind margin, binary, signed, logits or multilabel).

    Raises
    ------
    ValueError
        When tau is not positive or the loss is of another kind.

    >>> temperature("hinge", 2.0).name
    'temperature(hinge, 2)'
    """
    if not tau > 0:
        raise ValueError(f"tau={tau!r}; give a positive temperature")
    inner = inner_loss(loss, ("margin", "binary", "signed", "logits", "multilabel"), "temperature")
    return outer_loss(_Temperature(inner, tau), f"temperature({inner.name}, {tau:g})", inner.kind, inner.signature)
