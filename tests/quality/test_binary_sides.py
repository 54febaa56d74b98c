"""Binary and signed losses with two different sides: truths by hand, each hypothesis on either side broken in turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.quality.margin_questions import decided

Loss = Callable[[Any, Any], Any]


def relu(x: Any) -> Any:
    return np.maximum(x, 0.0)


def softplus(x: Any) -> Any:
    return np.logaddexp(0.0, x)


BINARY: dict[str, tuple[Loss, dict[str, bool]]] = {
    "logistic": (
        lambda z, y: y * softplus(-z) + (1 - y) * softplus(z),
        {"classification_calibrated": True, "recovers_probability": True, "convex": True, "lipschitz": True},
    ),
    # the two sides have slopes -2 and 1 at 0: eta = 0.4 already prefers z > 0
    "weighted logistic": (
        lambda z, y: 2.0 * y * softplus(-z) + (1 - y) * softplus(z),
        {"classification_calibrated": False, "recovers_probability": True, "convex": True},
    ),
    # the offset moves one label only: no score cares
    "offset": (
        lambda z, y: y * (softplus(-z) + 7.0) + (1 - y) * softplus(z),
        {"classification_calibrated": True, "recovers_probability": True},
    ),
    # different sides, equal slopes at 0: calibrated though not a margin loss
    "logistic and half square": (
        lambda z, y: y * softplus(-z) + (1 - y) * (0.5 * z + z**2),
        {"classification_calibrated": True, "convex": True, "bounded_below": True},
    ),
    "hinge and logistic": (
        lambda z, y: y * relu(1.0 - z) + (1 - y) * 2.0 * softplus(z),
        {"classification_calibrated": True, "convex": True, "differentiable": False},
    ),
    "kink on the negative side": (
        lambda z, y: y * softplus(-z) + (1 - y) * np.maximum(0.5 * z, z),
        {"classification_calibrated": False, "convex": True, "differentiable": False},
    ),
    # symmetric sum: unhinged with two slopes off by one
    "unhinged": (
        lambda z, y: (1.0 - 2.0 * y) * z,
        {"classification_calibrated": True, "recovers_probability": False, "bounded_below": False},
    ),
    "squared": (
        lambda z, y: (z - (2.0 * y - 1.0)) ** 2,
        {"classification_calibrated": True, "recovers_probability": True},
    ),
    "squared, wrong target": (
        lambda z, y: (z - y) ** 2,
        {"classification_calibrated": False, "recovers_probability": True},
    ),
    # a margin loss written with two labels, not convex
    "sigmoid": (
        lambda z, y: np.where(y == 1, np.exp(-softplus(z)), np.exp(-softplus(-z))),
        {"classification_calibrated": True, "recovers_probability": False, "bounded_above": True, "convex": False},
    ),
    # the optimum is a limit at infinity on either side, and the mirror image of a score does not beat it
    "sigmoid shifted on one side": (
        lambda z, y: np.where(y == 1, np.exp(-softplus(z - 1.0)), np.exp(-softplus(-z))),
        {"classification_calibrated": True},
    ),
    # here the negative side saturates lower, so eta = 0.51 prefers z -> -inf
    "sigmoids of two heights": (
        lambda z, y: np.where(y == 1, np.exp(-softplus(z)), 1.5 * np.exp(-softplus(-z))),
        {"classification_calibrated": False},
    ),
}


@pytest.mark.parametrize(("name", "prop"), [(n, p) for n, (_, t) in BINARY.items() for p in t if p != "lipschitz"])
def test_binary_answers_are_right(name: str, prop: str) -> None:
    loss, truths = BINARY[name]
    assert decided(loss, prop, "binary") is truths[prop]


SIGNED: dict[str, tuple[Loss, dict[str, bool]]] = {
    "hinge": (lambda z, y: relu(1.0 - y * z), {"classification_calibrated": True, "recovers_probability": False}),
    "weighted hinge": (
        lambda z, y: np.where(y > 0, 1.0, 0.5) * relu(1.0 - y * z), {"classification_calibrated": False},
    ),
    "exponential": (lambda z, y: np.exp(-y * z), {"classification_calibrated": True, "recovers_probability": True}),
}  # fmt: skip


@pytest.mark.parametrize(("name", "prop"), [(n, p) for n, (_, t) in SIGNED.items() for p in t])
def test_signed_answers_are_right(name: str, prop: str) -> None:
    loss, truths = SIGNED[name]
    assert decided(loss, prop, "signed") is truths[prop]
