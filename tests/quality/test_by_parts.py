"""Sums of unlike parts: what is proved of every part is proved of the sum; sums with a part that lacks it are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.quality.pair_questions import divergence
from tests.quality.pair_questions import verdict as of_pairs
from tests.quality.score_questions import picked, verdict


def kl(p: Any, q: Any) -> Any:
    return (p * np.log(p / q)).sum(-1)


def gap(p: Any, q: Any) -> Any:
    return ((p - q) ** 2).sum(-1)


def shifted(p: Any, q: Any) -> Any:
    """0 where p and q are one cyclic shift apart, not where they are equal."""
    return ((p - np.roll(q, 1, axis=-1)) ** 2).sum(-1)


PAIRS = [
    (lambda p, q: kl(p, q) + gap(p, q), ("nonnegative", "identity_of_indiscernibles", "jointly_convex"), ()),
    (lambda p, q: kl(p, q) - gap(p, q), (), ("jointly_convex", "data_processing")),
    (lambda p, q: kl(p, q) / 4 - gap(p, q), (), ("nonnegative", "jointly_convex")),
    (lambda p, q: kl(p, q) + shifted(p, q), (), ("identity_of_indiscernibles",)),
]


@pytest.mark.parametrize(("loss", "true", "false"), PAIRS)
def test_divergences(loss: Any, true: tuple[str, ...], false: tuple[str, ...]) -> None:
    lifted = divergence(loss)
    assert [of_pairs(lifted, name) for name in true] == ["proved"] * len(true)
    assert "proved" not in [of_pairs(lifted, name) for name in false]


def ranked(p: Any, y: Any, w: float) -> Any:
    below = np.cumsum(p, axis=-1)[..., :-1]
    return w * ((below - (y[..., None] <= np.arange(p.shape[-1] - 1))) ** 2 * np.array([5.0, 0.25])).sum(-1)


RULES = [
    (lambda p, y: ranked(p, y, 1) - np.log(picked(p, y)), "proved"),
    (lambda p, y: ranked(p, y, -1) - np.log(picked(p, y)), "not"),
    (lambda p, y: ranked(p, y, 1) - np.sqrt(picked(p, y)), "not"),
]


@pytest.mark.parametrize(("loss", "expected"), RULES)
def test_scoring_rules(loss: Any, expected: str) -> None:
    assert (verdict(loss, "strictly_proper", "simplex", 3) == "proved") == (expected == "proved")
