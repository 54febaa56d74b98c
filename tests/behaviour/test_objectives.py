"""Objectives of boosting libraries: a call that returns gradient and Hessian, and calls that only look like it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from losscheck.verdict import Severity, Verdict

PAIR = "y:(N,):real p:(N,):real"
BINARY = "y:(N,):{0,1} z:(N,):real"
CLASSES = "z:(N,K):real y:(N,):index"


def sigmoid(z: Any) -> Any:
    return np.exp(-np.logaddexp(0, -z))


def squared(y: Any, p: Any) -> Any:
    return 2 * (p - y), np.full_like(p, 2.0)


def ascends(y: Any, p: Any) -> Any:
    return 2 * (y - p), np.full_like(p, 2.0)


def huber(y: Any, p: Any) -> Any:
    return np.clip(p - y, -1, 1), np.ones_like(p)  # an upper bound where the gradient is flat


def logistic(y: Any, z: Any) -> Any:
    p = sigmoid(z)
    return p - y, p * (1 - p)


def score_for_probability(y: Any, z: Any) -> Any:
    return sigmoid(z) - y, np.maximum(z * (1 - z), 1e-16)


def negative(y: Any, z: Any) -> Any:
    p = sigmoid(z)
    return p - y, p * (p - 1)


def overflowing(y: Any, z: Any) -> Any:
    return sigmoid(z) - y, np.exp(-z) / (1 + np.exp(-z)) ** 2


def softmax_bound(z: Any, y: Any) -> Any:
    p = np.exp(z - z.max(1, keepdims=True))
    p = p / p.sum(1, keepdims=True)
    return p - np.eye(z.shape[1])[y], 2 * p * (1 - p)  # twice the diagonal, as boosting libraries do


def softmax_half(z: Any, y: Any) -> Any:
    gradient, twice = softmax_bound(z, y)
    return gradient, twice / 4


def tensors(y: Any, z: Any) -> Any:
    p = torch.sigmoid(z)
    return p - y, p * (1 - p)


@pytest.mark.parametrize(
    ("function", "signature", "word"),
    [
        (ascends, PAIR, "descending it climbs"),
        (lambda y, p: (p - y, np.full_like(p, 0.5)), PAIR, "the derivative of the first"),
        (score_for_probability, BINARY, "the derivative of the first"),
        (negative, BINARY, "no Hessian"),
        (overflowing, BINARY, "not finite"),
        (softmax_half, CLASSES, "the derivative of the first"),
    ],
)
def test_objectives_that_are_wrong(asked: Any, function: Any, signature: str, word: str) -> None:
    outcome = asked("second_order", function, signature)[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.WARNING), outcome.message
    assert word in outcome.message


@pytest.mark.parametrize(
    ("function", "signature"),
    [(squared, PAIR), (huber, PAIR), (logistic, BINARY), (softmax_bound, CLASSES), (tensors, BINARY)],
)
def test_objectives_that_are_right(asked: Any, function: Any, signature: str) -> None:
    outcome = asked("second_order", function, signature)[None]
    assert outcome.verdict is Verdict.SUPPORTED, outcome.message
    assert "second result" in outcome.message


@pytest.mark.parametrize(
    "function",
    [
        lambda y, p: ((p - y) ** 2, np.abs(p - y)),
        lambda y, p: ((p - y) ** 2 - 1.0, np.abs(p)),  # both signs, but up and down
        lambda y, p: (((p - y) ** 2).mean(), p - y),
    ],
)
def test_a_loss_beside_something_else_is_no_objective(asked: Any, function: Any) -> None:
    outcome = asked("second_order", function, PAIR)[None]
    assert outcome.verdict is not Verdict.REFUTED
    assert "second result" not in outcome.message


@pytest.mark.parametrize(
    "function",
    [
        lambda y, p: np.where(np.abs(p - y) > 0, np.abs(p - y), 0.0).mean(),
        lambda y, p: np.nansum((p - y) ** 2),
        lambda y, p: np.fmax(0.0, np.abs(p - y) - 0.1).mean(),
    ],
)
def test_nan_predictions_that_are_hidden(asked: Any, function: Any) -> None:
    outcome = asked("value_finite", function, PAIR)[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.WARNING)
    assert "all NaN cost [0" in outcome.message or "all NaN cost 0" in outcome.message


@pytest.mark.parametrize(
    "function",
    [
        lambda y, p: ((p - y) ** 2).mean(),
        lambda y, p: np.maximum(0.0, np.abs(p - y) - 0.1).mean(),
        lambda y, p: np.sqrt(np.mean((p - y) ** 2)),
    ],
)
def test_nan_predictions_that_are_seen(asked: Any, function: Any) -> None:
    assert None not in asked("value_finite", function, PAIR)
