"""Logit losses written after the theorems, with truths by hand: how far does the library reach, and is it ever wrong?

Each row: loss, K, calibrated, recovers p by softmax. The comments say why.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from losscheck.lifting.lifting import lift
from losscheck.theorems.calibrated_logits import calibrated
from losscheck.theorems.recovers_logits import recovers
from losscheck.verdict import Verdict


def lse(z: Any) -> Any:
    m = np.max(z, axis=-1, keepdims=True)
    return m[..., 0] + np.log(np.sum(np.exp(z - m), axis=-1))


def lsm(z: Any) -> Any:
    return z - lse(z)[..., None]


def pick(a: Any, y: Any) -> Any:
    return np.take_along_axis(a, y[..., None], axis=-1)[..., 0]


def onehot(y: Any, a: Any) -> Any:
    return (y[..., None] == np.arange(a.shape[-1])).astype(a.dtype)


def prob(z: Any, y: Any) -> Any:
    return np.exp(pick(lsm(z), y))


def total(a: Any) -> Any:
    return np.sum(a, axis=-1)


def softplus(x: Any) -> Any:
    return np.logaddexp(0.0, x)


def taylor_ce(z: Any, y: Any) -> Any:
    q = 1 - prob(z, y)
    return q + q**2 / 2 + q**3 / 3


def jensen_shannon(z: Any, y: Any) -> Any:
    s = prob(z, y)
    return -0.5 * np.log1p(s) + 0.5 * (s * pick(lsm(z), y) - s * np.log1p(s))


def multi_margin_squared(z: Any, y: Any) -> Any:
    gap = 1 - pick(z, y)[..., None] + z
    return total((1 - onehot(y, z)) * np.maximum(gap, 0.0) ** 2) / z.shape[-1]


def entropy_regularised(z: Any, y: Any) -> Any:
    return -pick(lsm(z), y) + 0.5 * total(np.exp(lsm(z)) * lsm(z))


def balanced_softmax(z: Any, y: Any) -> Any:
    return -pick(lsm(z + np.log(np.asarray([0.4, 0.3, 0.2, 0.1]))), y)


def pseudo_spherical(z: Any, y: Any) -> Any:
    p = np.exp(lsm(z))
    return -(pick(p, y) ** 2) / total(p**3) ** (2.0 / 3.0)


def crammer_singer(z: Any, y: Any) -> Any:
    return np.maximum(0.0, np.max(z + 2.0 * (1 - onehot(y, z)), axis=-1) - pick(z, y))


LOSSES: dict[str, tuple[Any, int, bool, bool]] = {
    # phi(s) = -log(s)/10 + 4 (1 - s), decreasing; (4 s + 1/10) / s is not proportional to 1/s
    "symmetric cross-entropy": (lambda z, y: -0.1 * pick(lsm(z), y) + 4 * (1 - prob(z, y)), 3, True, False),
    # phi' = -(1 + q + q^2) < 0; p_i (1 + q_i + q_i^2) is not constant at s = p
    "Taylor cross-entropy": (taylor_ce, 3, True, False),
    # phi' = log(s / (1 + s)) / 2 < 0
    "Jensen-Shannon": (jensen_shannon, 3, True, False),
    # order preserved; at the optimum softmax(z) is p tilted by the margin
    "cross-entropy with a margin": (lambda z, y: -pick(lsm(z - 0.5 * onehot(y, z)), y), 3, True, False),
    # pairwise comparison with a differentiable convex function (Zhang 2004)
    "squared multi-margin": (multi_margin_squared, 4, True, False),
    # z* = 3 p
    "least squares to 3 e_y": (lambda z, y: total((z - 3 * onehot(y, z)) ** 2) / 3, 3, True, False),
    # phi = -(1 - s)^(1/2) log s, decreasing
    "focal 1/2": (lambda z, y: -((1 - prob(z, y)) ** 0.5) * pick(lsm(z), y), 3, True, False),
    # z_i* = log(2 p_i / (1 - p_i)), increasing in p_i
    "one against all, positives twice": (
        lambda z, y: total(2 * onehot(y, z) * softplus(-z) + (1 - onehot(y, z)) * softplus(z)), 3, True, False,
    ),
    # argmax p / prior
    "balanced softmax": (balanced_softmax, 4, False, False),
    # margin 2 instead of 1: the full tie is optimal while max p < 1/2
    "Crammer-Singer, margin 2": (crammer_singer, 4, False, False),
    # the pseudo-spherical score of degree 3 is strictly proper
    "pseudo-spherical": (pseudo_spherical, 3, True, True),
    # phi = -log s, and s log s in common moves the minimiser towards uniform
    "entropy regularised": (entropy_regularised, 3, True, False),
    # constants per class change no minimiser
    "cross-entropy plus class constants": (
        lambda z, y: -pick(lsm(z), y) + np.asarray([0.0, 1.0, 5.0])[y], 3, True, True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(LOSSES))
def test_unseen_losses_are_never_answered_wrongly(name: str) -> None:
    loss, k, is_calibrated, is_recovering = LOSSES[name]
    lifted = lift(loss, kind="logits", n_classes=k)
    for outcome, truth in ((calibrated(lifted), is_calibrated), (recovers(lifted, "softmax"), is_recovering)):
        assert outcome.verdict is not (Verdict.REFUTED if truth else Verdict.PROVED), outcome.message
