"""Softmax disperses: scores that stay in an interval get entries of order 1/n (Velickovic et al., 2024, Lemma 2.1)."""

from __future__ import annotations

import numpy as np
import pytest

from losscheck import catalogue


@pytest.mark.parametrize("n", [2, 10, 100, 10_000])
@pytest.mark.parametrize("temperature", [0.25, 1.0])
def test_entries_lie_between_the_bounds(n, temperature):
    z = np.random.default_rng(n).uniform(-1, 1, (20, n))
    p = catalogue["tempered_softmax"](z, temperature=temperature)
    spread = np.exp(2 / temperature)
    assert np.all((1 / (spread * n) <= p) & (p <= spread / n))


def test_the_largest_entry_tends_to_zero():
    tops = [catalogue["softmax_map"](np.eye(1, n) * 2).max() for n in (10, 100, 1000, 10_000)]
    assert np.all(np.diff(tops) < 0)
    assert tops[-1] < 1e-3


def test_the_entropy_rises_with_the_temperature():
    z = np.random.default_rng(1).normal(size=(50, 6))

    def entropy(temperature: float) -> np.ndarray:
        p = catalogue["tempered_softmax"](z, temperature=temperature)
        return -(p * np.log(p)).sum(axis=1)

    values = np.array([entropy(t) for t in (0.25, 0.5, 1.0, 2.0, 4.0)])
    assert np.all(np.diff(values, axis=0) > 0)
