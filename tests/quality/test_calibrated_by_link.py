"""Calibration from a link that is 0 at 1/2: composites that are not convex, and losses that break one hypothesis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import erf, expit

from tests.quality.margin_questions import ask, decided


def mixed(v: Any) -> Any:
    """A distribution function with F(-v) = 1 - F(v)."""
    return 0.5 + 0.25 * v / np.sqrt(1 + v * v) + 0.25 * erf(v)


def sides(one: Any, zero: Any) -> Any:
    return lambda z, y: np.where(y == 1, one(z), zero(z))


TRUE = {
    "logarithm of a mixture": (lambda v: -np.log(mixed(v)), "margin"),
    "square of a mixture": (lambda v: (1 - mixed(2 * v)) ** 2, "margin"),
    "both labels": (sides(lambda z: expit(-z) ** 2, lambda z: expit(z) ** 2), "binary"),
    "unequal steepness": (sides(lambda z: expit(-2 * z) ** 2, lambda z: expit(2 * z) ** 2), "binary"),
}


@pytest.mark.parametrize("name", TRUE)
def test_composites(name: str) -> None:
    loss, kind = TRUE[name]
    found = ask(loss, "classification_calibrated", kind)
    assert found.verdict == "proved"
    assert found.certificate is not None
    assert found.certificate["proof"]["rule"] == "calibrated_by_link"


FALSE = {
    "the link is 0 at another eta": sides(lambda z: 2 * expit(-z) ** 2, lambda z: expit(z) ** 2),
    "nearly at 1/2": sides(lambda z: expit(-z - 1e-6) ** 2, lambda z: expit(z + 1e-6) ** 2),
    "the link falls": sides(lambda z: expit(z) ** 2, lambda z: expit(-z) ** 2),
    "0 has a lower value of its own": sides(
        lambda z: np.where(z == 0, 0.0, expit(-z) ** 2), lambda z: np.where(z == 0, 0.0, expit(z) ** 2)
    ),
    "0 has a flat value of its own, the slopes around it do not add up": sides(
        lambda z: np.where(z == 0, 0.5, 2 * expit(-z) ** 2), lambda z: np.where(z == 0, 0.25, expit(z) ** 2)
    ),
    "a well on the wrong side": sides(lambda z: expit(-z) ** 2 - 3 * np.exp(-((z + 5) ** 2)), lambda z: expit(z) ** 2),
}


@pytest.mark.parametrize("name", FALSE)
def test_broken_hypotheses(name: str) -> None:
    assert decided(FALSE[name], "classification_calibrated", "binary") is not True
