from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from losscheck.verdict import Severity, Verdict

LOGITS = "z:(N,K):real y:(N,):index"
PAIR = "p:(N,):real t:(N,):real"


def batch_maximum(z: Any, y: Any) -> Any:
    """Stabilised by the maximum of the whole batch: rows next to a large row underflow."""
    e = torch.exp(z - z.max())
    return -torch.log(e[torch.arange(len(y)), y] / e.sum(1)).mean()


def first_row_weighs_double(p: Any, t: Any) -> Any:
    w = np.ones(len(p))
    w[0] = 2.0
    return np.mean(w * (p - t) ** 2)


def seven_rows_at_most(p: Any, t: Any) -> Any:
    if len(p) > 7:
        raise ValueError("too many")
    return np.mean((p - t) ** 2)


@pytest.mark.parametrize(
    ("function", "signature", "word"),
    [
        (batch_maximum, LOGITS, "leak"),
        (first_row_weighs_double, PAIR, "permuting"),
        (seven_rows_at_most, PAIR, "a batch of 9 raises"),
    ],
)
def test_rows_that_touch_each_other_are_refuted(asked: Any, function: Any, signature: str, word: str) -> None:
    outcome = asked("batch_consistent", function, signature)[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.ERROR)
    assert word in outcome.message


@pytest.mark.parametrize(
    ("function", "signature"),
    [
        (functional.cross_entropy, LOGITS),
        (lambda p, t: (p - t) ** 2, PAIR),
        (lambda p, t: np.sum(np.abs(p - t)), PAIR),
        (lambda z, y, w: functional.cross_entropy(z, y, weight=w), LOGITS + " w:(K,):positive"),
        (
            lambda a, b: functional.cross_entropy(a @ b.T, torch.arange(len(a))),
            "a:(B,D):real b:(B,D):real",
        ),
    ],
)
def test_independent_or_symmetric_rows_pass(asked: Any, function: Any, signature: str) -> None:
    assert asked("batch_consistent", function, signature)[None].verdict is Verdict.SUPPORTED


def halved_none(p: Any, t: Any, reduction: str = "mean") -> Any:
    rows = (p - t) ** 2
    return {"none": rows / 2, "mean": rows.mean(), "sum": rows.sum()}[reduction]


def deaf_to_none(p: Any, t: Any, reduction: str = "mean") -> Any:
    rows = (p - t) ** 2
    return rows.sum() if reduction == "sum" else rows.mean()


@pytest.mark.parametrize(
    ("function", "word", "severity"),
    [
        (lambda p, t: ((p - t) ** 2).mean() / len(p), "r^-1", Severity.ERROR),
        (lambda p, t: ((p - t) ** 2).sum() ** 0.5, "r^0.5", Severity.WARNING),
        (halved_none, "reduction='sum'", Severity.ERROR),
        (deaf_to_none, "reduction='none'", Severity.ERROR),
        (lambda p, t: np.zeros((3, 5, 2)), "shape (3, 5, 2)", Severity.WARNING),
    ],
)
def test_reductions_that_are_not_what_they_say(asked: Any, function: Any, word: str, severity: Severity) -> None:
    outcome = asked("reduction_consistent", function, PAIR)[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, severity)
    assert word in outcome.message


@pytest.mark.parametrize(
    ("function", "said"),
    [(functional.mse_loss, "mean"), (lambda p, t: (p - t) ** 2, "none"), (lambda p, t: ((p - t) ** 2).sum(), "sum")],
)
def test_the_reduction_is_measured(asked: Any, function: Any, said: str) -> None:
    outcome = asked("reduction_consistent", function, PAIR)[None]
    assert outcome.verdict is Verdict.SUPPORTED
    assert f"reduction is {said}" in outcome.message
