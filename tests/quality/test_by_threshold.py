"""Sorted Fenchel-Young losses: every way of writing them is read; losses that break one hypothesis are not."""

from __future__ import annotations

import copy
import os
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from losscheck.certificate import certificate
from losscheck.theorems import by_threshold
from losscheck.verifier.threshold_faces import faces
from tests.quality.score_questions import ask, lifted, picked, verdict

LONG = os.getenv("HYPOTHESIS_PROFILE") == "fuzz"
TRUE = (
    "convex", "differentiable", "shift_invariant", "gradient_sums_to_zero", "permutation_equivariant", "bounded_below",
    "nonnegative", "classification_calibrated",
)  # fmt: skip
FALSE = ("bounded_above", "symmetric", "recovers_probability")


def entmax(z: Any, late: float = 0.0) -> Any:
    """1.5-entmax by the largest support whose threshold its least entry reaches (``late``: by more than that)."""
    half = (z - np.max(z, axis=1, keepdims=True)) / 2
    ordered = -np.sort(-half, axis=1)
    sizes = np.arange(1, z.shape[1] + 1)
    means = np.cumsum(ordered, axis=1) / sizes
    spread = np.cumsum(ordered**2, axis=1) / sizes - means**2
    taus = means - np.sqrt(np.maximum(1 / sizes - spread, 0))
    size = np.sum(taus <= ordered - late, axis=1)
    return np.maximum(half - np.take_along_axis(taus, size[:, None] - 1, axis=1), 0) ** 2


def published(z: Any, y: Any) -> Any:
    """The entropy of the map, and the map times the scores."""
    p = entmax(z)
    return (1 - np.sum(p * np.sqrt(p), axis=1)) / 0.75 + np.sum(p * z, axis=1) - picked(z, y)


def conjugate(z: Any, y: Any) -> Any:
    """At a temperature, without centring; the threshold is the root of a quadratic."""
    h = z / 0.6
    ordered = -np.sort(-h, axis=1)
    sizes = np.arange(1, z.shape[1] + 1)
    first, second = np.cumsum(ordered, axis=1), np.cumsum(ordered**2, axis=1)
    inside = first**2 - sizes * (second - 1)
    taus = (first - np.sqrt(np.where(inside > 0, inside, 0))) / sizes
    size = np.sum(ordered > taus, axis=1)
    tau = np.take_along_axis(taus, size[:, None] - 1, axis=1)
    cubes = np.sum(np.maximum(h - tau, 0) ** 3, axis=1)
    return 0.6 * (tau[:, 0] + cubes / 3) - picked(z, y) + 0.4


def masked(z: Any, y: Any) -> Any:
    """Sparsemax, its support a mask: sums over the mask, divided by its size."""
    ordered = -np.sort(-z, axis=-1)
    mask = 1.0 * (1 + np.arange(1, z.shape[-1] + 1) * ordered > np.cumsum(ordered, axis=-1))
    tau = (np.sum(mask * ordered, axis=-1) - 1) / np.sum(mask, axis=-1)
    return 0.5 * np.sum(mask * (ordered**2 - tau[..., None] ** 2), axis=-1) + 0.5 - picked(z, y)


def largest(z: Any, y: Any) -> Any:
    """Sparsemax, its threshold the largest of all; twice the loss, one offset too low."""
    taus = (np.cumsum(-np.sort(-z, axis=-1), axis=-1) - 1) / np.arange(1, z.shape[-1] + 1)
    tau = np.max(taus, axis=-1)
    p = np.maximum(z - tau[..., None], 0)
    return 2 * tau + np.sum(p**2, axis=-1) - 2 * picked(z, y) + np.where(y == 0, 0.875, 1.0)


def smoothed(z: Any, y: Any) -> Any:
    """Label smoothing by 1/8."""
    return published(z, y) + (picked(z, y) - np.mean(z, axis=1)) / 8


def late_support(z: Any, y: Any) -> Any:
    """The support stops a little early: the gradient jumps."""
    p = entmax(z, 1 / 64)
    return (1 - np.sum(p * np.sqrt(p), axis=1)) / 0.75 + np.sum(p * z, axis=1) - picked(z, y)


def kinked(z: Any, y: Any) -> Any:
    return published(z, y) + np.abs(z[:, 0] - z[:, 1]) / 2**30


def bent_far_out(z: Any, y: Any) -> Any:
    """The same for all scores but those above 2^20."""
    return published(z, y) + np.maximum(z[:, 0] - 2.0**20, 0)


def own_at_a_tie(z: Any, y: Any) -> Any:
    return published(z, y) - np.where(z[:, 0] == z[:, 1], 0.25, 0.0)


def own_at_the_edge(z: Any, y: Any) -> Any:
    """Where the second score is just at the threshold of the first."""
    return published(z, y) - np.where(z[:, 0] == z[:, 1] + 2, 0.25, 0.0)


def steep(z: Any, y: Any) -> Any:
    """No minimisers: the label pulls twice as hard as the potential."""
    return published(z, y) - picked(z, y)


def weighted(z: Any, y: Any) -> Any:
    return np.where(y == 0, 1.125, 1.0) * published(z, y)


def other_entropy(z: Any, y: Any) -> Any:
    """The entropy does not belong to the map: the gradient is another."""
    p = entmax(z)
    return 0.5 * (1 - np.sum(p**2, axis=1)) + np.sum(p * z, axis=1) - picked(z, y)


def of_squares(z: Any, y: Any) -> Any:
    """A smooth potential on the scores themselves: no threshold."""
    return 0.5 * np.sum(np.maximum(z, 0) ** 2, axis=1) - picked(z, y)


