"""Second derivatives whose largest size is a limit at infinity that doubles cannot see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.special import log_ndtr

from tests.quality.score_questions import ask

LIMITS: dict[str, tuple[Callable[[Any], Any], float]] = {
    "probit": (lambda v: -log_ndtr(v), 1.0),
    "probit of 2 v": (lambda v: -log_ndtr(2 * v), 4.0),
    "probit, three times": (lambda v: -3 * log_ndtr(v), 3.0),
}


@pytest.mark.parametrize("name", LIMITS)
def test_the_limit_is_the_constant(name: str) -> None:
    loss, expected = LIMITS[name]
    outcome = ask(loss, "smoothness", "margin")
    assert (outcome.verdict.value, outcome.value) == ("proved", pytest.approx(expected, abs=1e-9))


def test_a_larger_value_inside_is_not_missed() -> None:
    """The curvature of a bump at 3 is above the limit."""
    outcome = ask(lambda v: -log_ndtr(v) + 2 * np.exp(-((v - 3) ** 2)), "smoothness", "margin")
    assert outcome.verdict.value == "undecided" or outcome.value > 3.9
