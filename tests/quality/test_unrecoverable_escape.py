"""A risk that falls for ever below all it was: no minimiser, so no recovery; and risks that come close to that."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from tests.quality.margin_questions import ask


def capped(v: Any) -> Any:
    return np.minimum(np.logaddexp(0.0, -v), 1.234)


def inverse(v: Any) -> Any:
    return 1.0 / (1.0 + np.maximum(v + 1.2, 0.0)) ** 2


def logistic(v: Any) -> Any:
    return np.logaddexp(0.0, -v)


def far_well(v: Any) -> Any:
    """Its risk falls beyond 0, but turns at a finite score for each eta."""
    return np.log(1.0 + (6.0 - v) ** 2)


@pytest.mark.parametrize("loss", [capped, inverse])
def test_no_minimiser(loss: Any) -> None:
    outcome = ask(loss, "recovers_probability")
    assert outcome.verdict == "refuted"
    assert "beyond" in outcome.certificate["proof"]


@pytest.mark.parametrize("loss", [logistic, far_well])
def test_minimisers(loss: Any) -> None:
    assert ask(loss, "recovers_probability").verdict != "refuted"


@pytest.mark.parametrize(
    ("key", "value"),
    [("beyond", "0"), ("beyond", "-5"), ("etas", ["1/2"]), ("etas", ["1/10"]), ("rising", True), ("at", 0)],
)
def test_forged(key: str, value: Any) -> None:
    made = copy.deepcopy(ask(inverse, "recovers_probability").certificate)
    made["proof"][key] = value
    with pytest.raises(verifier.CertificateRejected):
        verifier.verify(made)


def switched(v: Any) -> Any:
    """Softplus as libraries write it: a line beyond a threshold, 2e-9 lower than what it stands for."""
    return np.where(v < -20.0, -v, logistic(np.maximum(v, -20.0)))


def closed(v: Any) -> Any:
    """The same, but the lower value is taken at the threshold."""
    return np.where(v <= -20.0, -v, logistic(np.maximum(v, -20.0)))


def test_an_infimum_just_before_a_step() -> None:
    outcome = ask(switched, "recovers_probability")
    assert outcome.verdict == "refuted"
    assert outcome.certificate["proof"]["limit"] is True


def test_a_step_that_is_reached_or_not_there() -> None:
    outcome = ask(closed, "recovers_probability")
    assert outcome.verdict != "proved"
    assert "limit" not in (outcome.certificate or {"proof": {}})["proof"]
    sound = ask(switched, "recovers_probability").certificate
    for loss in (closed, logistic):
        made = copy.deepcopy(sound)
        other = ask(loss, "convex").certificate
        made["graph"], made["constants"] = other["graph"], {}
        with pytest.raises(verifier.CertificateRejected):
            verifier.verify(made)


@pytest.mark.parametrize(("key", "value"), [("at", 1), ("rising", True), ("etas", ["1/2"]), ("etas", ["1/1000000000"])])
def test_forged_limit(key: str, value: Any) -> None:
    made = copy.deepcopy(ask(switched, "recovers_probability").certificate)
    made["proof"][key] = value
    with pytest.raises(verifier.CertificateRejected):
        verifier.verify(made)
