"""Numbers that are only supported: a search must not miss a jump, nor a narrow dip."""

from __future__ import annotations

import math

import numpy as np
import pytest

from losscheck.lifting.lifting import lift
from losscheck.theorems.bayes import answer
from losscheck.theorems.lipschitz_by_gradient import attempt


def own(a, y):
    return np.take_along_axis(a, y[:, None], 1)[:, 0]


def wrong_classes(z, y):
    return (z > own(z, y)[:, None]).sum(1).astype(float)


def zero_one(z, y):
    return np.where(np.argmax(z, 1) == y, 0.0, 1.0)


def a_small_step_at_a_threshold(z, y):
    return np.logaddexp(z[:, 0] - own(z, y), z[:, 1] - own(z, y)) + 0.01 * (z[:, 0] > 1.234)


@pytest.mark.parametrize("norm", ["l2", "linf"])
@pytest.mark.parametrize("loss", [wrong_classes, zero_one, a_small_step_at_a_threshold], ids=lambda f: f.__name__)
def test_a_loss_that_jumps_has_no_finite_slope(loss, norm: str) -> None:
    found = attempt(lift(loss, kind="logits", n_classes=3), norm)
    assert found is None or found.value == float("inf")


def test_a_steep_loss_without_a_jump_keeps_its_slope() -> None:
    found = attempt(lift(lambda z, y: np.maximum(0, np.sort(z, 1)[:, -2] - own(z, y) + 1), kind="logits"), "l2")
    assert found is not None
    assert found.value == pytest.approx(2**0.5, rel=1e-6)


def a_narrow_dip(p, y):
    return np.where(y == 1, -np.log(p) - 0.9 * np.exp(-1e10 * (p - 0.7123) ** 2), -np.log(1 - p))


def test_the_least_risk_lies_in_a_dip_between_two_points_of_a_grid() -> None:
    found = answer(lift(a_narrow_dip, kind="probability"), "bayes_risk", {"eta": 0.5})
    assert found.value == pytest.approx((-math.log(0.7123) - 0.9 - math.log(1 - 0.7123)) / 2, abs=1e-6)
