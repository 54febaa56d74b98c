"""Random regression losses with answers known from their construction: no verdict may contradict it.

- Bregman losses ``phi(y) - phi(a) - phi'(a) (y - a)`` with phi convex elicit the mean; with weights ``1 - t`` and ``t``
  on the two sides the t-expectile; and, as phi is never affine here, no median.
- ``(1[y <= a] - t) (g(a) - g(y))`` with g increasing elicits the t-quantile, and no quantile of another level.
- Sums of convex functions of a - y are convex, with the sum of their slopes at infinity as Lipschitz constant.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from losscheck.lifting.lifting import lift
from losscheck.property import properties
from losscheck.verdict import Outcome, Verdict

WEIGHTS = st.integers(0, 4).map(lambda n: n / 4)
LEVELS = st.sampled_from([0.1, 0.25, 0.5, 0.7, 0.9])
DRAWS = settings(max_examples=12, deadline=None, derandomize=True)

# phi and its derivative, all convex on R
CONVEX = [
    (lambda a: a**2, lambda a: 2 * a),
    (lambda a: a**4, lambda a: 4 * a**3),
    (lambda a: np.exp(a / 2), lambda a: np.exp(a / 2) / 2),
    (lambda a: np.sqrt(1 + a**2), lambda a: a / np.sqrt(1 + a**2)),
]
INCREASING = [lambda a: a, lambda a: a**3, lambda a: np.exp(a / 2), np.arctan]
# functions of r, convex and even, and their slopes at infinity
SHIFTS = [
    (np.abs, 1.0),
    (lambda r: np.sqrt(1 + r**2), 1.0),
    (lambda r: np.where(np.abs(r) <= 1, r**2 / 2, np.abs(r) - 0.5), 1.0),
    (lambda r: np.abs(r) - np.log1p(np.abs(r)), 1.0),
]


def ask(fn: Any, name: str, **params: Any) -> Outcome:
    outcome: Outcome = properties()[name].answer(lift(fn, kind="regression"), **params)
    return outcome


def bregman(weights: list[float]) -> Any:
    def loss(a: Any, y: Any) -> Any:
        parts = zip(weights, CONVEX, strict=True)
        return sum(w * (phi(y) - phi(a) - slope(a) * (y - a)) for w, (phi, slope) in parts if w)

    return loss


@DRAWS
@given(st.lists(WEIGHTS, min_size=4, max_size=4).filter(any), LEVELS)
def test_bregman_losses_elicit_the_mean_and_expectiles(weights: list[float], t: float) -> None:
    symmetric = bregman(weights)

    def tilted(a: Any, y: Any) -> Any:
        return np.where(y < a, 1.0 - t, t) * symmetric(a, y)

    assert ask(symmetric, "elicits", functional="mean").verdict is not Verdict.REFUTED
    assert ask(symmetric, "elicits", functional="median").verdict is not Verdict.PROVED
    assert ask(symmetric, "nonnegative").verdict is not Verdict.REFUTED
    assert ask(tilted, "elicits", functional="expectile", level=t).verdict is not Verdict.REFUTED
    if t != 0.5:
        assert ask(tilted, "elicits", functional="mean").verdict is not Verdict.PROVED


@DRAWS
@given(st.lists(WEIGHTS, min_size=4, max_size=4).filter(any), LEVELS, LEVELS)
def test_piecewise_linear_losses_elicit_quantiles(weights: list[float], t: float, other: float) -> None:
    def loss(a: Any, y: Any) -> Any:
        parts = [(w, g) for w, g in zip(weights, INCREASING, strict=True) if w]
        return np.where(y <= a, 1.0 - t, -t) * sum(w * (g(a) - g(y)) for w, g in parts)

    assert ask(loss, "elicits", functional="quantile", level=t).verdict is not Verdict.REFUTED
    assert ask(loss, "elicits", functional="mean").verdict is not Verdict.PROVED
    if other != t:
        assert ask(loss, "elicits", functional="quantile", level=other).verdict is not Verdict.PROVED
    assert ask(loss, "nonnegative").verdict is not Verdict.REFUTED
    assert ask(loss, "differentiable").verdict is not Verdict.PROVED


@DRAWS
@given(st.lists(WEIGHTS, min_size=4, max_size=4).filter(any))
def test_sums_of_convex_shifts(weights: list[float]) -> None:
    def loss(a: Any, y: Any) -> Any:
        return sum(w * f(a - y) for w, (f, _) in zip(weights, SHIFTS, strict=True) if w)

    constant = ask(loss, "lipschitz", norm="l2")
    if constant.verdict is Verdict.PROVED:
        assert math.isclose(constant.value, sum(weights), rel_tol=2e-7)
    assert ask(loss, "convex").verdict is not Verdict.REFUTED
    smooth = weights[0] == 0
    assert ask(loss, "differentiable").verdict is not (Verdict.REFUTED if smooth else Verdict.PROVED)
    assert ask(loss, "bounded_influence").verdict is not Verdict.REFUTED
    even = ask(loss, "bayes_act", y=[-1.0, 3.0], w=[0.5, 0.5])  # convex and even about 1
    if even.verdict is Verdict.PROVED:
        assert math.isclose(even.value, 1.0, abs_tol=1e-7)
