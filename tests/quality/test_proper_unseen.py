"""Scoring rules written before the provers saw them, with their truths worked out by hand: no verdict may be wrong.

The last column is False for rules whose truth the provers do not reach yet; they stay here as targets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from losscheck.lifting.lifting import lift
from losscheck.properties.proper import proper
from losscheck.properties.strictly_proper import strictly_proper
from losscheck.verdict import Verdict
from losscheck.verifier import verify

Rule = Callable[[Any, Any], Any]


def _pick(p: Any, y: Any) -> Any:
    return np.take_along_axis(p, y[..., None], axis=-1)[..., 0]


def _hot(p: Any, y: Any) -> Any:
    return (y[..., None] == np.arange(p.shape[-1])).astype(p.dtype)


def _both(y: Any, one: Any, zero: Any) -> Any:
    return np.where(y == 1, one, zero)


def arcsine(p: Any, y: Any) -> Any:
    """W = (q (1-q))^(-3/2+1): l0' = sqrt(q / (1-q))."""
    s, r = np.sqrt(p * (1 - p)), np.sqrt(p / (1 - p))
    return _both(y, np.arctan(1 / r) - s, np.arctan(r) - s)


def touching_zero(p: Any, y: Any) -> Any:
    """W = (q - 1/2)^2."""
    zero = p**4 / 4 - p**3 / 3 + p**2 / 8
    one = zero - (p**3 / 3 - p**2 / 2 + p / 4)
    return _both(y, one, zero)


def clipped_brier(p: Any, y: Any) -> Any:
    m = np.maximum(p, 0.25)
    return _both(y, (1 - m) ** 2, m**2)


def clipped_log(p: Any, y: Any) -> Any:
    m = np.clip(p, 1e-7, 1 - 1e-7)
    return _both(y, -np.log(m), -np.log(1 - m))


def one_sided_clips(p: Any, y: Any) -> Any:
    return _both(y, -np.log(np.maximum(p, 1e-7)), -np.log(np.maximum(1 - p, 1e-7)))


def fair_jump(p: Any, y: Any) -> Any:
    half = np.where(p < 0.5, 1.0, np.where(p > 0.5, 0.0, 0.5))
    return _both(y, (1 - p) ** 2 + half, p**2 + 1 - half)


def own_value_at_half(p: Any, y: Any) -> Any:
    one = np.where(p < 0.5, 1.0, np.where(p > 0.5, 0.0, 0.25))
    zero = np.where(p < 0.5, 0.0, np.where(p > 0.5, 1.0, 0.25))
    return _both(y, (1 - p) ** 2 + one, p**2 + zero)


def unfair_jump(p: Any, y: Any) -> Any:
    return _both(y, (1 - p) ** 2 + (p < 0.3), p**2 + (p >= 0.3))


def negative_weight_below_a_tenth(p: Any, y: Any) -> Any:
    zero = p**3 / 3 - p**2 / 20
    return _both(y, zero - (p**2 / 2 - p / 10), zero)


def one_against_the_rest(p: Any, y: Any) -> Any:
    hot = _hot(p, y)
    return -np.sum(hot * np.log(p) + (1 - hot) * np.log(1 - p), axis=-1)


def odds_score(p: Any, y: Any) -> Any:
    return np.sum(np.sqrt(p / _pick(p, y)[..., None]), axis=-1)


def ranked_log(p: Any, y: Any) -> Any:
    f, g = np.cumsum(p, axis=-1)[..., :-1], np.cumsum(_hot(p, y), axis=-1)[..., :-1]
    return -np.sum(g * np.log(f) + (1 - g) * np.log(1 - f), axis=-1)


def brier_and_spherical(p: Any, y: Any) -> Any:
    return np.sum((p - _hot(p, y)) ** 2, axis=-1) - 0.5 * _pick(p, y) / np.sqrt(np.sum(p * p, axis=-1))


def brier_of_two_classes(p: Any, y: Any) -> Any:
    return np.sum(((p - _hot(p, y)) ** 2)[..., :2], axis=-1)


def brier_of_class_zero(p: Any, y: Any) -> Any:
    return ((p - _hot(p, y)) ** 2)[..., 0]


def indefinite_quadratic(p: Any, y: Any) -> Any:
    return np.sum((p - _hot(p, y)) ** 2 * np.array([1.0, 1.0, -3.0]), axis=-1)


