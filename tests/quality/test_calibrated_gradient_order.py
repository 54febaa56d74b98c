"""Sparsemax and other losses that are quadratic on polyhedral cells: calibration; losses that break a hypothesis."""

from __future__ import annotations

import copy
import os
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from losscheck.theorems.calibrated_gradient_order import calibrated_gradient_order
from losscheck.theorems.differentiable_by_cells import attempt as differentiable
from tests.quality.score_questions import lifted, picked, verdict

LONG = os.getenv("HYPOTHESIS_PROFILE") == "fuzz"


def potential(z: Any) -> Any:
    """The conjugate of |p|^2 / 2 on the simplex: its gradient is sparsemax."""
    means = (np.cumsum(-np.sort(-z, axis=-1), axis=-1) - 1) / np.arange(1, z.shape[-1] + 1)
    p = np.maximum(z - np.max(means, axis=-1, keepdims=True), 0)
    return np.sum(p * z, axis=-1) - 0.5 * np.sum(p**2, axis=-1)


def sparsemax(z: Any, y: Any) -> Any:
    return potential(z) - picked(z, y) + 0.5


def with_a_kink(z: Any, y: Any) -> Any:
    """Linear odds, convex, symmetric, but A has a kink at ties: near the uniform law a tie is best."""
    return potential(z) + np.max(z, axis=-1) - 2 * picked(z, y)


def half_kink(z: Any, y: Any) -> Any:
    """The same with gradient map minus label: half of both."""
    return 0.5 * with_a_kink(z, y)


def lopsided(z: Any, y: Any) -> Any:
    """A is not symmetric: the first score counts a little more."""
    return potential(z * np.array([1.001, *[1.0] * (z.shape[-1] - 1)])) - picked(z, y) + 0.5


def steep(z: Any, y: Any) -> Any:
    """Twice the gradient: minimisers have sparsemax(z) = p / 2, so there are none."""
    return potential(z) - 2 * picked(z, y)


def weighted(z: Any, y: Any) -> Any:
    return np.where(y == 0, 1.001, 1.0) * sparsemax(z, y)


def squared(z: Any, y: Any) -> Any:
    """A = |z|^2 / 2: the gradient is z itself, in any order."""
    return 0.5 * np.sum(z**2, axis=-1) - picked(z, y)


def concave_middle(z: Any, y: Any) -> Any:
    """Symmetric and differentiable, but A is concave near 0."""
    inner = np.where(np.abs(z) < 1, -0.5 * z**2, 0.5 * z**2 - 2 * np.abs(z) + 1)
    return np.sum(inner, axis=-1) - picked(z, y)


def jumping(z: Any, y: Any) -> Any:
    return sparsemax(z, y) + np.where(z[..., 0] == z[..., 1], -0.25, 0.0)


def test_sparsemax_is_calibrated() -> None:
    assert verdict(sparsemax, "classification_calibrated", "logits", 2) == "proved"
    assert verdict(sparsemax, "differentiable", "logits", 2) == "proved"


@pytest.mark.skipif(not LONG, reason="dozens of cells in several premises: half a minute")
def test_sparsemax_of_three() -> None:
    assert verdict(sparsemax, "classification_calibrated", "logits", 3) == "proved"
    assert verdict(half_kink, "classification_calibrated", "logits", 3) != "proved"


@pytest.mark.parametrize(
    "loss", [with_a_kink, half_kink, lopsided, steep, weighted, concave_middle, jumping], ids=lambda f: str(f.__name__)
)
@pytest.mark.parametrize("k", [2])
def test_hypotheses(loss: Any, k: int) -> None:
    assert calibrated_gradient_order(lifted(loss, "logits", k)) is None


def test_squares() -> None:
    """Without switches there is one cell; flat at (1, 0, ...) only, which the search does not try."""
    assert verdict(squared, "classification_calibrated", "logits", 3) != "refuted"


def test_differentiable_on_cells() -> None:
    assert differentiable(lifted(with_a_kink, "logits", 2)) is None
    assert differentiable(lifted(jumping, "logits", 2)) is None
    assert differentiable(lifted(concave_middle, "logits", 2)) is not None
    assert differentiable(lifted(weighted, "logits", 2)) is not None


def test_forged() -> None:
    """A point that is not flat, one on a tie, a premise left out, the graph of another loss."""
    found = calibrated_gradient_order(lifted(sparsemax, "logits", 2))
    kink = lifted(half_kink, "logits", 2)
    assert found is not None
    good = found.certificate
    assert good is not None
    from losscheck.certificate import graph_json

    for change in (
        {"flat": ["0", "1"]},
        {"flat": ["1/2", "1/2"]},
        {"convex": {"rule": "differentiable_by_cells"}},
        {"differentiable": {"rule": "differentiable_everywhere"}},
        {"identity": {"rule": "gradient_identity", "map": "softmax"}},
        {"equivariant": {"rule": "invariant_by_identity", "under": "shift"}},
    ):
        forged = copy.deepcopy(good)
        forged["proof"].update(change)
        with pytest.raises(verifier.CertificateRejected):
            verifier.verify(forged)
    forged = copy.deepcopy(good)
    forged["graph"] = graph_json(kink.roots)
    with pytest.raises(verifier.CertificateRejected):
        verifier.verify(forged)
