"""Twenty margin losses written after the rules, with truths worked out by hand: no verdict may be wrong.

Each row: convex, nonincreasing, bounded_below, bounded_above, differentiable, lipschitz, symmetric,
classification_calibrated, recovers_probability. Five truths first written here were wrong
and the verifier right; the comments now say why.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.quality.margin_questions import ask

Loss = Callable[[Any], Any]
T, F = True, False
NAMES = (
    "convex", "nonincreasing", "bounded_below", "bounded_above", "differentiable", "lipschitz", "symmetric",
    "classification_calibrated", "recovers_probability",
)  # fmt: skip


def relu(x: Any) -> Any:
    return np.maximum(x, 0.0)


def softplus(x: Any) -> Any:
    return np.logaddexp(0.0, x)


LOSSES: dict[str, tuple[Loss, tuple[Any, ...]]] = {
    # log cosh of the residual: slope tanh(v-1), symmetric about 1; link tanh, strictly monotone onto (0, 1) on [-1, 1]
    "log cosh": (
        lambda v: np.logaddexp(v - 1.0, 1.0 - v) - math.log(2.0),
        (T, F, T, F, T, 1.0, F, T, T),
    ),
    # cubed hinge: phi' = -3 (1-v)^2 up to 1
    "cubic hinge": (lambda v: relu(1.0 - v) ** 3, (T, T, T, F, T, math.inf, F, T, T)),
    # pinball with a flat bottom from 1 to 2
    "epsilon insensitive": (lambda v: relu(np.abs(v - 1.5) - 0.5), (T, F, T, F, F, 1.0, F, T, F)),
    # knee at 1/3, a double with 53 bits; two slopes
    "knee at a third": (
        lambda v: np.maximum(relu(1.0 / 3.0 - v), 1.0 / 6.0 - v / 4.0),
        (T, T, T, F, F, 1.0, F, T, F),
    ),
    # Laplace: sums to 2 phi(0) only at 0; concave-convex cusp is smooth: phi = 1 - (1 - e^-|v|) sign(v), odd + 1
    "laplace distribution": (
        lambda v: np.where(v < 0, 2.0 - np.exp(v), np.exp(-v)),
        (F, T, T, T, T, 1.0, T, T, F),
    ),
    # a logistic distribution function with a rounded scale
    "logistic ramp": (
        lambda v: 1.0 / (1.0 + np.exp(1.702 * v)),
        (F, T, T, T, T, 1.702 / 4.0, T, T, F),
    ),
    # truncated logistic: flat left of -2, so bounded; kink there
    "truncated logistic": (
        lambda v: np.minimum(softplus(-v), softplus(2.0)),
        (F, T, T, T, F, 1.0 / (1.0 + math.exp(-2.0)), F, T, None),
    ),
    # hinge plus a tiny quadratic: the kink at 1 stays
    "elastic hinge": (lambda v: relu(1.0 - v) + 0.001 * v**2, (T, F, T, F, F, math.inf, F, T, F)),
    # zero slope at 0 exactly: 1 - v^3 near 0
    "flat at 0": (lambda v: -(v**3) / (1.0 + v**2), (F, T, F, F, T, 9.0 / 8.0, T, T, F)),
    # steps: three levels; the values at -1 and 1 break the symmetry, and 1 is the best score for all eta > 1/2
    "three levels": (
        lambda v: np.where(v < -1.0, 2.0, np.where(v < 1.0, 1.0, 0.0)),
        (F, T, T, T, F, math.inf, F, T, F),
    ),
    # bounded, calibrated, decreasing then increasing: best at 1
    "well at 1": (lambda v: -1.0 / (1.0 + (v - 1.0) ** 2), (F, F, T, T, T, 3.0 * math.sqrt(3.0) / 8.0, F, T, T)),
    # inverse square root: algebraic sigmoid, symmetric
    "algebraic sigmoid": (lambda v: 1.0 - v / np.sqrt(1.0 + v**2), (F, T, T, T, T, 1.0, T, T, F)),
    # slope -1 to the left, decays like 1/v to the right, twice differentiable nowhere at 0
    "slow decay": (
        lambda v: np.where(v < 0, 1.0 - v, 1.0 / (1.0 + relu(v))),
        (T, T, T, F, T, 1.0, F, T, T),
    ),
    # softmax of two hinges: smooth, strictly convex near the knees
    "smooth knee": (lambda v: np.logaddexp(0.0, 10.0 * (1.0 - v)) / 10.0, (T, T, T, F, T, 1.0, F, T, T)),
    # quantile-like asymmetric quadratic: slopes -2 and 0.2 times the distance from 1
    "asymmetric square": (
        lambda v: np.where(v < 1.0, (1.0 - v) ** 2, 0.1 * (v - 1.0) ** 2),
        (T, F, T, F, T, math.inf, F, T, T),
    ),
    # slopes -1 and 0 at 0: the score 0 is best for eta near 1/2
    "exponential then flat": (
        lambda v: np.where(v < 0, np.exp(-v), np.exp(-(relu(v) ** 2))),
        (F, T, T, F, F, math.inf, F, F, F),
    ),
    # slope of the wrong sign at 0, right sign elsewhere: phi(v) = v / (1 + v^2): mirror of a good loss
    "good loss reversed": (lambda v: v / (1.0 + v**2), (F, F, T, T, T, 1.0, T, F, F)),
    # a dip on the wrong side that goes below the right tail
    "two dips": (
        lambda v: relu(1.0 - v) - 6.0 * relu(1.0 - np.abs(v + 3.0)),
        (F, F, T, F, F, 7.0, F, F, F),
    ),
    # a square root: vertical slope at 1
    "square root hinge": (lambda v: np.sqrt(relu(1.0 - v)), (F, T, T, F, F, math.inf, F, T, F)),
    # label smoothing of the exponential loss: C cosh-like, convex, unbounded both ways
    "smoothed exponential": (
        lambda v: 0.9 * np.exp(-v) + 0.1 * np.exp(v),
        (T, F, T, F, T, math.inf, F, T, T),
    ),
}


@pytest.mark.parametrize(("name", "prop"), [(n, p) for n in LOSSES for p in NAMES])
def test_no_verdict_is_wrong(name: str, prop: str) -> None:
    loss, truths = LOSSES[name]
    truth = truths[NAMES.index(prop)]
    outcome = ask(loss, prop)
    if prop == "lipschitz":
        if outcome.verdict == "proved":
            low, high = outcome.bounds
            assert low - 1e-12 <= truth <= high + 1e-12
    elif truth is not None:
        assert {"proved": True, "refuted": False}.get(outcome.verdict.value) in (truth, None)
