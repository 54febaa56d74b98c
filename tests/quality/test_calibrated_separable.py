"""One-versus-rest losses: calibrated without convexity, and losses that break each hypothesis."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from tests.quality.score_questions import ask, one_hot, verdict

Side = Callable[[Any], Any]


def each(a: Side, b: Side) -> Callable[[Any, Any], Any]:
    """The sum of a(z_y) and all other b(z_j)."""
    return lambda z, y: np.sum(np.where(one_hot(y, z) > 0, a(z), b(z)), axis=-1)


def sigmoid(v: Any) -> Any:
    return 1 / (1 + np.exp(-v))


TRUE = {
    "Brier of sigmoids": each(lambda v: sigmoid(-v) ** 2, lambda v: sigmoid(v) ** 2),
    "tanh": each(lambda v: (1 - np.tanh(v)) ** 2, lambda v: np.tanh(v) ** 2),
    "squared hinges, one weighted": each(
        lambda v: 1.3 * np.maximum(0, 1 - v) ** 2, lambda v: np.maximum(0, 0.7 + v) ** 2
    ),
}


@pytest.mark.parametrize("name", TRUE)
def test_proved(name: str) -> None:
    assert verdict(TRUE[name], "classification_calibrated", "logits", 3) == "proved"
    assert verdict(TRUE[name], "topk_calibrated", "logits", 4, k=2) == "proved"


NOT_PROVED = {
    # a'/b' tends to -1 at +inf: all scores at infinity are as good
    "sigmoids": each(lambda v: sigmoid(-v), sigmoid),
    # kinks: ties at the kinks are best near p = 1/2
    "hinges": each(lambda v: np.maximum(0, 1 - v), lambda v: np.maximum(0, 1 + v)),
    # without bound below
    "unhinged": each(lambda v: -v, lambda v: v),
    # a - b rises
    "turned round": each(lambda v: np.logaddexp(0, v), lambda v: np.logaddexp(0, -v)),
    # a - b is constant between -1 and 1
    "dead zone": each(lambda v: np.maximum(0, -1 - v) ** 2, lambda v: np.maximum(0, v - 1) ** 2),
    # jumps
    "step": each(lambda v: np.where(v > 0, 0, 1) + np.exp(-v), lambda v: np.where(v > 0, 0, 1) + np.exp(v)),
}


@pytest.mark.parametrize("name", NOT_PROVED)
def test_each_hypothesis(name: str) -> None:
    assert verdict(NOT_PROVED[name], "classification_calibrated", "logits", 3) != "proved"
    assert verdict(NOT_PROVED[name], "topk_calibrated", "logits", 4, k=2) != "proved"


def test_weights_of_classes() -> None:
    def weighted(z: Any, y: Any) -> Any:
        return np.where(y == 0, 2.0, 1.0) * TRUE["Brier of sigmoids"](z, y)

    assert verdict(weighted, "classification_calibrated", "logits", 3) != "proved"


def test_forged() -> None:
    sound = ask(TRUE["Brier of sigmoids"], "classification_calibrated", "logits", 3).certificate
    other = ask(TRUE["tanh"], "classification_calibrated", "logits", 3).certificate
    assert sound is not None
    assert other is not None
    assert sound["proof"]["rule"] == "calibrated_separable"
    for key, value in (("a", other["proof"]["a"]), ("b", sound["proof"]["a"]), ("k", 2), ("k", 0), ("breaks", "0")):
        made = copy.deepcopy(sound)
        made["proof"][key] = value
        with pytest.raises(verifier.CertificateRejected):
            verifier.verify(made)
