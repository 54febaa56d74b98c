"""value_accurate, dtype_preserved and second_order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from losscheck.verdict import Severity, Verdict

LOGITS = "z:(N,K):real y:(N,):index"
PAIR = "p:(N,):real t:(N,):real"


def variance_by_moments(p: Any, t: Any) -> Any:
    """The textbook cancellation."""
    d = p - t
    return (d**2).mean() - d.mean() ** 2 + d.abs().mean()


class StraightSquare(torch.autograd.Function):
    """Its gradient is right, the gradient of its gradient is 0."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx: Any, upstream: Any) -> Any:
        (x,) = ctx.saved_tensors
        return upstream * 2 * x.detach() + 0 * x


class OnceOnly(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, upstream: Any) -> Any:
        (x,) = ctx.saved_tensors
        return upstream * 2 * x


def test_a_log_sum_is_lost_behind_a_large_maximum(asked: Any) -> None:
    def shifted(z: Any, y: Any) -> Any:
        m = z.max(1, keepdim=True).values
        total = m + (z - m).exp().sum(1, keepdim=True).log()
        return (total - z)[torch.arange(len(y)), y].mean() * 1e3

    outcome = asked("value_accurate", shifted, LOGITS)["float32"]
    assert outcome.severity in (None, Severity.WARNING)
    exact = asked("value_accurate", functional.cross_entropy, LOGITS)
    assert exact["float32"].verdict is Verdict.SUPPORTED


def test_half_accumulation_is_inaccurate(asked: Any) -> None:
    def in_half(p: Any, t: Any) -> Any:
        return ((p - t) ** 2).bfloat16().to(p.dtype).mean() if p.dtype == torch.float32 else ((p - t) ** 2).mean()

    outcome = asked("value_accurate", in_half, PAIR)["float32"]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.WARNING)


def one_by_one(p: Any, t: Any) -> Any:
    total = torch.zeros((), dtype=p.dtype)
    for row in (p - t).abs():
        total = total + row
    return total / len(p)


def running_mean(p: Any, t: Any) -> Any:
    mean = torch.zeros((), dtype=p.dtype)
    for i, row in enumerate((p - t) ** 2):
        mean = mean + (row - mean) / (i + 1)
    return mean


def last_running_total(p: Any, t: Any) -> Any:
    return (p - t).abs().cumsum(0)[-1] / len(p)


def wide_one_by_one(p: Any, t: Any) -> Any:
    return sum((p - t).abs().double()).to(p.dtype) / len(p)


@pytest.mark.parametrize(
    ("function", "stands_still"),
    [(one_by_one, True), (running_mean, False), (last_running_total, False), (wide_one_by_one, False)],
)
def test_a_sum_of_many_rows_that_stands_still(asked: Any, function: Any, stands_still: bool) -> None:
    outcome = asked("value_accurate", function, "p:(N,):real t:(N,):real")["bfloat16"]
    assert (outcome.verdict is Verdict.REFUTED) == stands_still
    assert not stands_still or "600 rows" in outcome.message


def test_dtypes_come_back(asked: Any) -> None:
    assert asked("dtype_preserved", functional.mse_loss, PAIR)[None].verdict is Verdict.SUPPORTED
    wide = asked("dtype_preserved", lambda p, t: (p - t) ** 2 * np.array([1.0]), PAIR)[None]
    assert (wide.verdict, wide.severity) == (Verdict.REFUTED, Severity.WARNING)
    assert "float32 in, float64 out" in wide.message
    assert asked("dtype_preserved", lambda p, t: float(np.mean(p - t)), PAIR)[None].verdict is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("function", "verdict", "severity"),
    [
        (functional.mse_loss, Verdict.SUPPORTED, None),
        (functional.l1_loss, Verdict.SUPPORTED, None),
        (lambda p, t: StraightSquare.apply(p - t).mean(), Verdict.REFUTED, Severity.ERROR),
        (lambda p, t: OnceOnly.apply(p - t).mean(), Verdict.REFUTED, Severity.WARNING),
        (lambda p, t: np.mean((p - t) ** 2), Verdict.NOT_APPLICABLE, None),
    ],
)
def test_second_derivatives(asked: Any, function: Any, verdict: Verdict, severity: Severity | None) -> None:
    outcome = asked("second_order", function, PAIR)[None]
    assert (outcome.verdict, outcome.severity) == (verdict, severity)