def labelled(z: Any, y: Any) -> Any:
    """An offset of its own for one label, and a tilt for another."""
    return published(z, y) + np.where(y == 0, z[:, 0] / 64, 0.0)


BROKEN = (
    late_support, kinked, bent_far_out, own_at_a_tie, own_at_the_edge, steep, weighted, other_entropy, of_squares,
    labelled,
)  # fmt: skip


@pytest.mark.parametrize("loss", [published, conjugate, masked], ids=lambda f: str(f.__name__))
def test_read_in_every_form(loss: Any) -> None:
    for name in TRUE:
        found = by_threshold.attempt(lifted(loss, "logits", 2), name)
        assert found is not None, name
        assert found.verdict == "proved"


def test_three_classes() -> None:
    for name in ("convex", "classification_calibrated", "differentiable"):
        assert verdict(published, name, "logits", 3) == "proved", name
    assert verdict(masked, "recovers_probability", "logits", 3, link="softmax") == "refuted"
    assert verdict(published, "topk_calibrated", "logits", 3, k=2) == "proved"
    assert ask(published, "lipschitz", "logits", 3, norm="linf").value == 2
    low, high = ask(published, "class_sum_bounds", "logits", 3).value
    assert (low, high) == (pytest.approx(float(np.sum(published(np.zeros((3, 3)), np.arange(3))))), np.inf)


def test_refuted() -> None:
    for name in FALSE:
        found = by_threshold.attempt(lifted(published, "logits", 2), name)
        assert found is not None, name
        assert found.verdict == "refuted"


def test_offsets_and_multiples() -> None:
    """Twice the loss, with 1/8 less for a label: calibrated, but negative, and the labels differ."""
    loss = lifted(largest, "logits", 2)
    assert verdict(largest, "classification_calibrated", "logits", 2) == "proved"
    assert ask(largest, "lipschitz", "logits", 2, norm="l2").value == pytest.approx(2 * 2**0.5)
    for name in ("nonnegative", "permutation_equivariant", "gradient_identity"):
        assert by_threshold.attempt(loss, name) is None
    assert verdict(largest, "nonnegative", "logits", 2) == "refuted"
    assert verdict(largest, "permutation_equivariant", "logits", 2) == "refuted"


def test_smoothed_labels() -> None:
    for name in (*TRUE, *FALSE):
        found = by_threshold.attempt(lifted(smoothed, "logits", 2), name)
        assert found is not None, name
        assert found.verdict == ("refuted" if name in FALSE else "proved")
    for norm, order in (("l2", 2), ("linf", 1)):
        gap = np.array([1.0, 0.0]) - np.array([1 / 16, 15 / 16])
        value = ask(smoothed, "lipschitz", "logits", 2, norm=norm).value
        assert value == pytest.approx(float(np.linalg.norm(gap, order)))


def flat(z: Any, y: Any) -> Any:
    """Bounded: the scores that lead cost nothing more."""
    return np.sum((entmax(z) - np.eye(z.shape[1])[y]) ** 2, axis=1)


@pytest.mark.parametrize("loss", [flat, steep, weighted, of_squares], ids=lambda f: str(f.__name__))
def test_other_losses_have_no_form(loss: Any) -> None:
    assert by_threshold.form(lifted(loss, "logits", 2)) is None


def test_maps() -> None:
    for name in ("simplex_valued", "order_preserving", "shift_invariant", "jacobian_symmetric_psd"):
        assert verdict(entmax, name, "map", 3) == "proved", name


@pytest.mark.parametrize("loss", BROKEN, ids=lambda f: str(f.__name__))
@pytest.mark.parametrize("k", [2, 3] if LONG else [2])
def test_hypotheses(loss: Any, k: int) -> None:
    """The form is not seen; and given that of the healthy loss, the verifier rejects it."""
    good = by_threshold.attempt(lifted(published, "logits", 2), "convex")
    assert good is not None
    assert good.certificate is not None
    assert verifier.verify(good.certificate).property == "convex"
    proof = {"rule": "by_threshold", "q": 2, "a": "2", "c": "1", "e": "0", "shows": "convex", "params": {}}
    with pytest.raises(verifier.CertificateRejected):
        verifier.verify(certificate(lifted(loss, "logits", k), "convex", "proved", proof))


@pytest.mark.parametrize(
    "change",
    [{"q": 1}, {"q": 3}, {"q": 0}, {"q": True}, {"a": "1"}, {"a": "-2"}, {"c": "2"}, {"c": "0"}, {"e": "1/8"},
     {"e": "1"}, {"shows": "symmetric"}, {"shows": "local"}, {"shows": []}],
    ids=str,
)  # fmt: skip
def test_forged(change: dict[str, Any]) -> None:
    found = by_threshold.attempt(lifted(published, "logits", 2), "convex")
    assert found is not None
    assert found.certificate is not None
    forged = copy.deepcopy(found.certificate)
    forged["proof"].update(change)
    with pytest.raises(verifier.CertificateRejected):
        verifier.verify(forged)


def test_faces_cover() -> None:
    """Random scores with ties: exactly one face holds each."""
    rng = np.random.default_rng(0)
    for _ in range(200):
        z = rng.integers(-3, 4, size=3) / 2
        mean = np.sort(z)[::-1].cumsum() - 1
        tau = max(mean / np.arange(1, 4))  # of sparsemax: q = 1
        x = z - tau
        levels = sorted(set(x), reverse=True)
        meant = tuple(levels.index(v) for v in x), int(sum(v > 1e-12 for v in levels)), bool(min(abs(x)) < 1e-12)
        assert sum(face == meant for face in faces(3)) == 1
