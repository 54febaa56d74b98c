"""Invariance, symmetry, sign, convexity, slopes: losses that break one hypothesis each, and must not be proved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from losscheck.lifting.lifting import lift
from losscheck.property import properties
from losscheck.verdict import Outcome

Loss = Callable[..., Any]


def ask(loss: Loss, name: str, kind: str, k: int | None = None, **params: Any) -> Outcome:
    outcome: Outcome = properties()[name].answer(lift(loss, kind=kind, n_classes=k), **params)
    if outcome.verdict in ("proved", "refuted"):
        said = verifier.verify(outcome.certificate)
        assert (said.property, said.verdict) == (name, outcome.verdict.value)
    return outcome


def decided(loss: Loss, name: str, kind: str, k: int | None = None) -> bool | None:
    return {"proved": True, "refuted": False}.get(ask(loss, name, kind, k).verdict.value)


def own(z: Any, y: Any) -> Any:
    return z[np.arange(z.shape[0]), y]


def lse(z: Any) -> Any:
    top = np.max(z, axis=1)
    return top + np.log(np.sum(np.exp(z - top[:, None]), axis=1))


def softmax(z: Any) -> Any:
    return np.exp(z - lse(z)[:, None])


def cross_entropy(z: Any, y: Any) -> Any:
    return lse(z) - own(z, y)


def mae(z: Any, y: Any) -> Any:
    return 2 - 2 * own(softmax(z), y)


def top_two(z: Any, y: Any) -> Any:
    ordered = np.sort(z, axis=1)
    return np.maximum(0, 1 + (ordered[:, -1] + ordered[:, -2]) / 2 - own(z, y))


def second(z: Any, y: Any) -> Any:
    return np.maximum(0, 1 + np.sort(z, axis=1)[:, -2] - own(z, y))


def sparsemax_loss(z: Any, y: Any) -> Any:
    ordered = np.sort(z, axis=1)[:, ::-1]
    sums = np.cumsum(ordered, axis=1)
    count = np.arange(1, z.shape[1] + 1)
    size = np.sum(1 + count * ordered > sums, axis=1)
    level = (np.take_along_axis(sums, size[:, None] - 1, axis=1)[:, 0] - 1) / size
    inside = np.where(z > level[:, None], z**2 - level[:, None] ** 2, 0.0)
    return 0.5 * np.sum(inside, axis=1) + 0.5 - own(z, y)


SYMMETRIC = {
    "ramp": (lambda v: np.clip((1 - v) / 2, 0, 1), True),
    "sigmoid": (lambda v: 1 / (1 + np.exp(v)), True),
    "arctan": (lambda v: 1 - np.arctan(3 * v), True),
    "step with the middle value": (lambda v: np.where(v < 0, 1.0, np.where(v > 0, 0.0, 0.5)), True),
    "step with a value of its own at 0": (lambda v: np.where(v < 0, 1.0, np.where(v > 0, 0.0, 0.25)), False),
    "ramp that is off by 2^-20 on one side": (lambda v: np.clip((1 - v) / 2, 2.0**-20, 1), False),
    "sigmoid of two slopes": (
        lambda v: np.where(v < 0, 1 / (1 + np.exp(v)), 1 / (1 + np.exp(1.0009765625 * v))),
        False,
    ),
    "even bump far out": (lambda v: 1 / (1 + np.exp(v)) + np.maximum(0, 1 - np.abs(np.abs(v) - 40)), False),
    "odd bump far out": (
        lambda v: 1 / (1 + np.exp(v)) + np.maximum(0, 1 - np.abs(v - 40)) - np.maximum(0, 1 - np.abs(v + 40)),
        True,
    ),
    "normal": (lambda v: np.maximum(0.0, 1 - v), False),
}


@pytest.mark.parametrize("name", SYMMETRIC)
def test_symmetry_of_margin_losses(name: str) -> None:
    loss, truth = SYMMETRIC[name]
    assert decided(loss, "symmetric", "margin") is truth


def test_a_bump_too_narrow_for_the_grid_is_never_called_symmetric() -> None:
    def loss(v: Any) -> Any:
        return 1 / (1 + np.exp(v)) + np.maximum(0, 2.0**-20 - np.abs(v - 3.141))

    assert decided(loss, "symmetric", "margin") is not True


INVARIANT = {
    "cross entropy": (cross_entropy, "shift_invariant", True),
    "weight decay of 1e-9": (
        lambda z, y: cross_entropy(z, y) + 9.313225746154785e-10 * np.sum(z**2, axis=1), "shift_invariant", False,
    ),
    "clipped scores": (lambda z, y: cross_entropy(np.clip(z, -50, 50), y), "shift_invariant", False),
    "maximum margin": (lambda z, y: np.max(z, axis=1) - own(z, y), "shift_invariant", True),
    "maximum margin scales": (lambda z, y: np.max(z, axis=1) - own(z, y), "scale_invariant", False),
    "cosine": (
        lambda z, y: 1 - own(z, y) / np.sqrt(np.sum(z**2, axis=1) + 1e-3), "scale_invariant", False,
    ),
    "ranks": (lambda z, y: np.sum(np.where(z > own(z, y)[:, None], 1.0, 0.0), axis=1), "scale_invariant", True),
    "ranks with a margin": (
        lambda z, y: np.sum(np.where(z > own(z, y)[:, None] + 2.0**-30, 1.0, 0.0), axis=1), "scale_invariant", False,
    ),
    "weighted": (
        lambda z, y: cross_entropy(z, y) * np.array([1.0, 1.0, 1.0009765625])[y], "permutation_equivariant", False,
    ),
    "mean absolute error": (mae, "permutation_equivariant", True),
    "ordinal": (
        lambda z, y: np.sum(softmax(z) * np.abs(np.arange(3) - y[:, None]), axis=1), "permutation_equivariant", False,
    ),
    "sum of the two largest": (top_two, "permutation_equivariant", True),
    "sum of the two largest moves": (top_two, "shift_invariant", True),
    "sparsemax": (sparsemax_loss, "permutation_equivariant", True),
    "one favoured tie": (
        lambda z, y: cross_entropy(z, y) + np.where((y == 0) & (z[:, 1] == z[:, 2]), 1.0, 0.0),
        "permutation_equivariant", False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", INVARIANT)
def test_invariances(name: str) -> None:
    loss, prop, truth = INVARIANT[name]
    found = decided(loss, prop, "logits", 3)
    assert found is truth or (found is None and not truth)
    if name not in ("clipped scores", "weight decay of 1e-9", "ranks with a margin"):
        assert found is truth


NONNEGATIVE = {
    "sum of the two largest": (top_two, True),
    "second largest": (second, True),
    "cross entropy": (cross_entropy, True),
    "cross entropy minus 2^-30": (lambda z, y: cross_entropy(z, y) - 2.0**-30, False),
    "label smoothing": (lambda z, y: lse(z) - 0.9 * own(z, y) - 0.1 * np.mean(z, axis=1), True),
    "negative smoothing": (lambda z, y: lse(z) - 1.1 * own(z, y) + 0.1 * np.mean(z, axis=1), False),
    "Crammer and Singer": (lambda z, y: np.max(z + 1, axis=1) - own(z, y) - 1, True),
    "unhinged": (lambda z, y: 1 - own(z, y), False),
    "squared softmax error": (lambda z, y: np.sum(softmax(z) ** 2, axis=1) - 2 * own(softmax(z), y) + 1, None),
}


@pytest.mark.parametrize("name", NONNEGATIVE)
@pytest.mark.parametrize("k", [2, 4])
def test_signs(name: str, k: int) -> None:
    loss, truth = NONNEGATIVE[name]
    found = decided(loss, "nonnegative", "logits", k)
    assert found is truth if truth is not None else found is not False


@pytest.mark.parametrize("depth", [1.0, 1e-2, 1e-6])
def test_a_dent_below_zero_is_never_called_nonnegative(depth: float) -> None:
    def loss(v: Any) -> Any:
        return np.log1p(np.exp(-v)) ** 2 * 0 + (v - 7.3) ** 2 - depth**2

    assert decided(loss, "nonnegative", "margin") is False


CONVEX = {
    "softplus": (lambda v: np.log1p(np.exp(-v)), True),
    "absolute value": (lambda v: np.abs(v - 1), True),
    "squared hinge": (lambda v: np.maximum(0, 1 - v) ** 2, True),
    "concave absolute value": (lambda v: -np.abs(v), False),
    "square of a shifted hinge": (lambda v: (np.maximum(0, 1 - v) - 0.5) ** 2, False),
    "root of the hinge": (lambda v: np.sqrt(np.maximum(0, 1 - v)), False),
    "cube": (lambda v: v**3, False),
    "gaussian well": (lambda v: -np.exp(-(v**2)), False),
    "bump of curvature far out": (lambda v: v**2 + 8 / (1 + (v - 60) ** 2), False),
    "product of convex functions": (lambda v: np.exp(v) * (v - 1) ** 2, False),
    "minimum of hinges": (lambda v: np.minimum(np.maximum(0, 1 - v), np.maximum(0, 3 + v)), False),
    "a value of its own": (lambda v: np.where(v == 0, 1.0, 0.0) + v**2, False),
    "pseudo Huber": (lambda v: np.sqrt(1 + (v - 1) ** 2), True),
    "exponential of a square": (lambda v: np.exp((v - 1) ** 2), True),
}


@pytest.mark.parametrize("name", CONVEX)
def test_convexity_in_one_variable(name: str) -> None:
    loss, truth = CONVEX[name]
    assert decided(loss, "convex", "margin") is truth


CONVEX_SCORES = {
    "cross entropy": (cross_entropy, True),
    "cross entropy and a ridge": (lambda z, y: cross_entropy(z, y) + 0.01 * np.sum(z**2, axis=1), True),
    "cross entropy and a saddle": (lambda z, y: cross_entropy(z, y) + z[:, 0] * z[:, 1], False),
    "coupled ridge": (lambda z, y: cross_entropy(z, y) + np.sum(z**2, axis=1) + z[:, 0] * z[:, 1], True),
    "coupled ridge too far": (lambda z, y: cross_entropy(z, y) + np.sum(z**2, axis=1) + 2.5 * z[:, 0] * z[:, 1], False),
    "sum of the two largest": (top_two, True),
    "the second largest": (second, False),
    "sparsemax": (sparsemax_loss, True),
    "sparsemax minus a quarter of the square": (
        lambda z, y: sparsemax_loss(z, y) - 0.0625 * np.sum(z**2, axis=1),
        False,
    ),
    "a value of its own at ties": (
        lambda z, y: np.maximum(0, z[:, 0]) + np.where(z[:, 0] == z[:, 1], 1.0, 0.0),
        False,
    ),
    "a jump across a tie": (lambda z, y: np.where(z[:, 0] > z[:, 1], z[:, 0], z[:, 1] + 1.0), False),
    "a kink that bends down": (lambda z, y: np.where(z[:, 0] > z[:, 1], z[:, 1], z[:, 0]) + z[:, 2] ** 2, False),
    "norm": (lambda z, y: np.sqrt(1 + np.sum(z**2, axis=1)) - own(z, y), True),
    "mean absolute error": (mae, False),
    "second largest": (lambda z, y: np.sum(z, axis=1) - np.max(z, axis=1) - np.min(z, axis=1) - own(z, y), False),
}


@pytest.mark.parametrize("name", CONVEX_SCORES)
def test_convexity_of_scores(name: str) -> None:
    loss, truth = CONVEX_SCORES[name]
    assert decided(loss, "convex", "logits", 3) is truth


CONVEX_SIMPLEX = {
    "log": (lambda p, y: -np.log(own(p, y)), True),
    "Brier": (lambda p, y: np.sum(p**2, axis=1) - 2 * own(p, y), True),
    "convex only on the simplex": (lambda p, y: -p[:, 0] * p[:, 1] - p[:, 1] * p[:, 2] - p[:, 0] * p[:, 2], True),
    "concave on the simplex": (lambda p, y: p[:, 0] * p[:, 1] + p[:, 1] * p[:, 2] + p[:, 0] * p[:, 2], False),
    "spherical": (lambda p, y: -own(p, y) / np.sqrt(np.sum(p**2, axis=1)), False),
}


@pytest.mark.parametrize("name", CONVEX_SIMPLEX)
def test_convexity_on_the_simplex(name: str) -> None:
    loss, truth = CONVEX_SIMPLEX[name]
    assert decided(loss, "convex", "simplex", 3) is truth


LIPSCHITZ = {
    "cross entropy": (cross_entropy, "l2", 2**0.5),
    "cross entropy, largest coordinate": (cross_entropy, "linf", 2.0),
    "half temperature": (lambda z, y: cross_entropy(2 * z, y), "l2", 2 * 2**0.5),
    "mean absolute error": (mae, "linf", 1.0),
    "Weston and Watkins": (lambda z, y: np.sum(np.maximum(0, 1 + z - own(z, y)[:, None]), axis=1) - 1, "l2", 6**0.5),
    "square": (lambda z, y: np.sum(z**2, axis=1) - own(z, y), "l2", float("inf")),
    "softmax cross product": (lambda z, y: own(z, y) * lse(z), "l2", None),
    "jump": (lambda z, y: cross_entropy(z, y) + np.where(z[:, 0] > z[:, 1], 1.0, 0.0), "l2", None),
}


@pytest.mark.parametrize("name", LIPSCHITZ)
def test_lipschitz_constants_of_scores(name: str) -> None:
    loss, norm, truth = LIPSCHITZ[name]
    outcome = ask(loss, "lipschitz", "logits", 3, norm=norm)
    if truth is None:
        assert outcome.verdict != "proved" or outcome.value == float("inf")
    else:
        assert outcome.verdict == "proved"
        assert outcome.value == pytest.approx(truth, rel=1e-7)
        assert outcome.bounds[0] <= truth <= outcome.bounds[1]


SUMS = {
    "cross entropy": (cross_entropy, [3 * np.log(3), np.inf]),
    "mean absolute error": (mae, [4.0, 4.0]),
    "Brier": (lambda z, y: np.sum((softmax(z) - np.eye(3)[y]) ** 2, axis=1), [2.0, 4.0]),
    "root of the probability": (lambda z, y: 1 - np.sqrt(own(softmax(z), y)), [3 - 3**0.5, 2.0]),
    "unhinged": (lambda z, y: 1 - own(z, y), [-np.inf, np.inf]),
    "hinge": (lambda z, y: np.maximum(0, 1 - own(z, y)), [0.0, np.inf]),
}


@pytest.mark.parametrize("name", SUMS)
def test_range_of_the_sum_over_classes(name: str) -> None:
    loss, truth = SUMS[name]
    outcome = ask(loss, "class_sum_bounds", "logits", 3)
    assert outcome.verdict == "proved"
    assert outcome.value == pytest.approx(truth, rel=1e-7, abs=1e-7)
