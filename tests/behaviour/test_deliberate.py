"""What a loss does on purpose: weights held constant are warnings, a gradient that is wrong stays an error."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.nn import functional

from losscheck.verdict import Severity, Verdict

BINARY = "z:(N,):real y:(N,):{0,1}"
PAIR = "p:(N,):real t:(N,):real"


def detached_weight(z: Any, y: Any) -> Any:
    cost = functional.binary_cross_entropy_with_logits(z, y, reduction="none")
    return ((1 - torch.exp(-cost.detach())) ** 2 * cost).mean()


def weight_under_no_grad(z: Any, y: Any) -> Any:
    cost = functional.binary_cross_entropy_with_logits(z, y, reduction="none")
    with torch.no_grad():
        weight = (1 - torch.exp(-cost)) ** 2
    return (weight * cost).mean()


def self_distilled(p: Any, t: Any) -> Any:
    return ((p - t) ** 2 + 0.5 * (p - p.detach().mean()) ** 2).mean()


def through_numpy(z: Any, y: Any) -> Any:
    cost = functional.binary_cross_entropy_with_logits(z, y, reduction="none")
    weight = torch.tensor((1 - torch.exp(-cost)).detach().numpy()) ** 2
    return (weight * cost).mean()


class Halved(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx: Any, upstream: Any) -> Any:
        return upstream * ctx.saved_tensors[0]


def wrong_and_detached(p: Any, t: Any) -> Any:
    return (Halved.apply(p - t) * (1 + (p - t).detach().abs())).mean()


@pytest.mark.parametrize(
    ("function", "signature"), [(detached_weight, BINARY), (weight_under_no_grad, BINARY), (self_distilled, PAIR)]
)
@pytest.mark.parametrize("name", ["gradient_correct", "second_order"])
def test_weights_held_constant(asked: Any, name: str, function: Any, signature: str) -> None:
    (outcome,) = asked(name, function, signature).values()
    # What is held constant in the first derivative of a square is none of the second.
    assert outcome.verdict is Verdict.REFUTED or function is self_distilled
    assert outcome.severity in (Severity.WARNING, None)


@pytest.mark.parametrize(
    ("function", "signature"),
    [(through_numpy, BINARY), (lambda p, t: Halved.apply(p - t).mean(), PAIR), (wrong_and_detached, PAIR)],
)
def test_gradients_that_are_wrong(asked: Any, function: Any, signature: str) -> None:
    outcome = asked("gradient_correct", function, signature)["float64"]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.ERROR)


def leaves_gradients_on(z: Any, y: Any) -> Any:
    torch.set_grad_enabled(False)
    weight = (y - torch.sigmoid(z)).abs()
    torch.set_grad_enabled(True)
    return (weight * functional.binary_cross_entropy_with_logits(z, y, reduction="none")).mean()


def leaves_gradients_off(z: Any, y: Any) -> Any:
    cost = functional.binary_cross_entropy_with_logits(z, y)
    torch.set_grad_enabled(False)
    return cost


def enables_always(z: Any, y: Any) -> Any:
    torch.set_grad_enabled(True)
    return functional.binary_cross_entropy_with_logits(z, y)


@pytest.mark.parametrize("function", [leaves_gradients_on, leaves_gradients_off, enables_always])
def test_gradient_mode_is_left_alone(asked: Any, function: Any) -> None:
    outcome = asked("pure", function, BINARY)[None]
    torch.set_grad_enabled(True)
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.ERROR)
    assert "gradient mode" in outcome.message


def restores_what_was(z: Any, y: Any) -> Any:
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    weight = (y - torch.sigmoid(z)).abs()
    torch.set_grad_enabled(before)
    return (weight * functional.binary_cross_entropy_with_logits(z, y, reduction="none")).mean()


@pytest.mark.parametrize("function", [weight_under_no_grad, restores_what_was, detached_weight])
def test_gradient_mode_that_is_put_back(asked: Any, function: Any) -> None:
    assert asked("pure", function, BINARY)[None].verdict is Verdict.SUPPORTED
