"""Canonical losses: F(z) - z_y for a convex F whose gradient is a distribution (LegendreTron, Lam et al., 2023).

The conditional risk at p is F(z) - p.z, least where grad F(z) = p: the loss is convex, and z recovers p through the
link grad F. Here F is one layer of log-sum-exp over rows of a stochastic matrix,

    F(z) = log sum_j exp(b_j . z + c_j),   grad F(z) = B^T softmax(B z + c),

which is cross-entropy for B the identity and c = 0. The gradient lies in the convex hull of the rows of B: where that
is not the whole simplex, p outside it have no finite minimiser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from losscheck.arrays import at_label, logsumexp
from losscheck.catalogue.wrappers.wrapped import outer_loss
from losscheck.loss import Loss


@dataclass(frozen=True)
class _Canonical:
    mixing: tuple[tuple[float, ...], ...]
    offsets: tuple[float, ...]

    def __call__(self, z: Any, y: Any) -> Any:
        xp = array_namespace(z)
        columns = []
        for row, offset in zip(self.mixing, self.offsets, strict=True):
            score = row[0] * z[:, 0] + offset
            for k in range(1, len(row)):
                score = score + row[k] * z[:, k]
            columns.append(score)
        return logsumexp(xp.stack(columns, axis=1)) - at_label(z, y)


def canonical(mixing: Sequence[Sequence[float]], offsets: Sequence[float] | None = None) -> Loss:
    """Return the canonical loss of kind logits; audit it with n_classes=len(mixing[0]).

    Raises
    ------
    ValueError
        When a row is no distribution, or the offsets do not fit.

    >>> canonical([[1.0, 0.0], [0.0, 1.0]]).kind
    'logits'
    """
    rows = tuple(tuple(float(x) for x in row) for row in mixing)
    shifts = (0.0,) * len(rows) if offsets is None else tuple(map(float, offsets))
    if not rows or len({len(row) for row in rows}) != 1 or len(shifts) != len(rows):
        raise ValueError(f"{len(rows)} rows and {len(shifts)} offsets; give rows of one length and one offset for each")
    if any(min(row) < 0 or abs(sum(row) - 1) > 1e-12 for row in rows):
        raise ValueError("a row of mixing is no distribution; give nonnegative rows of sum 1")
    return outer_loss(_Canonical(rows, shifts), f"canonical({len(rows)} rows)", "logits")
