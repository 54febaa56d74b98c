"""Searches skip what floats rule out; what is provable must not be among it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from losscheck.engines.breakpoints import breakpoints
from losscheck.engines.golden import golden, golden_each
from losscheck.engines.risk import Risk
from losscheck.expr.build import absolute, const, exp, maximum, mul, sub, var
from losscheck.lifting.lifting import lift
from losscheck.theorems.bounded_by_limits import diverging, lines
from losscheck.theorems.convex_premise import bends_down
from losscheck.theorems.recovers_by_link import attempt


@pytest.mark.parametrize(
    ("loss", "labels"),
    [
        (lambda v: np.log(1 + np.log(1 + np.log(2 + np.abs(v)))), [[0], [0]]),  # slower than any power
        (lambda v: np.exp(-v), [[], [0]]),
        (lambda v: np.tanh(v), [[], []]),
        (lambda v: -np.log(1 / (1 + np.exp(-v))), [[], [0]]),
        (lambda v: (v + 1.0) ** 2 - v**2, [[0], []]),
    ],
)
def test_lines_along_which_a_loss_grows_are_tried(loss: Any, labels: list[list[int]]) -> None:
    lifted = lift(loss, kind="margin")
    assert [diverging(lifted, "above", path, far) for path, far in lines(lifted)] == labels


@pytest.mark.parametrize(
    ("loss", "kind", "down"),
    [
        (lambda v: np.logaddexp(0.0, -v), "margin", False),
        (lambda v: np.exp(-100.0 * v), "margin", False),
        (lambda v: np.maximum(0.0, 1.0 - v), "margin", False),
        (lambda v: (v**2 + 1e-12) ** 0.5, "margin", False),
        (lambda v: v * 0.0, "margin", False),
        (lambda p, y: -y * np.log(p) - (1 - y) * np.log1p(-p), "probability", False),
        (lambda v: 1 / (1 + np.exp(v)), "margin", True),
        (lambda v: np.minimum(1.0, np.maximum(0.0, 1.0 - v)), "margin", True),
    ],
)
def test_only_losses_that_bend_down_are_called_so(loss: Any, kind: str, down: bool) -> None:
    assert bends_down(lift(loss, kind=kind)) is down


def test_links_with_flat_ends_are_tried() -> None:
    assert attempt(lift(lambda v: np.maximum(0.0, 1.0 - v) ** 2, kind="margin")) is not None
    assert attempt(lift(lambda v: np.logaddexp(0.0, -v), kind="margin")) is not None


def test_hints_that_are_changed_do_not_change_those_of_the_next_caller() -> None:
    v = var("v")
    gap = maximum([const(0), sub(exp(v), const(2))])
    first = breakpoints(gap, "v")
    kept = [list(h) if isinstance(h, list) else h for h in first]
    first[0][0] = "0"  # type: ignore[index]
    first.clear()
    assert breakpoints(gap, "v") == kept


def test_zeros_are_those_of_one_search_after_another() -> None:
    v = var("v")
    root = absolute(mul(sub(v, const(Fraction(1, 3))), sub(v, const(2)), sub(v, const(2))))
    assert breakpoints(root, "v") == ["1/3", "2"]
    f = (lambda t: abs(t - 0.3), lambda t: (t + 2) ** 2)
    x, y = golden_each(lambda t: np.array([f[0](t[0]), f[1](t[1])]), np.array([0.0, -5.0]), np.array([1.0, 1.0]))
    alone = [golden(f[0], 0.0, 1.0), golden(f[1], -5.0, 1.0)]
    assert list(zip(x.tolist(), y.tolist(), strict=True)) == alone


def test_minimisers_of_a_symmetric_loss_move_with_the_classes() -> None:
    def focal(z: Any, y: Any) -> Any:
        p = np.exp(z - np.max(z, axis=1, keepdims=True))
        p = (p / np.sum(p, axis=1, keepdims=True))[np.arange(len(y)), y]
        return -((1 - p) ** 2) * np.log(p)

    def weighted(z: Any, y: Any) -> Any:
        return focal(z, y) * np.array([1.0, 2.0, 4.0])[y]

    p, turned = np.array([0.5, 0.3, 0.2]), [2, 0, 1]
    for loss, same in ((focal, True), (weighted, False)):
        risk = Risk(lift(loss, kind="logits", n_classes=3))
        here, there = risk.minimise(p.tolist()), risk.minimise(p[turned].tolist())
        assert here is not None
        assert there is not None
        assert np.allclose(here[turned], there, atol=1e-12) is same
        assert risk.gradient(p[turned].tolist(), there) == pytest.approx([0, 0, 0], abs=1e-6)
