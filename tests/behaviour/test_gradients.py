from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from losscheck.behaviour.witness import read_inputs
from losscheck.verdict import Severity, Verdict

LOGITS = "z:(N,K):real y:(N,):index"
PAIR = "p:(N,):real t:(N,):real"


class HalvedBackward(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx: Any, upstream: Any) -> Any:
        (x,) = ctx.saved_tensors
        return upstream * x


class DeafBackward(torch.autograd.Function):
    """Right for a plain sum, wrong for any other cotangent."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx: Any, upstream: Any) -> Any:
        (x,) = ctx.saved_tensors
        return 2 * x


class RaisingBackward(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        return x**2

    @staticmethod
    def backward(ctx: Any, upstream: Any) -> Any:
        raise RuntimeError("no way back")


@pytest.mark.parametrize(
    ("function", "word"),
    [
        (lambda p, t: HalvedBackward.apply(p - t).mean(), "along a direction"),
        (lambda p, t: DeafBackward.apply(p - t), "along a direction"),
        (lambda p, t: torch.tensor((p.detach().numpy() - t.detach().numpy()) ** 2), "graph is cut"),
        (lambda p, t: RaisingBackward.apply(p - t).mean(), "backward pass raises"),
    ],
)
def test_wrong_gradients_are_refuted(asked: Any, function: Any, word: str) -> None:
    outcome = asked("gradient_correct", function, "p:(N,):real u:(N,):real")["float64"]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.ERROR)
    assert word in outcome.message


@pytest.mark.parametrize(
    ("function", "signature"),
    [
        (functional.cross_entropy, LOGITS),
        (functional.l1_loss, PAIR),  # a kink at 0: any subgradient is right
        (lambda p, t: torch.relu(p - t).mean(), PAIR),
        (functional.multi_margin_loss, LOGITS),
        (functional.binary_cross_entropy, "p:(N,):unit y:(N,):{0,1}"),
        (functional.cosine_embedding_loss, "a:(N,D):real b:(N,D):real y:(N,):{-1,1}"),
        (lambda p, t: ((p - t.detach()) ** 2).mean(), PAIR),  # a target may be detached
    ],
)
def test_right_gradients_are_supported(asked: Any, function: Any, signature: str) -> None:
    assert asked("gradient_correct", function, signature)["float64"].verdict is Verdict.SUPPORTED


def test_numpy_has_no_gradient(asked: Any) -> None:
    for name in ("gradient_correct", "gradient_finite"):
        assert asked(name, lambda v: np.exp(-v), "v:(N,):real")[None].verdict is Verdict.NOT_APPLICABLE


def test_root_mean_square_has_a_nan_gradient_at_equality(asked: Any) -> None:
    outcomes = asked("gradient_finite", lambda p, t: ((p - t) ** 2).mean().sqrt(), PAIR)
    for dtype in ("float64", "float32"):
        assert outcomes[dtype].severity is Severity.ERROR
        x = read_inputs(outcomes[dtype].witness)
        np.testing.assert_array_equal(x["p"], x["t"])


def test_log_of_softmax_loses_its_gradient_at_underflow(asked: Any) -> None:
    def naive(z: Any, y: Any) -> Any:
        return -torch.log(torch.softmax(z, 1))[torch.arange(len(y)), y].mean()

    outcome = asked("gradient_finite", naive, LOGITS)["float32"]
    assert outcome.verdict is Verdict.REFUTED
    x = read_inputs(outcome.witness)
    z = torch.tensor(x["z"], dtype=torch.float32, requires_grad=True)
    naive(z, torch.tensor(x["y"])).backward()
    assert not torch.isfinite(z.grad).all()


@pytest.mark.parametrize(
    ("function", "signature"),
    [
        (functional.cross_entropy, LOGITS),
        (lambda p: torch.sqrt(p), "p:(N,):unit"),  # the slope at 0 is truly infinite
        (functional.smooth_l1_loss, PAIR),
    ],
)
def test_finite_or_truly_infinite_gradients_pass(asked: Any, function: Any, signature: str) -> None:
    outcome = asked("gradient_finite", function, signature)["float64"]
    assert outcome.verdict is Verdict.SUPPORTED or outcome.severity is Severity.WARNING


def test_float32_inside_widens_the_tolerance(asked: Any) -> None:
    outcome = asked("gradient_correct", lambda p, t: ((p.float() - t.float()) ** 2).mean(), PAIR)["float64"]
    assert outcome.verdict in (Verdict.SUPPORTED, Verdict.UNDECIDED)
