"""Losses of several labels that are no sum over them: refuted by a law of the label vectors, or left alone."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from losscheck.theorems import miscalibrated_labels
from tests.quality.score_questions import ask, lifted, verdict


def softplus(x: Any) -> Any:
    return np.logaddexp(0, x)


def pairs(z: Any, y: Any) -> Any:
    """Every relevant label above every other one: nothing is asked where there is no pair."""
    both = y[:, :, None] * (1 - y)[:, None, :]
    return np.sum(both * softplus(z[:, None, :] - z[:, :, None]), axis=(1, 2))


def positives(z: Any, y: Any) -> Any:
    """The softmax loss of every relevant label."""
    return -np.sum(y * (z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))), axis=1)


def zlpr(z: Any, y: Any) -> Any:
    return np.log1p(np.sum(y * np.exp(-z), axis=1)) + np.log1p(np.sum((1 - y) * np.exp(z), axis=1))


def whole(z: Any, y: Any) -> Any:
    """A hinge loss of the worst label: calibrated for the whole vector, not for every label."""
    return np.maximum(0, 1 - np.min((2 * y - 1) * z, axis=1))


def coupled(z: Any, y: Any) -> Any:
    """The logistic loss of every label, and of whether both agree."""
    s = 2 * y - 1
    return np.sum(softplus(-s * z), axis=1) + softplus(-s[:, 0] * s[:, 1] * (z[:, 0] + z[:, 1]))


def separate(z: Any, y: Any) -> Any:
    return np.sum(softplus(-(2 * y - 1) * z), axis=1)


def squared_whole(z: Any, y: Any) -> Any:
    """A squared distance that is no sum over the labels: the minimiser is the mean of the labels all the same."""
    s = 2 * y - 1
    return np.sum((s - z) ** 2, axis=1) + (s[:, 0] - z[:, 0]) * (s[:, 1] - z[:, 1])


def brute(loss: Any, p: list[float], i: int) -> tuple[float, float]:
    """The least risk on a grid over the scores that are wrong for label i, and over the others."""
    side = np.linspace(-4, 4, 401)
    a, b = (x.ravel() for x in np.meshgrid(side, side))
    z = np.stack([a, b], axis=1)
    risk = sum(w * loss(z, np.tile(y, (len(z), 1))) for w, y in zip(p, ([0, 0], [0, 1], [1, 0], [1, 1]), strict=True))
    eta = sum(w for w, y in zip(p, ([0, 0], [0, 1], [1, 0], [1, 1]), strict=True) if y[i])
    wrong = z[:, i] * (eta - 0.5) <= 0
    return float(np.min(risk[wrong])), float(np.min(risk[~wrong]))


@pytest.mark.parametrize("loss", [pairs, positives], ids=lambda f: str(f.__name__))
@pytest.mark.parametrize("k", [2, 3])
def test_vectors_of_which_nothing_is_said(loss: Any, k: int) -> None:
    assert verdict(loss, "classification_calibrated", "multilabel", k) == "refuted"
    assert verdict(loss, "recovers_probability", "multilabel", k) == "refuted"


@pytest.mark.parametrize("loss", [zlpr, whole, coupled], ids=lambda f: str(f.__name__))
def test_laws(loss: Any) -> None:
    found = ask(loss, "classification_calibrated", "multilabel", 2)
    assert found.verdict == "refuted"
    assert found.witness is not None
    wrong, right = brute(loss, [float(Fraction(x)) for x in found.witness["p"]], found.witness["label"])
    assert wrong <= right + 1e-9


def test_calibrated_ones_are_not_refuted() -> None:
    assert verdict(separate, "classification_calibrated", "multilabel", 2) == "proved"
    assert miscalibrated_labels.unheard(lifted(separate, "multilabel", 2), "classification_calibrated") is None
    for loss in (separate, squared_whole):
        assert miscalibrated_labels.by_law(lifted(loss, "multilabel", 2)) is None


@pytest.mark.parametrize(
    "change",
    [{"i": 1}, {"z": ["4", "4"]}, {"z": ["0", "0"]}, {"flows": []}, {"p": ["1/4"] * 4}, {"p": ["1", "1", "0", "0"]}],
    ids=str,
)  # fmt: skip
def test_forged(change: dict[str, Any]) -> None:
    good = ask(zlpr, "classification_calibrated", "multilabel", 2).certificate
    assert good is not None
    forged = copy.deepcopy(good)
    forged["proof"].update(change)
    with pytest.raises(verifier.CertificateRejected):
        verifier.verify(forged)
