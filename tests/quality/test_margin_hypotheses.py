"""Margin losses that break one hypothesis of a rule at a time: nothing false may be proved, nothing true refuted.

Truths are by hand. ``None`` in the table of answers says that the rules leave the question open, which is allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.quality.margin_questions import ask, decided

Loss = Callable[[Any], Any]


def relu(x: Any) -> Any:
    return np.maximum(x, 0.0)


def softplus(x: Any) -> Any:
    return np.logaddexp(0.0, x)


def sigmoid(x: Any) -> Any:
    return np.exp(-softplus(-x))


CALIBRATION: dict[str, tuple[Loss, bool]] = {
    # ties and values of their own at the score 0
    "0-1 with tie wrong": (lambda v: np.where(v <= 0, 1.0, 0.0), True),
    "0-1 with tie right": (lambda v: np.where(v < 0, 1.0, 0.0), False),
    # C(0) = phi(0) for every eta: below 1/2 it wins near eta = 1/2, at 1/2 it loses for every eta > 1/2
    "0-1 with tie half": (lambda v: np.where(v == 0, 0.5, np.where(v < 0, 1.0, 0.0)), True),
    "0-1 with tie below half": (lambda v: np.where(v == 0, 0.499, np.where(v < 0, 1.0, 0.0)), False),
    "logistic with a hole at 0": (lambda v: np.where(v == 0, 0.5, softplus(-v)), False),
    "logistic with a bump at 0": (lambda v: np.where(v == 0, 5.0, softplus(-v)), True),
    # slopes at 0: one kink with nearly equal slopes; convex kink; concave kink
    "sliver kink": (lambda v: np.maximum(relu(1.0 - 1.0001 * v), 1.0 - v), False),
    "convex kink": (lambda v: np.maximum(1.0 - v, 1.0 - 2.0 * v), False),
    "concave kink bounded": (lambda v: np.clip(np.minimum(1.0 - v, 1.0 - 2.0 * v), -3.0, 4.0), True),
    "non-convex with convex kink": (lambda v: np.minimum(np.maximum(-v, -2.0 * v), 4.0), False),
    "slope 1e-7": (lambda v: softplus(-v) + 0.4999999 * v, True),
    "slope 0": (lambda v: softplus(-v) + 0.5 * v, False),
    "slope above 0": (lambda v: softplus(-v) + 0.5001 * v, False),
    # negative slope at 0 is not enough without convexity: a well on the wrong side
    "well on the wrong side": (lambda v: sigmoid(-v) - 2.0 * np.exp(-((v + 5.0) ** 2)), False),
    "shallow well on the wrong side": (lambda v: sigmoid(-v) - 0.25 * np.exp(-((v + 5.0) ** 2)), True),
    # positive slope at 0 is fatal whenever 0 is not beaten, and harmless where it is
    "well on the right side": (lambda v: 1.0 - 2.0 * np.exp(-((v - 5.0) ** 2)), True),
    # limits: the mirror gap fades at infinity
    "fading gap": (lambda v: -v / (1.0 + v * v), True),
    "fading gap, low tails": (lambda v: -v / (1.0 + v * v) - 2.0 * v * v / (1.0 + v * v), False),
    # unbounded below and calibrated, or not
    "unhinged": (lambda v: -v, True),
    "odd and concave-convex": (lambda v: -np.arctan(v) - 0.1 * v, True),
    "falls both ways": (lambda v: -np.abs(v) - 0.5 * v, False),
    "wrong direction": (lambda v: v, False),
    "even": (lambda v: v**4 - 3.0 * v**2, False),
    "constant": (lambda v: 0.0 * v + 1.0, False),
    "flat on the right": (lambda v: relu(-v) ** 3, False),
    "flat around 0": (lambda v: relu(-1.0 - v), False),
    "step before 0": (lambda v: np.where(v <= -1.0, 1.0, 0.0), False),
    "step after 0": (lambda v: np.where(v <= 1.0, 1.0, 0.0), True),
}


@pytest.mark.parametrize("name", CALIBRATION)
def test_calibration_is_never_wrong(name: str) -> None:
    loss, truth = CALIBRATION[name]
    assert decided(loss, "classification_calibrated") in (truth, None)


MUST: list[str] = [
    "0-1 with tie wrong", "0-1 with tie right", "sliver kink", "convex kink", "concave kink bounded", "slope 1e-7",
    "non-convex with convex kink", "slope 0", "slope above 0", "well on the wrong side", "fading gap", "unhinged",
    "odd and concave-convex", "falls both ways", "wrong direction", "even", "constant", "flat on the right",
    "flat around 0", "step before 0", "step after 0", "logistic with a hole at 0", "0-1 with tie below half",
]  # fmt: skip


@pytest.mark.parametrize("name", MUST)
def test_calibration_is_decided(name: str) -> None:
    loss, truth = CALIBRATION[name]
    assert decided(loss, "classification_calibrated") is truth


SHAPE: dict[str, tuple[Loss, dict[str, bool]]] = {
    "value of its own": (
        lambda v: np.where(v == 1.0, 3.0, relu(1.0 - v)),
        {"convex": False, "nonincreasing": False, "differentiable": False, "bounded_below": True},
    ),
    "jump up in convex pieces": (
        lambda v: np.where(v < 2.0, softplus(-v), softplus(-v) + 1e-6),
        {"convex": False, "nonincreasing": False, "differentiable": False},
    ),
    "jump up by 1e-9 between steep pieces": (
        lambda v: np.where(v < -3.0, 1.0 - v, 1.0 + 1e-9 - v),
        {"convex": False, "nonincreasing": False, "differentiable": False},
    ),
    "jump down": (
        lambda v: np.where(v < 2.0, -v, -v - 1.0),
        {"convex": False, "nonincreasing": True, "differentiable": False, "bounded_below": False},
    ),
    "concave kink of convex pieces": (
        lambda v: np.minimum(np.exp(-v), np.exp(v)),
        {"convex": False, "differentiable": False, "bounded_above": True, "nonincreasing": False},
    ),
    "grows like a logarithm": (
        lambda v: np.log(1.0 + v * v),
        {"convex": False, "bounded_above": False, "bounded_below": True, "nonincreasing": False},
    ),
    "log of a log": (lambda v: np.log(1.0 + np.log(1.0 + v * v)), {"bounded_below": True}),
    "dent far out": (
        lambda v: softplus(-v) + 1e-4 * np.exp(-((v - 12.0) ** 2)),
        {"convex": False, "nonincreasing": False, "bounded_below": True},
    ),
    "vertical slope": (
        lambda v: np.sqrt(np.abs(v)),
        {"differentiable": False, "convex": False, "bounded_above": False},
    ),
    "cube of abs": (lambda v: np.abs(v) ** 3, {"differentiable": True, "convex": True, "nonincreasing": False}),
    "touching second derivative": (lambda v: v**4, {"convex": True, "differentiable": True}),
    "smooth join": (
        lambda v: np.where(v < 0.3, 0.09 - 0.6 * (v - 0.3) + (v - 0.3) ** 2, 0.09 - 0.6 * (v - 0.3)),
        {"convex": True},
    ),
    "tiny kink": (lambda v: np.maximum(-v, -1.0000001 * v), {"differentiable": False, "convex": True}),
    "kink at an irrational point": (
        lambda v: np.maximum(softplus(-v), 0.3),
        {"differentiable": False, "convex": True, "nonincreasing": True, "bounded_below": True},
    ),
    "waves": (lambda v: np.sin(v) - v, {"convex": False, "nonincreasing": True, "bounded_below": False}),
    "bounded waves": (
        lambda v: np.cos(3.0 * v),
        {"bounded_below": True, "bounded_above": True, "nonincreasing": False},
    ),
}


@pytest.mark.parametrize(("name", "prop"), [(n, p) for n, (_, t) in SHAPE.items() for p in t])
def test_shape_is_decided_right(name: str, prop: str) -> None:
    loss, truths = SHAPE[name]
    assert decided(loss, prop) is truths[prop]


def test_slow_growth_is_not_called_bounded() -> None:
    assert decided(lambda v: np.log(1.0 + np.log(1.0 + v * v)), "bounded_above") in (False, None)
    assert decided(lambda v: np.log(1.0 + softplus(-v)), "bounded_above") in (False, None)


SLOPES: dict[str, tuple[Loss, float, float]] = {
    "logistic": (lambda v: softplus(-v), 1.0, 0.25),
    "jump of 1e-6": (lambda v: np.where(v < 2.0, -v, -v - 1e-6), np.inf, np.inf),
    "square": (lambda v: v * v, np.inf, 2.0),
    "square root": (lambda v: np.sqrt(np.abs(v)), np.inf, np.inf),
    "steep far out": (lambda v: relu(-v) + 3.0 * relu(-v - 50.0), 4.0, np.inf),
    "one-sided limit at a knee": (lambda v: np.where(v < 0, -np.expm1(v), -3.0 * np.arctan(v)), 3.0, np.inf),
    "bump of slope": (lambda v: np.exp(-v * v), np.sqrt(2.0 / np.e), 2.0),
    "constant": (lambda v: 0.0 * v, 0.0, 0.0),
}


@pytest.mark.parametrize("name", SLOPES)
def test_slopes_are_enclosed(name: str) -> None:
    loss, first, second = SLOPES[name]
    for prop, truth in (("lipschitz", first), ("smoothness", second)):
        outcome = ask(loss, prop)
        assert outcome.verdict == "proved", outcome.message
        low, high = outcome.bounds
        assert low - 1e-15 <= truth <= high + 1e-15
        assert outcome.value == truth or high - low <= 1.1e-7 * max(1.0, truth)


RECOVERY: dict[str, tuple[Loss, bool]] = {
    "logistic": (lambda v: softplus(-v), True),
    "squared hinge": (lambda v: relu(1.0 - v) ** 2, True),
    "hinge": (lambda v: relu(1.0 - v), False),
    # the link jumps over an interval of eta at a kink, so these share the minimiser 1
    "smooth hinge with a kink": (lambda v: np.where(v < 1.0, 1.0 - v + 0.1 * (1.0 - v) ** 2, 0.0), False),
    "squared perceptron": (lambda v: relu(-v) ** 2, False),
    "sigmoid": (lambda v: sigmoid(-v), False),
    "unhinged": (lambda v: -v, False),
    "even": (lambda v: np.cosh(v), False),
    # the link ends at 3/4: eta = 0.9 has no minimiser
    "saturating link": (lambda v: softplus(-v) - 0.25 * v, False),
    # a flat stretch of the link costs nothing: several scores for one eta
    "flat link": (lambda v: np.where(v <= 0, 0.5 - v, 0.5 * relu(1.0 - v) ** 2), True),
    "exponential": (lambda v: np.exp(-v), True),
}


@pytest.mark.parametrize("name", RECOVERY)
def test_recovery_is_decided_right(name: str) -> None:
    loss, truth = RECOVERY[name]
    assert decided(loss, "recovers_probability") is truth
