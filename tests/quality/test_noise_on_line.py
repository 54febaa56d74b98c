"""Linear classes under noise, losses that are not convex: two atoms of the line, checked by brute force."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from tests.quality.score_questions import ask, verdict

Loss = Callable[[Any], Any]
NAME = "linear_class_noise_tolerant"
GRID = np.concatenate([-np.geomspace(1e-4, 1e4, 4001), np.geomspace(1e-4, 1e4, 4001)])


def savage(v: Any) -> Any:
    return 1 / (1 + np.exp(v)) ** 2


def long_ramp(v: Any) -> Any:
    return np.clip(1 - v, 0, 3)


def capped_square(v: Any) -> Any:
    return np.minimum(np.maximum(0, 1 - v) ** 2, 2)


@pytest.mark.parametrize("loss", [savage, long_ramp, capped_square])
def test_refuted_and_true(loss: Loss) -> None:
    outcome = ask(loss, NAME, "margin")
    assert outcome.verdict.value == "refuted"
    assert outcome.certificate is not None
    proof = outcome.certificate["proof"]
    assert proof["rule"] == "linear_noise_on_line"
    errors = []
    with np.errstate(over="ignore"):
        for rate in (0.0, float(Fraction(proof["rate"]))):
            risk = 0.0 * GRID
            for x, m, y in proof["atoms"]:
                margin = float(Fraction(x)) * GRID * (2 * y - 1)
                risk += float(Fraction(m)) * ((1 - rate) * loss(margin) + rate * loss(-margin))
            best = GRID[np.argmin(risk)]
            errors.append(sum(float(Fraction(m)) for x, m, y in proof["atoms"] if (best > 0) != bool(y)))
    assert errors[0] != pytest.approx(errors[1])


def test_the_rate_that_is_asked() -> None:
    assert verdict(long_ramp, NAME, "margin", rate=0.3, gamma=None, ridge=None) == "refuted"
    assert verdict(long_ramp, NAME, "margin", rate=0.001, gamma=None, ridge=None) != "proved"


def test_both_sides_of_a_binary_loss() -> None:
    def loss(z: Any, y: Any) -> Any:
        return np.where(y == 1, long_ramp(z), 2 * savage(-z))

    assert verdict(loss, NAME, "binary") == "refuted"


# Symmetric losses tolerate noise: no such atoms may be found.
@pytest.mark.parametrize("loss", [lambda v: np.clip(1 - v, 0, 2), lambda v: 1 / (1 + np.exp(v)), lambda v: 1 - v])
def test_tolerant_losses(loss: Loss) -> None:
    assert verdict(loss, NAME, "margin") == "proved"


def test_forged() -> None:
    sound = ask(long_ramp, NAME, "margin").certificate
    other = ask(lambda v: np.clip(1 - v, 0, 2), "convex", "margin").certificate
    assert sound is not None
    assert other is not None
    made = copy.deepcopy(sound)
    made["graph"], made["constants"] = other["graph"], {}
    with pytest.raises(verifier.CertificateRejected):
        verifier.verify(made)
    for part in ("clean", "noisy"):
        for key, value in (("gap", "1"), ("at", "0"), ("breaks", [])):
            made = copy.deepcopy(sound)
            made["proof"][part][key] = value
            with pytest.raises(verifier.CertificateRejected):
                verifier.verify(made)
