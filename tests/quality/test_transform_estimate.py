"""T in floats: inside the certified enclosures, exact values, and what no search fits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import losscheck
from losscheck.lifting.lifting import lift
from losscheck.theorems.h_transform import h_transform
from losscheck.theorems.transform_estimate import transform_estimate

TS = [0.15, 0.5, 0.85]


def of_softmax(phi: Any) -> Any:
    def loss(z: Any, y: Any) -> Any:
        e = np.exp(z)
        return phi((e / e.sum(1, keepdims=True))[np.arange(len(y)), y])

    return loss


def sum_loss(f: Any) -> Any:
    def loss(z: Any, y: Any) -> Any:
        return f(z[np.arange(len(y)), y][:, None] - z).sum(1) - f(np.zeros(1))[0]

    return loss


def constrained(f: Any) -> Any:
    def loss(z: Any, y: Any) -> Any:
        values = f(-z)
        return values.sum(1) - values[np.arange(len(y)), y]

    return loss


LOSSES = {
    "root": (of_softmax(lambda s: (1 - s**0.85) / 0.85), 3, "All"),
    "mixed": (of_softmax(lambda s: np.exp(-2 * s) - 0.3 * np.log(s)), 4, "All"),
    "square": (of_softmax(lambda s: (1.1 - s) ** 2), 5, "All"),
    "concave": (of_softmax(lambda s: 1 - s**1.5), 4, "All"),
    "capped": (of_softmax(lambda s: 2 - s - np.sqrt(s)), 3, "Bounded(1)"),
    "sum": (sum_loss(lambda m: np.maximum(0, 1 - m) ** 2), 3, "All"),
    "sum, lines": (sum_loss(lambda m: np.maximum(0, 1 - m)), 3, "All"),
    "constrained": (constrained(lambda m: np.maximum(0, 1 - m)), 4, "All(sum_to_zero)"),
}


@pytest.mark.parametrize("name", LOSSES)
def test_estimates_lie_in_the_enclosures(name: str) -> None:
    loss, k, text = LOSSES[name]
    lifted = lift(loss, kind="logits", n_classes=k)
    ts = TS[1:2] if text.startswith("Bounded") else TS
    values = transform_estimate(lifted, text, ts)
    found = h_transform(lifted, text, ts)
    assert values is not None
    assert found is not None
    assert found.params["t"] == ts
    for value, (low, high) in zip(values, found.bounds, strict=True):
        assert low - 1e-8 <= value <= high + 1e-5


@pytest.mark.parametrize("text", ["All", "Bounded(1/2)", "Linear(2, 1/4)"])
def test_two_classes(text: str) -> None:
    lifted = lift(lambda v: np.where(v > 0, np.exp(-v), 1 - v), kind="margin")
    values, found = transform_estimate(lifted, text, TS), h_transform(lifted, text, TS)
    assert values is not None
    assert found is not None
    for value, (low, high) in zip(values, found.bounds, strict=True):
        assert low - 1e-8 <= value <= high + 1e-8


def test_cross_entropy_on_a_grid() -> None:
    ts = np.linspace(0, 1, 21)
    bound = losscheck.h_consistency(of_softmax(lambda s: -np.log(s)), kind="logits", n_classes=4)
    with np.errstate(all="ignore"):
        want = sum(np.where(1 + s * ts > 0, (1 + s * ts) / 2 * np.log(1 + s * ts), 0) for s in (1, -1))
    assert np.allclose(bound.estimate(ts), want, atol=1e-7)
    assert bound.estimate(0.5) == pytest.approx(want[10], abs=1e-7)
    assert bound.certificate is not None  # estimates leave the enclosures alone


def test_an_infinite_transformation() -> None:
    lifted = lift(lambda v: 1 - v, kind="margin")
    values = transform_estimate(lifted, "All", [0.0, 0.5])
    assert values is not None
    assert values.tolist() == [0.0, math.inf]


def test_what_no_search_fits() -> None:
    six = losscheck.h_consistency(sum_loss(lambda m: np.exp(-m)), kind="logits", n_classes=6)
    assert np.isnan(six.estimate(0.5))
    with pytest.raises(ValueError, match="no zero-one regret"):
        six.estimate(1.5)
    ball = losscheck.h_consistency(lambda v: np.exp(-v), kind="margin", perturbation=0.1)
    assert np.isnan(ball.estimate([0.5])).all()
