"""Margins: the label's own score is lowered, by one number (CosFace), one a class (LDAM) or as an angle (ArcFace).

Lowering by constants keeps convexity and the Lipschitz constant; for a loss that falls with the label's score it only
raises the loss. With the same margin for all classes the risk stays symmetric in the classes; calibration may go
(`losscheck.audit` decides it).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import is_label
from losscheck.catalogue.wrappers.wrapped import inner_loss, outer_loss
from losscheck.loss import Loss


@dataclass(frozen=True)
class _LabelMargin:
    inner: Loss
    margins: tuple[float, ...]

    def __call__(self, z: Any, y: Any) -> Any:
        xp = array_namespace(z)
        margins = xp.asarray(list(self.margins), dtype=z.dtype)[None, :]
        return self.inner(xp.where(is_label(z, y), z - margins, z), y)


@dataclass(frozen=True)
class _AngularMargin:
    inner: Loss
    m: float

    def __call__(self, z: Any, y: Any) -> Any:
        xp = array_namespace(z)
        squared = (1 - z) * (1 + z)
        sine = xp.sqrt(xp.maximum(squared, xp.full_like(squared, 1e-12)))
        widened = z * math.cos(self.m) - sine * math.sin(self.m)
        # Beyond theta = pi - m the cosine would rise again: it goes on falling instead.
        lowered = xp.where(z > -math.cos(self.m), widened, -2 - widened)
        return self.inner(xp.where(is_label(z, y), lowered, z), y)


def label_margin(loss: Any, margin: float | Sequence[float]) -> Loss:
    """Return l(z - margin_y e_y, y) for a loss of logits: one margin for all classes, or one for each.

    Raises
    ------
    ValueError
        When the loss is of another kind.

    >>> label_margin("cross_entropy", 0.35).name
    'label_margin(cross_entropy)'
    """
    inner = inner_loss(loss, ("logits",), "label_margin")
    margins = (float(margin),) if isinstance(margin, int | float) else tuple(margin)
    return outer_loss(_LabelMargin(inner, margins), f"label_margin({inner.name})", "logits")


def angular_margin(loss: Any, m: float = 0.5) -> Loss:
    """Return l of cosines z whose label's angle is widened by m, for a loss of logits.

    Raises
    ------
    ValueError
        When m is not in [0, pi / 2) or the loss is of another kind.

    >>> angular_margin("cross_entropy").signature
    'z:(N,K):[-1,1] y:(N,):index'
    """
    if not 0 <= m < math.pi / 2:
        raise ValueError(f"m={m!r}; give an angle in [0, pi / 2)")
    inner = inner_loss(loss, ("logits",), "angular_margin")
    label = f"angular_margin({inner.name}, {m:g})"
    return outer_loss(_AngularMargin(inner, m), label, "logits", "z:(N,K):[-1,1] y:(N,):index")
