"""Constants such as exp(3/5) held as doubles; decimal powers at base 0; breakpoints that are no binary fractions."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from tests.quality.margin_questions import ask


def straightened(v: Any) -> Any:
    """exp(-v), continued by its tangent below -3/5."""
    return np.where(v > -0.6, np.exp(-np.maximum(v, -0.6)), math.exp(0.6) * (0.4 - v))


def broken(v: Any) -> Any:
    """The same with another constant: it steps at -3/5 by far more than rounding."""
    return np.where(v > -0.6, np.exp(-np.maximum(v, -0.6)), (math.exp(0.6) + 1e-9) * (0.4 - v))


def distance_weighted(v: Any) -> Any:
    """Generalised distance-weighted discrimination with q = 5/2: its factor is the root of a rational."""
    q = 2.5
    edge = q / (q + 1)
    return np.where(v <= edge, 1 - v, np.maximum(v, edge) ** (-q) * q**q / (q + 1) ** (q + 1))


def hinge_power(v: Any) -> Any:
    return np.maximum(1.2 - v, 0.0) ** 1.6


def rennie(v: Any) -> Any:
    a = 2.3
    inside = np.maximum(v, 0.0) ** (a + 1.0) / (a + 1.0) - v + a / (a + 1.0)
    return np.where(v <= 0, a / (a + 1.0) - v, np.where(v < 1, inside, 0.0))


@pytest.mark.parametrize("loss", [straightened, distance_weighted, rennie])
def test_smooth_joints(loss: Any) -> None:
    for name in ("convex", "nonincreasing", "classification_calibrated", "recovers_probability"):
        assert ask(loss, name).verdict == "proved", name
    assert math.isfinite(ask(loss, "smoothness").value)


def test_a_step_is_no_constant() -> None:
    assert ask(broken, "convex").verdict != "proved"
    assert ask(broken, "smoothness").value in (None, math.inf)


def test_a_power_at_its_zero() -> None:
    assert ask(hinge_power, "nonincreasing").verdict == "proved"
    assert ask(hinge_power, "recovers_probability").verdict == "proved"
    assert ask(hinge_power, "smoothness").value == math.inf


def test_the_choice_is_named() -> None:
    outcome = ask(straightened, "convex")
    assert outcome.constants[math.exp(0.6).hex()] == "exp(3/5)"


@pytest.mark.parametrize(
    "said",
    ["exp(3/4)", "exp(30000001/50000000)", "log(2)", "-exp(3/5)", "pow(3,1/2)", "pow(3,2)", "pow(-3,1/2)", "log(-1)",
     "exp()", "exp(1,2)", "sin(1)", "exp(3/5", "--exp(3/5)", "exp(1e9)"],
)  # fmt: skip
def test_other_constants_are_rejected(said: str) -> None:
    made = copy.deepcopy(ask(straightened, "convex").certificate)
    made["constants"][math.exp(0.6).hex()] = said
    with pytest.raises(verifier.CertificateRejected):
        verifier.verify(made)
