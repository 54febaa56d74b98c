"""Forward and backward correction for label noise with known transitions T_jk = P(noisy label k | clean label j).

Backward (Patrini et al., 2017, Theorem 1): the expectation over noisy labels of the corrected loss is the clean loss,
for every loss and invertible T; so its minimisers under noise are the clean ones. It may be unbounded below. Forward
(Theorem 2): for a strictly proper loss of probabilities the minimiser under noise is the clean one, since q T = p T
only for q = p when T is invertible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from array_api_compat import array_namespace

from losscheck.arrays import softmax
from losscheck.catalogue.wrappers.wrapped import every_label, inner_loss, outer_loss
from losscheck.loss import Loss

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class _Backward:
    inner: Loss
    inverse: Rows

    def __call__(self, z: Any, y: Any) -> Any:
        xp = array_namespace(z)
        rows = xp.asarray([list(row) for row in self.inverse], dtype=z.dtype)
        return xp.sum(rows[y] * every_label(self.inner, z, y), axis=1)


@dataclass(frozen=True)
class _Forward:
    inner: Loss
    transitions: Rows

    def __call__(self, z: Any, y: Any) -> Any:
        rows = array_namespace(z).asarray([list(row) for row in self.transitions], dtype=z.dtype)
        return self.inner(softmax(z) @ rows, y)


def _stochastic(transitions: Sequence[Sequence[float]]) -> Rows:
    rows = tuple(tuple(float(x) for x in row) for row in transitions)
    table = np.array(rows)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or (table < 0).any() or abs(table.sum(1) - 1).max() > 1e-9:
        raise ValueError(
            f"transitions={[list(r) for r in rows]!r}; give a square matrix with nonnegative rows of sum 1"
        )
    if np.linalg.matrix_rank(table) < len(rows):
        raise ValueError("transitions has no inverse: the clean labels cannot be told from the noisy ones")
    return rows


def backward_correction(loss: Any, transitions: Sequence[Sequence[float]]) -> Loss:
    """Return sum_k (T^-1)_yk l(z, k) for a loss of logits; audit it with n_classes=len(transitions).

    Raises
    ------
    ValueError
        When T is not an invertible stochastic matrix, or the loss is of another kind.

    >>> backward_correction("cross_entropy", [[0.75, 0.25], [0.25, 0.75]]).name
    'backward_correction(cross_entropy)'
    """
    inner = inner_loss(loss, ("logits",), "backward_correction")
    inverse = np.linalg.inv(np.array(_stochastic(transitions)))
    rows = tuple(tuple(float(x) for x in row) for row in inverse)
    return outer_loss(_Backward(inner, rows), f"backward_correction({inner.name})", "logits")


def forward_correction(loss: Any, transitions: Sequence[Sequence[float]]) -> Loss:
    """Return l(softmax(z) T, y), of kind logits, for a loss of probabilities (kind simplex).

    Raises
    ------
    ValueError
        When T is not an invertible stochastic matrix, or the loss is of another kind.

    >>> forward_correction("log_score", [[0.75, 0.25], [0.25, 0.75]]).kind
    'logits'
    """
    inner = inner_loss(loss, ("simplex",), "forward_correction")
    return outer_loss(_Forward(inner, _stochastic(transitions)), f"forward_correction({inner.name})", "logits")
