"""Divergences and set losses written before the provers saw them, with truths worked out by hand.

No verdict may be wrong, and what is open is named: a rule that comes to decide it shortens the list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.quality.pair_questions import ask, divergence, set_loss

Truth = dict[str, Any]


def total(a: Any) -> Any:
    return np.sum(a, axis=-1)


def ratio(above: Any, below: Any) -> Any:
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), 0.0)


def centred_log(p: Any) -> Any:
    return np.log(p) - np.mean(np.log(p), axis=-1, keepdims=True)


def truth(n: int, i: int, s: int, t: int, j: int, b: int, d: int | None = None, top: float | None = None) -> Truth:
    """Nonnegative, identity, symmetric, triangle, jointly convex, bounded, data processing, supremum."""
    names = ("nonnegative", "identity_of_indiscernibles", "symmetric_arguments", "triangle_inequality")
    out: Truth = dict(zip((*names, "jointly_convex", "bounded_above"), map(bool, (n, i, s, t, j, b)), strict=True))
    return (
        out | ({"data_processing": bool(d)} if d is not None else {}) | ({"supremum": top} if top is not None else {})
    )


DIVERGENCES: dict[str, tuple[Callable[..., Any], Truth, tuple[str, ...]]] = {
    "Itakura-Saito": (lambda p, q: total(p / q - np.log(p / q) - 1), truth(1, 1, 0, 0, 0, 0, 0), ()),
    "Bhattacharyya": (lambda p, q: -np.log(total(np.sqrt(p * q))), truth(1, 1, 1, 0, 1, 0, 1), ()),
    "Kolmogorov": (lambda p, q: np.max(np.abs(np.cumsum(p - q, -1)), -1), truth(1, 1, 1, 1, 1, 1, 0, 1.0), ()),
    "root of Vincze-Le Cam": (
        lambda p, q: np.sqrt(total((p - q) ** 2 / (p + q))), truth(1, 1, 1, 1, 0, 1, 1, 2**0.5), (),
    ),
    "alpha 0.3": (lambda p, q: (1 - total(p**0.3 * q**0.7)) / 0.21, truth(1, 1, 0, 0, 1, 1, 1, 1 / 0.21), ()),
    "capped KL": (lambda p, q: 1 - np.exp(-total(p * np.log(p / q))), truth(1, 1, 0, 0, 0, 1, 1, 1.0), ()),
    "K directed": (lambda p, q: total(p * np.log(2 * p / (p + q))), truth(1, 1, 0, 0, 1, 1, 1, np.log(2)), ()),
    "entropy gap": (
        lambda p, q: np.abs(total(p * np.log(p)) - total(q * np.log(q))), truth(1, 0, 1, 1, 0, 1, 0),
        ("bounded_above",),
    ),
    "root of total variation": (
        lambda p, q: np.sqrt(0.5 * total(np.abs(p - q))), truth(1, 1, 1, 1, 0, 1, 1, 1.0), (),
    ),
    "total variation by minima": (lambda p, q: 1 - total(np.minimum(p, q)), truth(1, 1, 1, 1, 1, 1, 1, 1.0), ()),
    "Hilbert": (
        lambda p, q: np.max(np.log(p / q), -1) - np.min(np.log(p / q), -1), truth(1, 1, 1, 1, 0, 0, 1),
        ("nonnegative", "identity_of_indiscernibles", "data_processing"),
    ),
    "Aitchison": (
        lambda p, q: np.sqrt(total((centred_log(p) - centred_log(q)) ** 2)), truth(1, 1, 1, 1, 0, 0),
        ("identity_of_indiscernibles",),
    ),
    "Canberra": (
        lambda p, q: total(np.abs(p - q) / (p + q)), truth(1, 1, 1, 1, 0, 1), ("triangle_inequality", "bounded_above"),
    ),
    "Lorentz": (lambda p, q: total(np.log(1 + np.abs(p - q))), truth(1, 1, 1, 1, 0, 1), ()),
    "Taneja": (
        lambda p, q: total((p + q) / 2 * np.log((p + q) / (2 * np.sqrt(p * q)))), truth(1, 1, 1, 0, 1, 0, 1), (),
    ),
    "Jensen-Shannon in bits": (
        lambda p, q: (total(p * np.log2(2 * p / (p + q))) + total(q * np.log2(2 * q / (p + q)))) / 2,
        truth(1, 1, 1, 0, 1, 1, 1, 1.0), (),
    ),
    "cosine": (
        lambda p, q: 1 - total(p * q) / np.sqrt(total(p * p) * total(q * q)), truth(1, 1, 1, 0, 0, 1, 0),
        ("nonnegative", "identity_of_indiscernibles", "bounded_above"),
    ),
}  # fmt: skip


def sets(z: int, s: int, m: int, t: int, c: int | None = None, jaccard: int | None = None) -> Truth:
    """Zero iff equal, symmetric, least at the target, triangle, convex for binary targets, equal to 1 - Jaccard."""
    names = ("zero_iff_equal", "symmetric_arguments", "min_at_target", "triangle_inequality")
    out: Truth = dict(zip(names, map(bool, (z, s, m, t)), strict=True))
    out |= {"convex_in_x_binary_y": bool(c)} if c is not None else {}
    return out | ({"equals_set_function": bool(jaccard)} if jaccard is not None else {})


SETS: dict[str, tuple[Callable[..., Any], Truth, tuple[str, ...]]] = {
    "Tanimoto": (lambda x, y: ratio(total((x - y) ** 2), total(x * x + y * y - x * y)), sets(1, 1, 1, 0, 0, 1), ()),
    "Dice of squares": (lambda x, y: ratio(total((x - y) ** 2), total(x * x + y * y)), sets(1, 1, 1, 0, None, 0), ()),
    "largest gap": (lambda x, y: np.max(np.abs(x - y), -1), sets(1, 1, 1, 1, 1, 0), ()),
    "root mean square": (lambda x, y: np.sqrt(np.mean((x - y) ** 2, -1)), sets(1, 1, 1, 1, 1, 0), ()),
    "skewed": (
        lambda x, y: total(np.maximum(x - y, 0) + 2 * np.maximum(y - x, 0)), sets(1, 0, 1, 1, 1, 0), (),
    ),
    "one minus Ruzicka": (
        lambda x, y: ratio(total(np.maximum(x, y)) - total(np.minimum(x, y)), total(np.maximum(x, y))),
        sets(1, 1, 1, 1, None, 1), (),
    ),
    "Huber": (
        lambda x, y: total(np.where(np.abs(x - y) < 0.5, (x - y) ** 2 / 2, 0.5 * np.abs(x - y) - 0.125)),
        sets(1, 1, 1, 0, 1, 0), (),
    ),
    "count gap": (lambda x, y: np.abs(total(x) - total(y)), sets(0, 1, 1, 1, 1, 0), ()),
    "log of l1": (lambda x, y: np.log(1 + total(np.abs(x - y))), sets(1, 1, 1, 1, 0, 0), ()),
    "root of Jaccard": (
        lambda x, y: np.sqrt(ratio(total(np.abs(x - y)), total(np.maximum(x, y)))), sets(1, 1, 1, 1, None, 0), (),
    ),
    "overlap": (lambda x, y: -total(x * y), sets(0, 1, 0, 0, 1, 0), ()),
}  # fmt: skip


def compared(lifted: Any, truths: Truth, open_questions: tuple[str, ...]) -> None:
    """No wrong answer, and none missing but the open ones."""
    undecided = []
    for name, want in truths.items():
        outcome = ask(lifted, name)
        if outcome.verdict.value == "undecided":
            undecided.append(name)
        elif isinstance(want, bool):
            assert outcome.verdict.value == ("proved" if want else "refuted"), name
        else:
            assert outcome.bounds[0] - 1e-9 <= want <= outcome.bounds[1] + 1e-9
    assert set(undecided) <= {*open_questions}


@pytest.mark.parametrize("name", DIVERGENCES)
def test_divergences(name: str) -> None:
    fn, truths, open_questions = DIVERGENCES[name]
    compared(divergence(fn), truths, open_questions)


@pytest.mark.parametrize("name", ["Bhattacharyya", "Kolmogorov", "K directed"])
def test_other_numbers_of_classes(name: str) -> None:
    fn, truths, open_questions = DIVERGENCES[name]
    compared(divergence(fn, 4), truths, open_questions)


@pytest.mark.parametrize("name", SETS)
def test_set_losses(name: str) -> None:
    fn, truths, open_questions = SETS[name]
    compared(set_loss(fn, 3), truths, open_questions)
