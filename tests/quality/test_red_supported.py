"""Numbers that are only supported: a search must not miss a jump, nor a narrow dip."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from losscheck.lifting.lifting import lift
from losscheck.theorems.bayes import answer
from losscheck.theorems.lipschitz_by_gradient import attempt
from losscheck.theorems.risk_wells import settled


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


def waves(p, y):
    return 1 - np.sqrt(own(p, y)) + 0.3 * np.sin(30 * own(p, y))


def a_step_in_the_middle(p, y):
    return np.minimum(-np.log(own(p, y)), 2.0) - (p.min(1) > 0.3) * 0.5


@pytest.mark.parametrize(
    ("loss", "truth", "least"),
    [
        (waves, [0.8, 0.1, 0.1], -0.0436058748429),  # it was said to be -0.0371
        (waves, [0.5, 0.3, 0.2], 0.199454273698),
        (a_step_in_the_middle, [0.5, 0.3, 0.2], 0.5601317681),  # 0.929
    ],
)
def test_the_least_risk_of_three_classes_is_looked_for_everywhere(loss, truth: list[float], least: float) -> None:
    found = answer(lift(loss, kind="simplex", n_classes=3), "bayes_risk", {"p": truth})
    assert found.value is None or found.value == pytest.approx(least, abs=1e-6)


def test_a_search_that_is_beaten_by_another_supports_nothing() -> None:
    lifted = lift(waves, kind="simplex", n_classes=3)
    truth = [Fraction(4, 5), Fraction(1, 10), Fraction(1, 10)]
    assert not settled(lifted, truth, -0.0371)
    assert settled(lifted, truth, -0.0436058748429)


def a_root(z, y):
    return np.sqrt(np.abs(own(z, y) - z.mean(1)))


def steepest_far_out(z, y):
    return np.tanh(50 * (z[:, 0] - 7.3)) * 0.1 + np.log(np.exp(z).sum(1)) - own(z, y)


def test_a_root_has_no_steepest_slope() -> None:
    for norm in ("l2", "linf"):  # 15.1 was said to be supported
        found = attempt(lift(a_root, kind="logits", n_classes=3), norm)
        assert found is None or found.value == float("inf")


def test_the_steepest_slope_may_lie_far_out() -> None:
    found = attempt(lift(steepest_far_out, kind="logits", n_classes=3), "l2")
    assert found is None or found.value == pytest.approx(37**0.5, rel=1e-4)
