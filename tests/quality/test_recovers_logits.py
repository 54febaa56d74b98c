"""Recovery of p by softmax: losses that recover it, and the same losses with one thing changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from losscheck.lifting.lifting import lift
from losscheck.theorems.recovers_logits import recovers
from losscheck.verdict import Verdict
from losscheck.verifier import CertificateRejected, verify


def lse(z: Any) -> Any:
    m = np.max(z, axis=-1, keepdims=True)
    return m[..., 0] + np.log(np.sum(np.exp(z - m), axis=-1))


def lsm(z: Any) -> Any:
    return z - lse(z)[..., None]


def softmax(z: Any) -> Any:
    return np.exp(lsm(z))


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def pick(a: Any, y: Any) -> Any:
    return np.take_along_axis(a, y[..., None], axis=-1)[..., 0]


def onehot(y: Any, a: Any) -> Any:
    return (y[..., None] == np.arange(a.shape[-1])).astype(a.dtype)


def total(a: Any) -> Any:
    return np.sum(a, axis=-1)


def others(z: Any, y: Any, phi: Any) -> Any:
    """The sum over j != y of phi(z_j - z_y)."""
    return total((1 - onehot(y, z)) * phi(z - pick(z, y)[..., None]))


LOSSES: dict[str, tuple[Any, int, bool | None]] = {
    "cross-entropy": (lambda z, y: -pick(lsm(z), y), 3, True),
    "cross-entropy K=2": (lambda z, y: -pick(lsm(z), y), 2, True),
    "pairwise logistic": (lambda z, y: others(z, y, lambda d: np.logaddexp(0.0, d)), 3, True),
    "Brier": (lambda z, y: total((softmax(z) - onehot(y, z)) ** 2), 3, True),
    "spherical": (lambda z, y: -pick(softmax(z), y) / np.sqrt(total(softmax(z) ** 2)), 3, True),
    "pairwise logistic, twice as steep": (lambda z, y: others(z, y, lambda d: np.logaddexp(0.0, 2 * d)), 3, False),
    "pairwise exponential": (lambda z, y: others(z, y, np.exp), 3, False),
    "one against all": (lambda z, y: total(np.logaddexp(0.0, -(2 * onehot(y, z) - 1) * z)), 3, False),
    "a little label smoothing": (lambda z, y: -0.99 * pick(lsm(z), y) - 0.01 * total(lsm(z)) / 3, 3, False),
    "Brier of a steeper softmax": (lambda z, y: total((softmax(1.5 * z) - onehot(y, z)) ** 2), 3, False),
    # no minimiser away from uniform p: minimising sequences go to a vertex, not to p
    "MAE": (lambda z, y: 1 - pick(softmax(z), y), 3, False),
    # every point minimises: not every minimising sequence has softmax(z) -> p
    "constant": (lambda z, y: 0 * pick(z, y) + 1, 3, False),
    # the quadratic term moves the minimiser by less than 1e-3
    "cross-entropy with a small l2": (lambda z, y: -pick(lsm(z), y) + total(z**2) / 4096, 3, False),
    # proper, but nothing recovers p once classes are swapped
    "the wrong class": (lambda z, y: -pick(lsm(z[..., ::-1]), y), 3, False),
    # an epsilon inside the logarithm moves the minimiser by 1e-12
    "cross-entropy with an epsilon": (lambda z, y: -np.log(pick(softmax(z), y) + 1e-12), 3, False),
    # not convex, and common shifts count: the whole line log p + c is worse than another point
    "one against all, focal": (
        lambda z, y: total(
            np.where(onehot(y, z) > 0, 1 - sigmoid(z), sigmoid(z)) ** 2
            * np.logaddexp(0.0, np.where(onehot(y, z) > 0, -z, z))
        ),
        3,
        False,
    ),
    "one against all, squared sigmoids": (lambda z, y: total((onehot(y, z) - sigmoid(z)) ** 2), 3, False),
    # p is best on its line, where the scores add up to 0
    "cross-entropy and the squared sum": (lambda z, y: -pick(lsm(z), y) + total(z) ** 2, 3, True),
    "Brier and the squared sum": (
        lambda z, y: total((softmax(z) - onehot(y, z)) ** 2) + np.tanh(total(z)) ** 2,
        3,
        True,
    ),
    # rare classes are given up
    "cross-entropy up to 3": (lambda z, y: np.minimum(-pick(lsm(z), y), 3.0), 3, False),
    # below the clamp the loss is flat: a class of probability 1e-8 is given up
    "clamped cross-entropy": (lambda z, y: -np.log(np.clip(pick(softmax(z), y), 1e-7, 1.0)), 3, False),
}
SILENT = {"cross-entropy and the squared sum", "Brier and the squared sum"}


@pytest.mark.parametrize("name", list(LOSSES))
def test_never_wrong_and_mostly_decided(name: str) -> None:
    loss, k, truth = LOSSES[name]
    outcome = recovers(lift(loss, kind="logits", n_classes=k), "softmax")
    assert outcome.verdict is not (Verdict.REFUTED if truth else Verdict.PROVED), outcome.message
    if name not in SILENT:
        assert outcome.verdict is (Verdict.PROVED if truth else Verdict.REFUTED), outcome.message
        assert outcome.certificate is not None
        assert verify(outcome.certificate).params == {"link": "softmax"}


@pytest.mark.parametrize(("change", "wanted"), [
    ({"line": "2"}, "above the level"),  # above the risk at log p
    ({"line": "1/1000"}, "not below"),
    ({"radius": "0"}, "positive radius"),
    ({"p": ["1", "0", "0"]}, "interior"),
])  # fmt: skip
def test_a_line_that_lies(change: dict[str, Any], wanted: str) -> None:
    outcome = recovers(lift(LOSSES["one against all, focal"][0], kind="logits", n_classes=3), "softmax")
    assert outcome.certificate is not None
    assert "line" in outcome.certificate["proof"]
    forged = {**outcome.certificate, "proof": {**outcome.certificate["proof"], **change}}
    with pytest.raises(CertificateRejected, match=wanted):
        verify(forged)


def test_another_link_is_no_link() -> None:
    with pytest.raises(ValueError, match="the only one is 'softmax'"):
        recovers(lift(LOSSES["cross-entropy"][0], kind="logits", n_classes=3), "probit")
