"""Divergences that break the hypotheses of the rules one at a time: none may be proved (or refuted) wrongly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.quality.pair_questions import divergence, verdict


def total(a: Any) -> Any:
    return np.sum(a, axis=-1)


def kl(p: Any, q: Any) -> Any:
    return total(p * np.log(p / q))


def hellinger(p: Any, q: Any) -> Any:
    return 0.5 * total((np.sqrt(p) - np.sqrt(q)) ** 2)


def chi(p: Any, q: Any) -> Any:
    return total((p - q) ** 2 / q)


def entropy(p: Any) -> Any:
    return -total(p * np.log(p))


def weighted(p: Any, q: Any) -> Any:
    return total(np.array([1.0, 2.0, 3.0]) * (p - q) ** 2 / q)


# name: loss, what is true of it, what is false
CASES: dict[str, tuple[Callable[..., Any], tuple[str, ...], tuple[str, ...]]] = {
    "f not convex": (
        lambda p, q: total(q * (p - q) ** 2 / (q**2 + (p - q) ** 2)),
        ("nonnegative", "identity_of_indiscernibles"),
        ("jointly_convex", "data_processing", "symmetric_arguments"),
    ),
    "f affine around 1": (
        lambda p, q: total(q * np.maximum(np.abs(p / q - 1) - 0.5, 0)),
        ("nonnegative", "jointly_convex", "data_processing", "bounded_above"),
        ("identity_of_indiscernibles", "triangle_inequality"),
    ),
    "f of each index its own": (
        weighted,
        ("nonnegative", "identity_of_indiscernibles"),
        ("data_processing", "symmetric_arguments", "triangle_inequality", "bounded_above"),
    ),
    "degree 2": (
        lambda p, q: total((p - q) ** 2),
        ("nonnegative", "identity_of_indiscernibles", "jointly_convex", "bounded_above"),
        ("data_processing", "triangle_inequality"),
    ),
    "outer function falls": (
        lambda p, q: np.exp(-kl(p, q)),
        ("nonnegative", "bounded_above"),
        ("data_processing", "identity_of_indiscernibles", "jointly_convex", "triangle_inequality"),
    ),
    "outer function jumps": (
        lambda p, q: np.where(kl(p, q) > 0.5, 1.0, 0.0),
        ("nonnegative", "data_processing", "bounded_above"),
        ("identity_of_indiscernibles", "jointly_convex", "triangle_inequality"),
    ),
    "higher where the arguments are equal": (
        lambda p, q: np.where(chi(p, q) > 0, chi(p, q), 5.0),
        ("nonnegative",),
        ("data_processing", "identity_of_indiscernibles", "jointly_convex"),
    ),
    "lower where the arguments are equal": (
        lambda p, q: np.where(chi(p, q) > 0, chi(p, q) + 1, -1.0),
        ("data_processing",),
        ("nonnegative", "identity_of_indiscernibles", "jointly_convex"),
    ),
    "below 0 next to equality": (
        lambda p, q: chi(p, q) ** 2 - chi(p, q) / 64,
        (),
        ("nonnegative", "identity_of_indiscernibles", "data_processing", "jointly_convex"),
    ),
    "an offset": (
        lambda p, q: kl(p, q) + 0.25,
        ("nonnegative", "jointly_convex", "data_processing"),
        ("identity_of_indiscernibles", "bounded_above", "triangle_inequality"),
    ),
    "power above the metric one": (
        lambda p, q: hellinger(p, q) ** 0.75,
        ("symmetric_arguments", "data_processing", "bounded_above"),
        ("triangle_inequality", "jointly_convex"),
    ),
    "not symmetric under a root": (
        lambda p, q: np.sqrt(np.maximum(total(p * np.log(2 * p / (p + q))), 0)),
        ("nonnegative", "data_processing", "bounded_above"),
        ("triangle_inequality", "symmetric_arguments"),
    ),
    "homogeneous and not convex": (
        lambda p, q: np.min(np.abs(p - q), axis=-1),
        ("nonnegative", "symmetric_arguments", "bounded_above"),
        ("triangle_inequality", "identity_of_indiscernibles", "jointly_convex", "data_processing"),
    ),
    "blind to a coordinate": (
        lambda p, q: np.abs(p - q)[..., 0],
        ("nonnegative", "triangle_inequality", "jointly_convex", "symmetric_arguments", "bounded_above"),
        ("identity_of_indiscernibles", "data_processing"),
    ),
    "square of a telescoping difference": (
        lambda p, q: (entropy(p) - entropy(q)) ** 2,
        ("nonnegative", "symmetric_arguments", "bounded_above"),
        ("triangle_inequality", "jointly_convex", "data_processing", "identity_of_indiscernibles"),
    ),
    "difference that does not telescope": (
        lambda p, q: np.abs(entropy(p) - 2 * entropy(q)),
        ("nonnegative", "bounded_above"),
        ("symmetric_arguments", "identity_of_indiscernibles", "jointly_convex", "data_processing"),
    ),
    "ratio that is 0 at 2 as well": (
        lambda p, q: total((p / q - 1) ** 2 * (p / q - 2) ** 2),
        ("nonnegative",),
        ("symmetric_arguments", "bounded_above", "jointly_convex"),
    ),
    "log ratio, a metric that is not bounded": (
        lambda p, q: np.max(np.abs(np.log(p / q)), axis=-1),
        ("nonnegative", "symmetric_arguments", "triangle_inequality", "identity_of_indiscernibles"),
        ("bounded_above", "jointly_convex"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_nothing_false_is_proved_and_nothing_true_refuted(name: str) -> None:
    fn, true, false = CASES[name]
    lifted = divergence(fn)
    said = {asked: verdict(lifted, asked) for asked in (*true, *false)}
    wrong = {asked: v for asked, v in said.items() if v == ("refuted" if asked in true else "proved")}
    assert not wrong
    assert set(said.values()) <= {"proved", "refuted", "undecided"}


@pytest.mark.parametrize(
    "name", ["f not convex", "f affine around 1", "degree 2", "an offset", "blind to a coordinate"]
)
def test_what_the_rules_cover_is_decided(name: str) -> None:
    fn, true, false = CASES[name]
    lifted = divergence(fn)
    assert {asked: verdict(lifted, asked) for asked in true} == dict.fromkeys(true, "proved")
    assert {asked: verdict(lifted, asked) for asked in false} == dict.fromkeys(false, "refuted")
