"""Proper composite losses and Bregman generators: known ones, and losses that break a hypothesis by a little."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from tests.quality.score_questions import ask, picked, softmax, verdict


def logistic(v: Any) -> Any:
    return np.logaddexp(0.0, -v)


def squared_hinge(v: Any) -> Any:
    return np.maximum(0.0, 1 - v) ** 2


def savage(v: Any) -> Any:
    return 1 / (1 + np.exp(v)) ** 2


def hinge(v: Any) -> Any:
    return np.maximum(0.0, 1 - v)


def absolute(v: Any) -> Any:
    return np.abs(1 - v)


def flat_link(v: Any) -> Any:
    """Smooth and convex; both sides have constant slopes around -2 and 2, so one eta has an interval of minimisers."""
    a = np.clip(v, -3.0, 3.0)
    inner = np.where(a < -2, 0.5 * (a + 2) ** 2, np.where(a > 2, 0.5 * (a - 2) ** 2, 0.0))
    return inner + np.where(v < -3, -v - 2.5, np.where(v > 3, v - 2.5, 0.0)) - 2 * v


def two_scales(z: Any, y: Any) -> Any:
    """Logistic, but steeper for the negative label: still composite, with another link."""
    return np.where(y == 1, np.logaddexp(0.0, -z), np.logaddexp(0.0, 2 * z))


def cross_entropy(z: Any, y: Any) -> Any:
    return -np.log(picked(softmax(z), y))


def one_versus_rest(z: Any, y: Any) -> Any:
    return np.sum(np.logaddexp(0.0, z), axis=-1) - picked(z, y)


def mae(z: Any, y: Any) -> Any:
    return 1 - picked(softmax(z), y)


def logarithmic(p: Any, y: Any) -> Any:
    return -np.log(picked(p, y))


def brier(p: Any, y: Any) -> Any:
    return np.sum(p**2, axis=-1) - 2 * picked(p, y)


def nearly_brier(p: Any, y: Any) -> Any:
    return brier(p, y) + 1e-4 * p[..., 0]


def linear(p: Any, y: Any) -> Any:
    return 1 - picked(p, y)


def clipped_log(p: Any, y: Any) -> Any:
    q = np.clip(np.where(y == 1, p, 1 - p), 0.1, 0.9)
    return -np.log(q)


@pytest.mark.parametrize(
    ("loss", "kind", "expected"),
    [
        (logistic, "margin", "proved"),
        (squared_hinge, "margin", "proved"),
        (savage, "margin", "proved"),
        (two_scales, "binary", "proved"),
        (hinge, "margin", "refuted"),
        (absolute, "margin", "refuted"),
        (cross_entropy, "logits", "proved"),
        (one_versus_rest, "logits", "refuted"),
    ],
)
def test_composite(loss: Any, kind: str, expected: str) -> None:
    assert verdict(loss, "proper_composite", kind, 3 if kind == "logits" else None) == expected


def test_not_composite() -> None:
    """A link that is flat somewhere; a loss of softmax that is not strictly proper."""
    assert verdict(flat_link, "proper_composite", "margin") != "proved"
    assert verdict(mae, "proper_composite", "logits", 3) != "proved"


def test_generators() -> None:
    found = ask(logarithmic, "bregman_generator", "simplex", 3)
    assert found.verdict == "proved"
    assert "log(p0)" in found.message
    entropy = ask(logarithmic, "bregman_generator", "simplex", 3, p=[0.5, 0.25, 0.25])
    assert entropy.value == pytest.approx(-1.5 * math.log(2), abs=1e-12)
    assert ask(brier, "bregman_generator", "simplex", 3, p=[0.5, 0.25, 0.25]).value == pytest.approx(0.375)
    for loss in (linear, nearly_brier):
        assert verdict(loss, "bregman_generator", "simplex", 3) == "refuted"
        assert verdict(loss, "bregman_generator", "simplex", 3, p=[0.5, 0.25, 0.25]) == "not_applicable"
    assert verdict(clipped_log, "bregman_generator", "probability") == "proved"  # proper, though not strictly


def test_forged() -> None:
    """The premise of another loss, another way, a premise that says something else."""
    good = ask(logistic, "proper_composite", "margin").certificate
    flat = ask(hinge, "proper_composite", "margin").certificate
    generator = ask(brier, "bregman_generator", "simplex", 3, p=[0.5, 0.25, 0.25]).certificate
    assert good is not None
    assert flat is not None
    assert generator is not None
    for made, change in (
        (good, {"way": "softmax"}),
        (good, {"way": "not_recovered"}),
        (good, {"premise": {"rule": "convex_by_curvature"}}),
        (flat, {"way": "shifted"}),
        (flat, {"way": "link"}),
        (generator, {"risk": None}),
        (generator, {"proper": generator["proof"]["risk"]}),
    ):
        forged = copy.deepcopy(made)
        forged["proof"].update(change)
        with pytest.raises(verifier.CertificateRejected):
            verifier.verify(forged)
