"""The two passes say what the three say, whatever the logits, and never overflow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from losscheck.kernel import kernels

TWO, THREE = (kernels()[name].run for name in ("softmax_two_pass", "softmax"))
LARGEST = float(np.finfo(np.float32).max)
SHAPES = arrays.array_shapes(min_dims=2, max_dims=2, max_side=12)


@given(x=arrays.arrays(np.float32, SHAPES, elements=st.floats(-LARGEST, LARGEST, width=32)))
@example(x=np.array([[LARGEST, -LARGEST], [LARGEST, LARGEST]], np.float32))
@example(x=np.array([[2.0**20, 2.0**20 - 1], [2.0**20 + 1, 2.0**20]], np.float32))  # on both sides of the limit
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_finite_row_gives_a_distribution(x: Any) -> None:
    found = TWO(x)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(found, THREE(x, accurate=True), rtol=2.5e-7, atol=1e-45)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 30.0, 700.0, 1e5])
def test_agrees_with_the_three_passes_in_doubles(scale: float) -> None:
    x = np.random.default_rng(1).normal(size=(40, 300)) * scale
    x[3] += 1e4
    np.testing.assert_allclose(TWO(x), THREE(x, accurate=True), rtol=2e-15, atol=1e-323)


def test_special_rows_are_those_of_softmax() -> None:
    x = np.array([[np.nan, 1, 2], [np.inf, 0, 1], [-np.inf] * 3, [-np.inf, 0, 0], [1e308, 1.1e308, 0]])
    np.testing.assert_array_equal(TWO(x), THREE(x))
