"""Losses that sort and add: the steepest slope of their cells, exactly; jumps and curves have no such cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from losscheck.certificate import certificate
from tests.quality.score_questions import ask, lifted, picked


def rivals(z: Any, y: Any) -> Any:
    """How far every other score is within 1 of that of the label, the largest first."""
    own = np.arange(z.shape[1]) == y[:, None]
    return -np.sort(-np.maximum(0, 1 + z - picked(z, y)[:, None] - own), axis=1)


def weighted(z: Any, y: Any) -> Any:
    return 0.5 * rivals(z, y)[:, 0] + 0.25 * rivals(z, y)[:, 1]


def two_largest(z: Any, y: Any) -> Any:
    ordered = -np.sort(-z, axis=1)
    return ordered[:, 0] + 0.5 * ordered[:, 1] - 1.5 * picked(z, y)


def branching(z: Any, y: Any) -> Any:
    """A kinked function of the gap, by where: continuous."""
    gap = z[:, 0] - z[:, 1]
    return np.where(y == 0, 1.0, 2.0) * np.where(gap > 1, 3 * gap - 2, gap)


def jumping(z: Any, y: Any) -> Any:
    gap = z[:, 0] - z[:, 1]
    return np.where(gap > 1, 3 * gap, gap)


def own_value(z: Any, y: Any) -> Any:
    """Affine but for a value of its own on a line."""
    return np.where(z[:, 0] == z[:, 1], 1.0, 0.0) + picked(z, y)


def curved(z: Any, y: Any) -> Any:
    return np.maximum(z[:, 0], 0) ** 2 + z[:, 1] - picked(z, y)


def steepest(loss: Any, k: int, norm: float) -> float:
    """The largest dual norm of a gradient at random points, by differences."""
    z = np.random.default_rng(0).normal(size=(400, k)) * 4
    sizes = []
    for y in range(k):
        label = np.full(len(z), y)
        rows = [(loss(z + 1e-6 * e, label) - loss(z - 1e-6 * e, label)) / 2e-6 for e in np.eye(k)]
        sizes.append(np.linalg.norm(np.stack(rows), norm, axis=0).max())
    return float(max(sizes))


@pytest.mark.parametrize(
    ("loss", "k"), [(weighted, 3), (two_largest, 3), (branching, 2)], ids=lambda x: getattr(x, "__name__", str(x))
)
def test_values(loss: Any, k: int) -> None:
    for norm, order in (("l2", 2), ("linf", 1)):
        found = ask(loss, "lipschitz", "logits", k, norm=norm)
        assert found.verdict == "proved"
        assert found.value == pytest.approx(steepest(loss, k, order), rel=1e-6)


@pytest.mark.parametrize("loss", [jumping, own_value, curved], ids=lambda f: str(f.__name__))
def test_hypotheses(loss: Any) -> None:
    proof = {"rule": "lipschitz_by_cells", "norm": "l2"}
    claim = {"params": {"norm": "l2"}, "value": 3.0, "bounds": [3.0, 3.0]}
    with pytest.raises(verifier.CertificateRejected, match=r"continuous|affine"):
        verifier.verify(certificate(lifted(loss, "logits", 2), "lipschitz", "proved", proof, **claim))
