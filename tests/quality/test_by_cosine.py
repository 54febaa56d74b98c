"""Functions of the angle between p and q, and functions that only look like one."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from tests.quality.score_questions import ask, verdict


def total(a: Any) -> Any:
    return np.sum(a, axis=-1)


def cosine(p: Any, q: Any) -> Any:
    return total(p * q) / np.sqrt(total(p**2) * total(q**2))


def distance(p: Any, q: Any) -> Any:
    return 1 - cosine(p, q)


def cauchy_schwarz(p: Any, q: Any) -> Any:
    return -np.log(cosine(p, q))


def shifted(p: Any, q: Any) -> Any:
    """Not 0 at equal arguments."""
    return 1.5 - cosine(p, q)


def turned(p: Any, q: Any) -> Any:
    return cosine(p, q) - 1


def other_norm(p: Any, q: Any) -> Any:
    """p.q over the 3-norms: no cosine."""
    return 1 - total(p * q) / (total(p**3) * total(q**3)) ** (1 / 3)


def flat(p: Any, q: Any) -> Any:
    """0 for all small angles."""
    return np.maximum(0.9 - cosine(p, q), 0.0)


def test_angles() -> None:
    for loss in (distance, cauchy_schwarz):
        assert verdict(loss, "nonnegative", "divergence", 3) == "proved"
        assert verdict(loss, "identity_of_indiscernibles", "divergence", 3) == "proved"
    assert ask(distance, "supremum", "divergence", 3).value == pytest.approx(1.0)
    assert verdict(distance, "bounded_above", "divergence", 3) == "proved"
    assert verdict(cauchy_schwarz, "bounded_above", "divergence", 3) == "refuted"


def test_what_is_not_shown() -> None:
    assert verdict(shifted, "nonnegative", "divergence", 3) == "proved"
    assert verdict(shifted, "identity_of_indiscernibles", "divergence", 3) != "proved"
    assert verdict(turned, "nonnegative", "divergence", 3) != "proved"
    assert verdict(flat, "identity_of_indiscernibles", "divergence", 3) != "proved"
    for name in ("nonnegative", "identity_of_indiscernibles", "supremum"):
        assert verdict(other_norm, name, "divergence", 3) != "proved", name


FORGED = [("core", 40), ("power", "2"), ("power", "-1"), ("ask", "proper"), ("log", "1")]


@pytest.mark.parametrize(("key", "value"), FORGED)
def test_forged(key: str, value: Any) -> None:
    made = copy.deepcopy(ask(distance, "identity_of_indiscernibles", "divergence", 3).certificate)
    assert made is not None
    assert made["proof"]["rule"] == "by_cosine"
    made["proof"][key] = value
    with pytest.raises(verifier.CertificateRejected):
        verifier.verify(made)
