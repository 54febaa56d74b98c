"""SphereFace2: a margin loss of every class's own cosine, with a margin on both sides (Wen et al., 2022).

One class against the rest, K times: with g(c) = 2 ((c + 1) / 2)^t - 1,

    lam / r phi(r (g(z_y) - m) + b) + (1 - lam) / r sum_{k != y} phi(-r (g(z_k) + m) - b).

For a convex phi and t = 1 it is convex. For m = 0, t = 1 and phi with the link psi of a strictly proper binary loss,
the best z_k has r z_k + b = psi(lam p_k / (lam p_k + (1 - lam) (1 - p_k))), which grows with p_k: the order of the
classes is kept as far as cosines reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from losscheck.arrays import at_label, sum_others
from losscheck.catalogue.cosine_margins import SIGNATURE
from losscheck.catalogue.wrappers.wrapped import inner_loss, outer_loss
from losscheck.loss import Loss


@dataclass(frozen=True)
class _TwoSidedMargin:
    inner: Loss
    lam: float
    r: float
    m: float
    t: float
    b: float

    def __call__(self, z: Any, y: Any) -> Any:
        similarity = 2 * ((z + 1) / 2) ** self.t - 1
        own = self.inner(self.r * (at_label(similarity, y) - self.m) + self.b)
        others = self.inner((-self.r * (similarity + self.m) - self.b).reshape(-1)).reshape(z.shape)
        return self.lam / self.r * own + (1 - self.lam) / self.r * sum_others(others, y)


def two_sided_margin(
    loss: Any, lam: float = 0.7, r: float = 40.0, m: float = 0.4, t: float = 3, b: float = -10.0
) -> Loss:
    """Return the sum over the classes of a margin loss of their cosines: SphereFace2 for the logistic loss.

    Raises
    ------
    ValueError
        When lam is not in (0, 1), r is not positive, m is not in [0, 1), t is below 1, or the loss is of another kind.

    >>> two_sided_margin("logistic").name
    'two_sided_margin(logistic)'
    """
    for name, value, allowed, fits in (
        ("lam", lam, "a weight in (0, 1)", 0 < lam < 1),
        ("r", r, "a positive scale", r > 0),
        ("m", m, "a margin in [0, 1)", 0 <= m < 1),
        ("t", t, "a power of at least 1", t >= 1),
    ):
        if not fits:
            raise ValueError(f"{name}={value!r}; give {allowed}")
    inner = inner_loss(loss, ("margin",), "two_sided_margin")
    return outer_loss(_TwoSidedMargin(inner, lam, r, m, t, b), f"two_sided_margin({inner.name})", "logits", SIGNATURE)
