"""The published table of T for several classes, as formulas proved by exact algebra.

Comp-sum losses with tau in [0, 1] (Mao, Mohri and Zhong, 2023) are as published. Where a published T holds for no
finite number of classes, or only up to some t, ours is exact, and the published one is seen to be a lower bound.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from losscheck.lifting.lifting import lift
from losscheck.theorems.transform_formula import transform_formula
from tests.quality.score_questions import one_hot, picked, softmax
from tests.quality.test_h_formula_polyhedral import at

ZERO = "All(sum_to_zero)"
TS = np.linspace(0.02, 0.98, 25)
Loss = Callable[[Any, Any], Any]


def comp_sum(tau: float) -> Loss:
    def loss(z: Any, y: Any) -> Any:
        s = picked(softmax(z), y)
        return -np.log(s) if tau == 1 else (s ** (tau - 1) - 1) / (1 - tau)

    return loss


def sum_exp(z: Any, y: Any) -> Any:
    return np.exp(z - picked(z, y)[:, None]).sum(1) - 1


def constrained(f: Callable[[Any], Any]) -> Loss:
    def loss(z: Any, y: Any) -> Any:
        return (f(z) * (1 - one_hot(y, z))).sum(1)

    return loss


def published(tau: float) -> Callable[[Any], Any]:
    """T for tau in [0, 2)."""
    if tau == 1:
        return lambda t: (1 + t) / 2 * np.log(1 + t) + (1 - t) / 2 * np.log(1 - t)
    a = 1 / (2 - tau)
    return lambda t: 2 ** (1 - tau) / (1 - tau) * (1 - (((1 + t) ** a + (1 - t) ** a) / 2) ** (2 - tau))


EQUAL: dict[str, tuple[Loss, int, str, Callable[[Any], Any]]] = {
    "tau = 0, K = 3": (comp_sum(0), 3, "All", published(0)),
    "tau = 1/2, K = 4": (comp_sum(0.5), 4, "All", published(0.5)),
    "tau = 1, K = 5": (comp_sum(1), 5, "All", published(1)),
    "tau = 3/2, K = 2": (comp_sum(1.5), 2, "All", lambda t: published(1.5)(t)),
    "sum of exponentials, K = 4": (sum_exp, 4, "All", lambda t: 1 - np.sqrt(1 - t**2)),
    "constrained exponential, K = 2": (constrained(np.exp), 2, ZERO, lambda t: 1 - np.sqrt(1 - t**2)),
    "constrained squared hinge, K = 2": (constrained(lambda z: np.maximum(0, 1 + z) ** 2), 2, ZERO, lambda t: t**2),
}


@pytest.mark.parametrize("name", EQUAL)
def test_as_published(name: str) -> None:
    loss, k, text, want = EQUAL[name]
    found = transform_formula(lift(loss, kind="logits", n_classes=k), text)
    assert found is not None
    assert np.allclose([at(found.value, t) for t in TS], want(TS), atol=1e-12)


@pytest.mark.parametrize(
    ("loss", "k", "text", "below", "equal"),
    [
        (comp_sum(2), 3, "All", lambda t: t / 3, 1 / 2),
        (comp_sum(2), 4, "All", lambda t: t / 4, 1 / 3),
        (constrained(lambda z: np.maximum(0, 1 + z)), 3, ZERO, lambda t: t, 1 / 2),
        (constrained(lambda z: np.maximum(0, 1 + z)), 4, ZERO, lambda t: t, 1 / 3),
    ],
    ids=["mae, K = 3", "mae, K = 4", "constrained hinge, K = 3", "constrained hinge, K = 4"],
)
def test_published_bounds_that_are_tight_up_to_some_regret(
    loss: Loss, k: int, text: str, below: Callable[[Any], Any], equal: float
) -> None:
    """``t/K`` of the mean absolute error and t of the constrained hinge: tight for t <= 1/(K - 1) and no further."""
    found = transform_formula(lift(loss, kind="logits", n_classes=k), text)
    assert found is not None
    for t in TS:
        value = at(found.value, t)
        assert value == pytest.approx(below(t), abs=1e-12) if t <= equal else value > below(t) + 1e-9
