"""Set losses with branches at the origin, written in different ways; and branches that say something elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from losscheck.lifting.lifting import lift
from losscheck.property import properties
from losscheck.verdict import Verdict


def verdict(fn: Any, name: str) -> Verdict:
    found: Verdict = properties()[name].answer(lift(fn, kind="set")).verdict
    return found


def total(x: Any, y: Any) -> Any:
    return (x + y).sum(axis=1)


def apart(x: Any, y: Any) -> Any:
    return np.abs(x - y).sum(axis=1)


def safe_denominator(x: Any, y: Any) -> Any:
    d = total(x, y)
    return apart(x, y) / np.where(d == 0, 1, d)


def added_indicator(x: Any, y: Any) -> Any:
    d = total(x, y)
    return 1 - (d - apart(x, y) + (d == 0)) / (d + (d == 0))


def twice(x: Any, y: Any) -> Any:
    d = total(x, y)
    return np.where(d <= 0, 0, apart(x, y) / np.where(d > 0, d, 1))


@pytest.mark.parametrize("fn", [safe_denominator, added_indicator, twice])
def test_a_branch_at_the_origin_changes_nothing(fn: Any) -> None:
    assert verdict(fn, "zero_iff_equal") is Verdict.PROVED
    assert verdict(fn, "min_at_target") is Verdict.PROVED


def one_at_the_origin(x: Any, y: Any) -> Any:
    d = total(x, y)
    return np.where(d == 0, 1, apart(x, y) / np.where(d == 0, 1, d))


def branch_on_a_face(x: Any, y: Any) -> Any:
    d = total(x, y)
    return np.where(x[:, 0] == 0, 0, apart(x, y) / np.where(d == 0, 1, d))


def branch_inside(x: Any, y: Any) -> Any:
    d = total(x, y)
    return np.where(d == 1, 0, apart(x, y) / np.where(d == 0, 1, d))


@pytest.mark.parametrize("fn", [one_at_the_origin, branch_on_a_face, branch_inside])
def test_a_branch_that_speaks_elsewhere_is_not_dropped(fn: Any) -> None:
    assert verdict(fn, "zero_iff_equal") is not Verdict.PROVED
