"""Losses that branch on the score at a place a parameter sets: claims about every value, true and nearly true ones."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from losscheck.lifting.lifting import lift
from losscheck.property import properties
from losscheck.range_answers import answers
from losscheck.verdict import Outcome

Loss = Callable[..., Any]
C = 0.37
"""A place that no value tried and no cut meets."""


def first(loss: Loss, name: str, low: str, high: str, kind: str = "margin") -> Outcome:
    """What is said of the whole range; a proof must say just that."""
    lifted = lift(loss, kind=kind, ranges={"g": (Fraction(low), Fraction(high))})
    outcome, _ = next(iter(answers(lifted, name, properties()[name].answer)))
    if outcome.verdict.value == "proved":
        said = verifier.verify(outcome.certificate)
        assert (said.property, said.params) == (name, lifted.ranges)
    return outcome


def smoothed_hinge(v: Any, g: float = 1.0) -> Any:
    return np.where(v >= 1, 0.0, np.where(v < 1 - g, 1 - v - g / 2, (1 - v) ** 2 / (2 * g)))


def broken_hinge(v: Any, g: float = 1.0) -> Any:
    """The line does not meet the square, but for g = 1."""
    return np.where(v >= 1, 0.0, np.where(v < 1 - g, 0.5 - v, (1 - v) ** 2 / (2 * g)))


def line_and_exponential(v: Any, g: float = 1.0) -> Any:
    return np.where(v < 0, 1 - g * v, np.exp(-g * v))


def two_slopes(v: Any, g: float = 1.0) -> Any:
    return np.where(v > 1, g * (v - 1), 1 - v)


def square_below(v: Any, g: float = 1.0) -> Any:
    return np.where(v < g, (g - v) ** 2, 0.0)


def kinked_at_zero(v: Any, g: float = 1.0) -> Any:
    return np.where(v < 0, -g * v, -v) + 1


def weighted(z: Any, y: Any, g: float = 1.0) -> Any:
    return np.where(y == 1, np.where(z < g, (g - z) ** 2, 0.0), np.where(z > -g, z + g, 0.0))


TRUE = [
    (smoothed_hinge, "convex", "1/4", "2"),
    (smoothed_hinge, "nonincreasing", "1/4", "2"),
    (smoothed_hinge, "differentiable", "1/4", "2"),
    (smoothed_hinge, "classification_calibrated", "1/4", "2"),  # the cut 1 - g passes 0
    (line_and_exponential, "classification_calibrated", "1/2", "2"),
    (two_slopes, "nonnegative", "0", "1"),
    (two_slopes, "convex", "0", "1"),
    (square_below, "nonincreasing", "1/2", "2"),
    (kinked_at_zero, "convex", "1", "3"),
]


@pytest.mark.parametrize(("loss", "name", "low", "high"), TRUE)
def test_proved(loss: Loss, name: str, low: str, high: str) -> None:
    assert first(loss, name, low, high).verdict.value == "proved"


def test_both_labels_are_looked_at() -> None:
    assert first(weighted, "convex", "1/2", "2", "binary").verdict.value == "proved"
    assert first(weighted, "differentiable", "1/2", "2", "binary").verdict.value != "proved"


def barely_bent(v: Any, g: float = 1.0) -> Any:
    """Its slope falls at v = 1 for g next to C alone."""
    return np.where(v > 1, ((g - C) ** 2 - 1e-8 - 1) * (v - 1), 1 - v)


def barely_stepped(v: Any, g: float = 1.0) -> Any:
    """It steps up at v = 1 for g next to C alone."""
    return np.where(v > 1, -v - (g - C) ** 2 + 1e-8, -v)


def barely_negative(v: Any, g: float = 1.0) -> Any:
    """It is negative for v > 1 and g next to C alone."""
    return np.where(v > 1, v * ((g - C) ** 2 - 1e-8), 2.0)


def barely_calibrated(v: Any, g: float = 1.0) -> Any:
    """Its slope at 0 is not negative for g next to C alone."""
    return np.where(v > 1, 0.0, (1 - v) * ((g - C) ** 2 - 1e-8))


FALSE = [
    (barely_bent, "convex"),
    (barely_stepped, "nonincreasing"),
    (barely_negative, "nonnegative"),
    (barely_calibrated, "classification_calibrated"),
    (broken_hinge, "convex"),
    (broken_hinge, "differentiable"),
    (kinked_at_zero, "classification_calibrated"),  # for every g but 1
    (two_slopes, "differentiable"),
]


@pytest.mark.parametrize(("loss", "name"), FALSE)
def test_false_for_some_values(loss: Loss, name: str) -> None:
    assert first(loss, name, "1/4", "2").verdict.value != "proved"
