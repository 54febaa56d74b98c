"""Losses that see their scores through one function of the line: what carries over, and what does not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from losscheck.catalogue.maps_ratio_losses import stablemax_cross_entropy
from tests.quality.score_questions import ask, picked, verdict

Loss = Callable[[Any, Any], Any]


def cross_entropy(z: Any, y: Any) -> Any:
    top = np.max(z, axis=-1, keepdims=True)
    return np.log(np.sum(np.exp(z - top), axis=-1)) + top[..., 0] - picked(z, y)


def behind(g: Callable[[Any], Any], loss: Loss = cross_entropy) -> Loss:
    """The loss of g of every score."""
    return lambda z, y: loss(g(z), y)


def absolute_error(z: Any, y: Any) -> Any:
    return 1 - np.exp(-cross_entropy(z, y))


def elu(v: Any) -> Any:
    return np.where(v > 0, v, np.exp(np.minimum(v, 0)) - 1)


def wide(v: Any) -> Any:
    return np.where(v > 0, 2 * v, v)


LEAKY = behind(wide)
PROVED = {
    "StableMax": stablemax_cross_entropy,
    "leaky scores": LEAKY,
    "cubes and scores": behind(lambda v: v**3 + v),
    "signed roots": behind(lambda v: np.where(v > 0, 1, -1) * np.sqrt(np.abs(v))),
    "flat between -1 and 1": behind(lambda v: np.maximum(0, v - 1) + np.minimum(0, v + 1)),
    # one infinite end, and a loss that sees differences only
    "ReLU": behind(lambda v: np.maximum(0, v)),
    "ELU": behind(elu),
}
NOT_PROVED = {
    "a bounded function": behind(lambda v: 3 * np.tanh(v)),
    "a step": behind(lambda v: v + np.where(v > 0, 1.0, 0.0)),
    "a decreasing function": behind(lambda v: -v),
    "a hat": behind(np.abs),
    "a function of its own for one class": behind(lambda v: v * np.array([1.0, 2.0])),
    # squares see more than differences, so that scores above 0 alone are not all scores
    "half a line": behind(elu, lambda z, y: np.sum(z**2, axis=-1) - 2 * picked(z, y) + 4 * np.sum(z, axis=-1)),
}


@pytest.mark.parametrize("name", PROVED)
def test_proved(name: str) -> None:
    assert verdict(PROVED[name], "classification_calibrated", "logits", 2) == "proved"


def test_the_top_k_carries_over() -> None:
    assert verdict(stablemax_cross_entropy, "topk_calibrated", "logits", 3, k=2) == "proved"
    assert verdict(behind(wide, absolute_error), "classification_calibrated", "logits", 3) == "proved"
    assert verdict(behind(wide, absolute_error), "topk_calibrated", "logits", 3, k=2) == "refuted"


@pytest.mark.parametrize("name", NOT_PROVED)
def test_each_hypothesis(name: str) -> None:
    assert verdict(NOT_PROVED[name], "classification_calibrated", "logits", 2) != "proved"


def test_other_properties_do_not_carry_over() -> None:
    sound = ask(LEAKY, "classification_calibrated", "logits", 2).certificate
    assert sound is not None
    made = copy.deepcopy(sound)
    made["proof"]["proof"] = {"rule": "convex_by_curvature"}
    made["claim"]["property"] = "convex"
    with pytest.raises(verifier.CertificateRejected, match="not that of the loss behind"):
        verifier.verify(made)
