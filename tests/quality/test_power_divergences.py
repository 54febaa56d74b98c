"""Divergences of homogeneous terms, log-sum-exps as sums, piecewise linear cores; what breaks joint convexity."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from tests.quality.score_questions import ask, verdict


def total(a: Any) -> Any:
    return np.sum(a, axis=-1)


def beta(b: float) -> Callable[[Any, Any], Any]:
    """The Bregman divergence of sum x^b."""
    return lambda p, q: total(p**b - q**b - b * q ** (b - 1) * (p - q))


def renyi(a: float) -> Callable[[Any, Any], Any]:
    return lambda p, q: np.log(total(p**a * q ** (1 - a))) / (a - 1)


def fourth(p: Any, q: Any) -> Any:
    """f'' of (t - 1)^4 / (t + 1)^3 touches 0 at 1."""
    return total((p - q) ** 4 / (p + q) ** 3)


def log_variation(p: Any, q: Any) -> Any:
    return -np.log(1 - 0.5 * total(np.abs(p - q)))


def kinked(p: Any, q: Any) -> Any:
    return total(np.sqrt(q) * np.abs(p - q))


def test_powers() -> None:
    for b in (1.3, 1.5):
        for name in ("nonnegative", "identity_of_indiscernibles", "jointly_convex"):
            assert verdict(beta(b), name, "divergence", 3) == "proved", (b, name)


@pytest.mark.parametrize("loss", [beta(2.5), beta(3.0), kinked, lambda p, q: total(p / q - np.log(p / q) - 1)])
def test_not_jointly_convex(loss: Any) -> None:
    assert verdict(loss, "jointly_convex", "divergence", 3) != "proved"


def test_log_sums() -> None:
    low, high = renyi(0.8), renyi(1.7)
    for loss in (low, high):
        for name in ("nonnegative", "identity_of_indiscernibles", "data_processing"):
            assert verdict(loss, name, "divergence", 3) == "proved", name
        assert verdict(loss, "bounded_above", "divergence", 3) == "refuted"
    assert verdict(low, "jointly_convex", "divergence", 3) == "proved"
    assert verdict(high, "jointly_convex", "divergence", 3) != "proved"


def test_flat_and_kinked_cores() -> None:
    assert verdict(fourth, "data_processing", "divergence", 3) == "proved"
    assert ask(fourth, "supremum", "divergence", 3).value == pytest.approx(2.0)
    assert verdict(log_variation, "data_processing", "divergence", 3) == "proved"
    assert verdict(log_variation, "triangle_inequality", "divergence", 3) == "refuted"


@pytest.mark.parametrize(
    ("key", "value"), [("degree", "1"), ("degree", "2"), ("turn", -1), ("slope", "1"), ("core", 1)]
)
def test_forged(key: str, value: Any) -> None:
    made = copy.deepcopy(ask(beta(1.5), "jointly_convex", "divergence", 3).certificate)
    assert made is not None
    assert made["proof"]["rule"] == "by_homogeneous"
    made["proof"][key] = value
    with pytest.raises(verifier.CertificateRejected):
        verifier.verify(made)
