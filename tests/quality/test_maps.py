"""Maps onto the simplex: known ones, and maps that break each hypothesis by a little."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from tests.quality.score_questions import ask, softmax, verdict

SIMPLEX, ORDER, CONVEX = "simplex_valued", "order_preserving", "jacobian_symmetric_psd"


def sharpened(z: Any) -> Any:
    return softmax(2.5 * z)


def two_temperatures(z: Any) -> Any:
    """No product of one function per score: the order follows from monotonicity and symmetry."""
    return 0.5 * softmax(z) + 0.5 * softmax(2 * z)


def sparsemax(z: Any) -> Any:
    """Martins and Astudillo's algorithm: the largest threshold of the sorted scores."""
    means = (np.cumsum(-np.sort(-z, axis=-1), axis=-1) - 1) / np.arange(1, z.shape[-1] + 1)
    return np.maximum(z - np.max(means, axis=-1, keepdims=True), 0)


def smoothed(z: Any) -> Any:
    return 0.9 * softmax(z) + 0.1 / z.shape[-1]


def sigmoids(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def shared(z: Any) -> Any:
    """Sigmoids over their sum: on the simplex and in order, but no gradient."""
    return sigmoids(z) / np.sum(sigmoids(z), axis=-1, keepdims=True)


def padded(z: Any) -> Any:
    """Adds up to a little less than 1."""
    e = np.exp(z)
    return e / (np.sum(e, axis=-1, keepdims=True) + 1e-6)


def dipping(z: Any) -> Any:
    """Adds up to 1, but an output is negative in a corner."""
    p = softmax(z)
    return p + 0.01 * (np.roll(p, 1, axis=-1) - p) - 0.02 * (np.roll(p, 2, axis=-1) - p)


def magnitudes(z: Any) -> Any:
    return softmax(np.abs(z))


def first_favoured(z: Any) -> Any:
    return softmax(z + np.array([1e-6, 0.0, 0.0]))


def weighted(z: Any) -> Any:
    """Monotone in every score, but the classes are not alike."""
    return 0.5 * softmax(z) + 0.5 * softmax(2 * z + np.array([0.0, 1e-3, 0.0]))


def late_turn(z: Any) -> Any:
    """Increasing up to 40, then slowly decreasing."""
    return softmax(np.where(z <= 40, z, 40 - 1e-3 * (z - 40)))


def descent(z: Any) -> Any:
    return softmax(-z)


def hardmin(z: Any) -> Any:
    """Steps: a Jacobian of 0 almost everywhere, but no gradient of a convex function."""
    return (z < np.roll(z, 1, axis=-1)) * (z < np.roll(z, 2, axis=-1)) * 1.0


def late_zero(z: Any) -> Any:
    """Divided by something that may be 0."""
    return z / np.sum(z, axis=-1, keepdims=True)


def rotated(z: Any) -> Any:
    """A linear map with a symmetric part of 1 and an antisymmetric part of 1e-6."""
    return z + 1e-6 * (np.roll(z, 1, axis=-1) - np.roll(z, 2, axis=-1))


def saddle(z: Any) -> Any:
    """The gradient of a quadratic form that is not convex."""
    return np.sum(z, axis=-1, keepdims=True) - z


@pytest.mark.parametrize(
    ("loss", "simplex", "order", "gradient"),
    [
        (softmax, "proved", "proved", "proved"),
        (sharpened, "proved", "proved", "proved"),
        (two_temperatures, "proved", "proved", "proved"),
        (sparsemax, "proved", "proved", "proved"),
        (smoothed, "proved", "proved", "proved"),
        (shared, "proved", "proved", "refuted"),
        (sigmoids, "refuted", "proved", "proved"),
        (padded, "refuted", "proved", None),
        (dipping, "refuted", None, "refuted"),
        (magnitudes, "proved", "refuted", "refuted"),
        (first_favoured, "proved", "refuted", "proved"),
        (late_turn, "proved", "refuted", None),
        (descent, "proved", "refuted", "refuted"),
        (rotated, "refuted", None, "refuted"),
        (saddle, "refuted", "refuted", "refuted"),
    ],
)
def test_maps(loss: Any, simplex: str, order: str | None, gradient: str | None) -> None:
    for name, expected in ((SIMPLEX, simplex), (ORDER, order), (CONVEX, gradient)):
        if expected is not None:
            assert verdict(loss, name, "map", 3) == expected, name


def test_not_proved_wrongly() -> None:
    """Where the truth is no, no proof may pass, found by sampling or not."""
    assert verdict(padded, SIMPLEX, "map", 2) != "proved"
    assert verdict(late_turn, ORDER, "map", 2) != "proved"
    assert verdict(dipping, SIMPLEX, "map", 3) != "proved"
    assert verdict(weighted, ORDER, "map", 3) != "proved"
    assert verdict(hardmin, CONVEX, "map", 3) != "proved"
    assert verdict(late_zero, SIMPLEX, "map", 3) != "proved"
    assert verdict(late_zero, ORDER, "map", 3) != "proved"
    assert verdict(late_turn, CONVEX, "map", 3) != "proved"


def test_invariances() -> None:
    for loss in (softmax, sparsemax):
        assert verdict(loss, "shift_invariant", "map", 3) == "proved"
    assert verdict(shared, "shift_invariant", "map", 3) == "refuted"
    assert verdict(shared, "permutation_equivariant", "map", 3) == "proved"
    assert verdict(first_favoured, "permutation_equivariant", "map", 3) == "refuted"


@pytest.mark.parametrize("k", [2, 3, 10])
def test_dispersion_of_softmax(k: int) -> None:
    found = ask(softmax, "dispersion_bound", "map", k, low=-2, high=1.5)
    assert found.verdict == "proved"
    assert found.value == pytest.approx(math.exp(3.5) / (math.exp(3.5) + k - 1), abs=1e-12)


def test_dispersion_of_others() -> None:
    assert ask(sparsemax, "dispersion_bound", "map", 3, low=0, high=0.5).value == pytest.approx(2 / 3, abs=1e-7)
    peak = ask(shared, "dispersion_bound", "map", 3, low=-1, high=1)
    high, low = 1 / (1 + math.exp(-1)), 1 / (1 + math.exp(1))
    assert peak.value == pytest.approx(high / (high + 2 * low), abs=1e-7)
    # the peak of magnitudes lies at scores of both signs: not at a corner that the rule looks at
    assert verdict(magnitudes, "dispersion_bound", "map", 3, low=-2, high=1) == "undecided"
    assert verdict(softmax, "dispersion_bound", "map", 3, low=1, high=1) == "not_applicable"


def test_forged() -> None:
    """A level below the peak, another cube, other outputs, the graph of another map."""
    peak = ask(softmax, "dispersion_bound", "map", 3, low=-1, high=1).certificate
    order = ask(magnitudes, ORDER, "map", 3).certificate
    convex = ask(softmax, CONVEX, "map", 3).certificate
    other = ask(magnitudes, ORDER, "map", 3).certificate
    assert peak is not None
    assert order is not None
    assert convex is not None
    assert other is not None
    for made, change in (
        (peak, lambda c: c["proof"].update(high="2")),
        (peak, lambda c: c["proof"].update(way="boxes", level="1/2")),
        (order, lambda c: c["proof"].update(i=c["proof"]["j"], j=c["proof"]["i"])),
        (order, lambda c: c["proof"].update(at=["0", "0", "0"])),
        (convex, lambda c: c.update(graph=other["graph"])),
        (convex, lambda c: c["proof"].update(way="cells")),
        (convex, lambda c: c.update(kind="logits")),
    ):
        forged = copy.deepcopy(made)
        change(forged)
        with pytest.raises(verifier.CertificateRejected):
            verifier.verify(forged)
