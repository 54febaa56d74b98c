from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from losscheck.verdict import Severity, Verdict

PAIR = "p:(N,):real t:(N,):real"
RNG = np.random.default_rng(0)


def clips_in_place(p: Any, t: Any) -> Any:
    np.clip(p, -50, 50, out=p)  # invisible for ordinary inputs
    return (p - t) ** 2


def clips_the_target(p: Any, t: Any) -> Any:
    return ((p - t.clamp_(-20, 20)) ** 2).mean()


def leaves_gradients_off(p: Any, t: Any) -> Any:
    torch.set_grad_enabled(False)
    return functional.mse_loss(p, t)


def seeds(p: Any, t: Any) -> Any:
    torch.manual_seed(0)
    return functional.mse_loss(p, t)


class Overwrites(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.saved = x
        return (x**2).mean()

    @staticmethod
    def backward(ctx: Any, upstream: Any) -> Any:
        with torch.no_grad():
            ctx.saved.mul_(2 / ctx.saved.numel())
        return upstream * ctx.saved


@pytest.mark.parametrize(
    ("function", "word", "severity"),
    [
        (clips_in_place, "forward pass changes p", Severity.ERROR),
        (clips_the_target, "forward pass changes t", Severity.ERROR),
        (leaves_gradients_off, "gradient mode", Severity.ERROR),
        (seeds, "random state", Severity.WARNING),
        (lambda p, t: Overwrites.apply(p) + 0 * t.sum(), "backward pass changes p", Severity.ERROR),
    ],
)
def test_losses_that_change_the_world(asked: Any, function: Any, word: str, severity: Severity) -> None:
    outcome = asked("pure", function, PAIR)[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, severity)
    assert word in outcome.message
    assert torch.is_grad_enabled()


def test_a_pure_loss_passes(asked: Any) -> None:
    assert asked("pure", functional.mse_loss, PAIR)[None].verdict is Verdict.SUPPORTED


def test_noise_is_not_deterministic(asked: Any) -> None:
    outcome = asked("deterministic", lambda p, t: (p - t) ** 2 + RNG.normal(size=p.shape), PAIR)[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.ERROR)


def test_memory_of_earlier_inputs_is_found(asked: Any) -> None:
    seen: list[float] = []

    def running(p: Any, t: Any) -> Any:
        seen.append(float(np.mean(p)))
        return (p - t) ** 2 + seen[0] - (seen[-2] if len(seen) > 1 else 0.0)

    assert asked("deterministic", running, PAIR)[None].verdict is Verdict.REFUTED


def test_the_same_call_gives_the_same_value(asked: Any) -> None:
    assert asked("deterministic", functional.mse_loss, PAIR)[None].verdict is Verdict.SUPPORTED
