"""Formulas of T of piecewise linear losses of several classes: known ones, unseen ones, and what is not covered."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from losscheck.lifting.lifting import lift
from losscheck.theorems.h_bound import function
from losscheck.theorems.h_transform import h_transform
from losscheck.theorems.transform_formula import transform_formula


def hinge(m: Any) -> Any:
    return np.maximum(0.0, 1 - m)


def ramp(m: Any) -> Any:
    return np.minimum(1.0, hinge(m))


def leaky(m: Any) -> Any:
    return np.maximum(np.maximum(0.25 - m / 2, 1 - 2 * m), 0.0)


def sum_loss(f: Any) -> Any:
    def loss(z: Any, y: Any) -> Any:
        return f(z[np.arange(len(y)), y][:, None] - z).sum(1) - f(np.zeros(1))[0]

    return loss


def max_loss(f: Any) -> Any:
    def loss(z: Any, y: Any) -> Any:
        rival = np.where(y[:, None] == np.arange(z.shape[1]), -np.inf, z).max(1)
        return f(z[np.arange(len(y)), y] - rival)

    return loss


def constrained(f: Any) -> Any:
    def loss(z: Any, y: Any) -> Any:
        values = f(-z)
        return values.sum(1) - values[np.arange(len(y)), y]

    return loss


ZERO = "All(sum_to_zero)"
KNOWN = [
    (sum_loss(hinge), 3, "All", "0 if t <= 1/6 else 6/5*t - 1/5"),
    (max_loss(hinge), 3, "All", "0 if t <= 1/2 else 2*t - 1"),
    (max_loss(hinge), 4, "All", "0 if t <= 1/2 else 2*t - 1"),
    (sum_loss(ramp), 3, "All", "t"),
    (max_loss(ramp), 3, "Bounded(3/10)", "3/5*t"),
    (constrained(ramp), 3, ZERO, "t"),
    (constrained(hinge), 3, ZERO, "t if t <= 1/2 else 3*t - 1 if t <= 2/3 else 3/2*t"),
    (constrained(hinge), 4, ZERO,
     "t if t <= 1/3 else 4*t - 1 if t <= 3/8 else 4/3*t if t <= 1/2 else 4*t - 4/3 if t <= 2/3 else 2*t"),
]  # fmt: skip


@pytest.mark.parametrize(("loss", "k", "text", "formula"), KNOWN)
def test_hinges(loss: Any, k: int, text: str, formula: str) -> None:
    """Sum: (t - t0)/(1 - t0), t0 = 1/2 - 1/K; max: 2 t - 1; ramps: min(2 B, 1) t; constrained: K T(1 - softmax)."""
    found = transform_formula(lift(loss, kind="logits", n_classes=k), text)
    assert found is not None
    assert found.value == formula
    assert found.certificate["proof"]["rule"] == "h_formula_polyhedral"


@pytest.mark.parametrize(
    ("loss", "text"),
    [(sum_loss(leaky), "All"), (constrained(leaky), ZERO), (sum_loss(leaky), "Bounded(1/2)")],
    ids=["sum", "constrained", "capped"],
)
def test_unseen_ones_agree_with_branch_and_bound(loss: Any, text: str) -> None:
    lifted = lift(loss, kind="logits", n_classes=3)
    found, ts = transform_formula(lifted, text), [0.13, 0.37, 0.61, 0.88]
    cells = h_transform(lifted, text, ts)
    assert found is not None
    assert cells is not None
    for t, (low, high) in zip(cells.params["t"], cells.bounds, strict=True):
        assert low - 1e-12 <= at(found.value, t) <= high + 1e-12


def at(formula: str, t: float) -> float:
    """The value of a formula by pieces."""
    for part in formula.split(" else "):
        line, _, condition = part.partition(" if ")
        if not condition or t <= function(condition.removeprefix("t <= "))(0.0):
            return float(function(line)(t))
    raise AssertionError


def test_what_is_not_covered() -> None:
    """Classes that are not alike, sets whose scores differ from point to point, a curve, risks without a minimum."""

    def heavier(z: Any, y: Any) -> Any:
        return max_loss(hinge)(z, y) * np.where(y == 0, 2.0, 1.0)

    assert transform_formula(lift(heavier, kind="logits", n_classes=3), "All") is None
    assert transform_formula(lift(max_loss(hinge), kind="logits", n_classes=3), "Linear(1, 1/2)") is None
    curved = lift(sum_loss(lambda m: hinge(m) ** 2), kind="logits", n_classes=3)
    assert transform_formula(curved, "All") is None
    bottomless = lift(sum_loss(lambda m: 1 - m), kind="logits", n_classes=3)
    assert transform_formula(bottomless, "All") is None
