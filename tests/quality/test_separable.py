"""Losses that are a function of each score alone, and smooth losses of the worst rival: truths by hand.

``r_p = p a + (1 - p) b`` is the risk of one score.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from losscheck.lifting.lifting import lift
from losscheck.property import properties
from losscheck.verdict import Outcome, Verdict
from losscheck.verifier import verify

INF = math.inf
HALF = math.pi / 2


def ovr(a: Any, b: Any) -> Any:
    return lambda z, y: np.sum(np.where(y[:, None] == np.arange(z.shape[1]), a(z), b(z)), axis=1)


def huber(r: Any) -> Any:
    return np.where(np.abs(r) < 1, 0.5 * r**2, np.abs(r) - 0.5)


# name: (loss, K, calibrated, Lipschitz constant in the 2-norm and for the maximum norm, range of the class sum)
LOSSES: dict[str, tuple[Any, int, bool | None, tuple[float, float], tuple[float, float]]] = {
    # r_p' = (1 - 2 p) / (1 + v^2): with three classes below 1/2 all scores fall to -inf together
    "arctan, K = 3": (ovr(lambda z: HALF - np.arctan(z), lambda z: HALF + np.arctan(z)), 3, False,
                      (math.sqrt(3), 3.0), (3 * math.pi, 6 * math.pi)),
    # the rest is flat: a class of less than 1/2 may have any score below -1, of more above 1
    "ramps": (ovr(lambda z: np.clip(1 - z, 0, 2), lambda z: np.clip(1 + z, 0, 2)), 3, False,
              (math.sqrt(3), 3.0), (6.0, 12.0)),
    "squared tanh gaps": (ovr(lambda z: (1 - np.tanh(z)) ** 2, lambda z: (1 + np.tanh(z)) ** 2), 3, True,
                          (64 / 27 * math.sqrt(3), 64 / 9), (8.0, 24.0)),
    "tanh, twice as steep for the others": (ovr(lambda z: -np.tanh(z), lambda z: 2 * np.tanh(z)), 3, False,
                                            (3.0, 5.0), (-9.0, 9.0)),
    # beyond 1 both functions rise at the same rate, so scores beyond it are never better
    "Huber losses of the gaps": (ovr(lambda z: huber(1 - z), lambda z: huber(1 + z)), 3, True,
                                 (math.sqrt(3), 3.0), (3.75, INF)),
    # the same with steps of the slope at 0, inside: r_p is least at 0 for all p from 1/3 to 2/3
    "absolute gaps and a kink": (ovr(lambda z: huber(1 - z) + np.abs(z), lambda z: huber(1 + z) + np.abs(z)), 3, False,
                                 (2 * math.sqrt(3), 6.0), (4.5, INF)),
    # both risks are least between the knees, whatever p is
    "a dead zone in common": (ovr(lambda z: np.maximum(0, np.abs(z) - 1) ** 2,
                                  lambda z: np.maximum(0, np.abs(z - 0.5) - 1)), 3, False, (INF, INF), (0.0, INF)),
    "steep": (ovr(lambda z: np.exp(-z), lambda z: np.maximum(0, z)), 3, None, (INF, INF), (None, INF)),
    "a step": (ovr(lambda z: np.where(z < 0, 1.0, 0.0), lambda z: np.arctan(z)), 3, None, (INF, INF), (None, None)),
}  # fmt: skip


def said(loss: Any, k: int, prop: str, **params: Any) -> Outcome:
    outcome: Outcome = properties()[prop].answer(lift(loss, kind="logits", n_classes=k), **params)
    if outcome.certificate is not None:
        verify(outcome.certificate)
    return outcome


@pytest.mark.parametrize("name", LOSSES)
def test_constants_and_calibration(name: str) -> None:
    loss, k, calibrated, slopes, total = LOSSES[name]
    if calibrated is not None:
        outcome = said(loss, k, "classification_calibrated")
        assert outcome.verdict is (Verdict.PROVED if calibrated else Verdict.REFUTED)
        if not calibrated:
            assert said(loss, k, "recovers_probability", link="softmax").verdict is Verdict.REFUTED
    for norm, wanted in zip(("l2", "linf"), slopes, strict=True):
        outcome = said(loss, k, "lipschitz", norm=norm)
        assert outcome.verdict is Verdict.PROVED
        assert outcome.value == pytest.approx(wanted, rel=3e-7)
    if None not in total:
        assert said(loss, k, "class_sum_bounds").value == pytest.approx(total, rel=1e-7)


@pytest.mark.parametrize("k", [2, 3, 4])
def test_the_worst_rival_squared(k: int) -> None:
    """max over j != y of max(0, 1 - z_y + z_j)^2: for K >= 3 equal scores are best while no class has half of p."""

    def loss(z: Any, y: Any) -> Any:
        others = y[:, None] != np.arange(z.shape[1])
        own = np.take_along_axis(z, y[:, None], axis=1)
        return np.max(np.where(others, np.maximum(0, 1 - own + z) ** 2, 0.0), axis=1)

    outcome = said(loss, k, "classification_calibrated")
    assert outcome.verdict is (Verdict.PROVED if k == 2 else Verdict.REFUTED)


def own_and_rest(a: Any, b: Any) -> Any:
    """The same of points of the simplex."""
    return lambda p, y: np.sum(np.where(y[:, None] == np.arange(p.shape[1]), a(p), b(p)), axis=1)


SHAPES: dict[str, tuple[Any, str, dict[str, bool]]] = {
    # convex as functions of one score, though not by the rules of composition
    "a quartic and a cubic half": (
        ovr(lambda z: (1 - z) ** 4 + z, lambda z: np.where(z > 0, z**3, 0 * z)), "logits",
        {"convex": True, "differentiable": True, "nonnegative": True, "bounded_below": True, "bounded_above": False}),
    "two exponentials and a square": (
        ovr(lambda z: np.exp(-z) - 0.1 * np.exp(-z / 2) + 0.1 * z**2, lambda z: z**2), "logits",
        {"convex": True, "nonnegative": True, "differentiable": True}),
    # one column is not: -0.3 exp(-z/2) is too much near z = 3, and the minimum is below 0
    "too much of one exponential": (
        ovr(lambda z: np.exp(-z) - 0.5 * np.exp(-z / 2), lambda z: z**2), "logits",
        {"convex": False, "nonnegative": False, "bounded_below": True}),
    # the columns alone are negative, the sum is not; then it is
    "a constant for all columns": (
        ovr(lambda z: np.sqrt(1 + z**2) + 1.5, lambda z: z * np.arctan(z) - 0.75), "logits",
        {"convex": True, "nonnegative": True}),
    "too small a constant": (
        ovr(lambda z: np.sqrt(1 + z**2) + 1.25, lambda z: z * np.arctan(z) - 1.25), "logits",
        {"convex": True, "nonnegative": False}),
    "x exp x on the simplex": (
        own_and_rest(lambda p: (p - 2) * np.exp(p), lambda p: (p - 1) * np.exp(p)), "simplex", {"convex": True}),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_shape_from_columns(name: str) -> None:
    loss, kind, truths = SHAPES[name]
    lifted = lift(loss, kind=kind, n_classes=3)
    for prop, truth in truths.items():
        outcome = properties()[prop].answer(lifted)
        assert outcome.verdict is (Verdict.PROVED if truth else Verdict.REFUTED), prop
        assert outcome.certificate is not None
        verify(outcome.certificate)