def brier_of_squares(p: Any, y: Any) -> Any:
    r = p * p / np.sum(p * p, axis=-1, keepdims=True)
    return np.sum((r - _hot(p, y)) ** 2, axis=-1)


def class_weighted_brier(p: Any, y: Any) -> Any:
    return np.array([1.0, 1.0, 1.001])[y] * np.sum((p - _hot(p, y)) ** 2, axis=-1)


def log_of_exponentials(p: Any, y: Any) -> Any:
    """H = -log sum exp p."""
    top = np.log(np.sum(np.exp(p), axis=-1))
    s = np.exp(p - top[..., None])
    return -top - _pick(s, y) + np.sum(p * s, axis=-1)


def energy(p: Any, y: Any) -> Any:
    """Twice the mean distance to the outcome, less the mean distance of two draws."""
    k = np.arange(p.shape[-1])
    apart = np.abs(k[:, None] - k)
    return 2 * np.sum(p * np.abs(k - y[..., None]), axis=-1) - np.sum(
        p[..., None] * p[..., None, :] * apart, axis=(-1, -2)
    )


def half_power(p: Any, y: Any) -> Any:
    return 0.5 * _pick(p, y) ** -0.5 + 0.5 * np.sum(p**0.5, axis=-1)


def smooth_cap(p: Any, y: Any) -> Any:
    return -np.log(_pick(p, y)) + (1 - _pick(p, y))


def zero_one_with_shared_ties(p: Any, y: Any) -> Any:
    top = np.max(p, axis=-1)
    return 1.0 - (_pick(p, y) >= top) / np.sum(p >= top[..., None], axis=-1)


def own_square(p: Any, y: Any) -> Any:
    return (1 - _pick(p, y)) ** 2


def log_and_a_cubic_power(p: Any, y: Any) -> Any:
    return -np.log(_pick(p, y)) - 4 * _pick(p, y) ** 3 + 3 * np.sum(p**4, axis=-1)


def epsilon_of_a_billionth(p: Any, y: Any) -> Any:
    return -np.log(_pick(p, y) + 1e-9)


RULES: list[tuple[Rule, int | None, bool, bool, bool]] = [
    # rule, K (None: binary), proper, strictly proper, within reach of the provers
    (arcsine, None, True, True, True),
    (touching_zero, None, True, True, True),
    (clipped_brier, None, True, False, True),
    (clipped_log, None, True, False, True),
    (one_sided_clips, None, False, False, True),
    (fair_jump, None, True, True, True),
    (own_value_at_half, None, False, False, True),
    (unfair_jump, None, False, False, True),
    (negative_weight_below_a_tenth, None, False, False, True),
    (one_against_the_rest, 3, True, True, True),
    (odds_score, 3, True, True, False),
    (ranked_log, 3, True, True, True),
    (brier_and_spherical, 3, True, True, True),
    (brier_of_two_classes, 3, True, True, True),
    (brier_of_class_zero, 3, True, False, True),
    (indefinite_quadratic, 3, False, False, True),
    (brier_of_squares, 3, False, False, True),
    (class_weighted_brier, 3, False, False, True),
    (own_square, 2, True, True, True),
    (own_square, 3, False, False, True),
    (log_and_a_cubic_power, 4, True, True, True),
    (epsilon_of_a_billionth, 3, False, False, True),
    (log_of_exponentials, 3, True, True, True),
    (energy, 3, True, True, True),
    (half_power, 3, True, True, True),
    (smooth_cap, 3, False, False, True),
    (zero_one_with_shared_ties, 3, True, False, False),
]


@pytest.mark.parametrize(
    ("rule", "k", "is_proper", "is_strict", "reached"), RULES, ids=lambda x: getattr(x, "__name__", str(x))
)
def test_unseen(rule: Rule, k: int | None, is_proper: bool, is_strict: bool, reached: bool) -> None:
    lifted = lift(rule, kind="simplex" if k else "probability", n_classes=k)
    for answer, truth in ((proper, is_proper), (strictly_proper, is_strict)):
        outcome = answer(lifted)
        assert outcome.verdict == (Verdict.PROVED if truth else Verdict.REFUTED) or (
            not reached and outcome.verdict == Verdict.UNDECIDED
        ), outcome.message
        if outcome.certificate:
            assert verify(outcome.certificate).verdict == outcome.verdict
