"""Convexity by profiles: Poly-1 and mixtures, and profiles that break each condition."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from tests.quality.score_questions import ask, picked, softmax, verdict


def of(phi: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    """The comp-sum loss of a profile."""
    return lambda z, y: phi(picked(softmax(z), y))


CONVEX = {
    "Poly-1, -0.4": lambda p: -np.log(p) - 0.4 * (1 - p),
    "Poly-1, 0.9": lambda p: -np.log(p) + 0.9 * (1 - p),
    "reciprocal": lambda p: 1 / p - 1,
    "log and root": lambda p: -np.log(p) + 1 / np.sqrt(p),
    "kink upwards": lambda p: np.maximum(-np.log(p), -3 * np.log(p) - 2 * np.log(3)),
}
NOT = {
    "Poly-1, 1.2": lambda p: -np.log(p) + 1.2 * (1 - p),  # the condition fails next to 0
    "Poly-1, -1.1": lambda p: -np.log(p) - 1.1 * (1 - p),  # rises next to 1
    "falling slope": lambda p: np.minimum(-np.log(p), 2 - np.log(p) * 0.5),
    "jump": lambda p: -np.log(p) + np.where(p < 0.25, 0.001, 0.0),
    "rising": lambda p: np.log(p),
    "power": lambda p: 1 - p**0.5,
}


@pytest.mark.parametrize("name", CONVEX)
def test_convex(name: str) -> None:
    for k in (2, 3, 5):
        assert verdict(of(CONVEX[name]), "convex", "logits", k) == "proved"


@pytest.mark.parametrize("name", NOT)
def test_each_condition(name: str) -> None:
    assert verdict(of(NOT[name]), "convex", "logits", 3) == "refuted"


def test_forged() -> None:
    good, other = (ask(of(CONVEX[x]), "convex", "logits", 3).certificate for x in ("Poly-1, -0.4", "Poly-1, 0.9"))
    assert good is not None
    assert other is not None
    assert good["proof"]["rule"] == "convex_comp_sum"
    for key, value in (("own", other["proof"]["own"]), ("alpha", "2"), ("alpha", "0"), ("breaks", []), ("own", [])):
        made = copy.deepcopy(good)
        made["proof"][key] = value
        with pytest.raises(verifier.CertificateRejected):
            verifier.verify(made)
