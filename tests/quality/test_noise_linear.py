"""Linear classes under label noise: Long and Servedio's points, by certificates; losses that break each hypothesis."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from tests.quality.score_questions import ask, verdict

NAME = "linear_class_noise_tolerant"


def logistic(v: Any) -> Any:
    return np.logaddexp(0.0, -v)


def exponential(v: Any) -> Any:
    return np.exp(-v)


def square(v: Any) -> Any:
    return (1 - v) ** 2


def hinge(v: Any) -> Any:
    return np.maximum(0.0, 1 - v)


def smooth_hinge(v: Any) -> Any:
    return np.where(v <= 0, 0.5 - v, np.where(v < 1, 0.5 * (1 - v) ** 2, 0.0))


def unhinged(v: Any) -> Any:
    return 1 - v


def ramp(v: Any) -> Any:
    return np.clip((1 - v) / 2, 0.0, 1.0)


def savage(v: Any) -> Any:
    return 1 / (1 + np.exp(v)) ** 2


def nearly_square(v: Any) -> Any:
    return (1 - v) ** 2 + 1e-3 * v**4


def concave(v: Any) -> Any:
    return -((1 - v) ** 2)


def shifted_hinge(v: Any) -> Any:
    """Not bounded below by 0: the lines need knots."""
    return np.maximum(-0.25, 1 - v)


def binary_logistic(z: Any, y: Any) -> Any:
    return np.logaddexp(0.0, z) - y * z


def lopsided(z: Any, y: Any) -> Any:
    """Quadratic for both labels, but with different curvatures."""
    return np.where(y == 1, (1 - z) ** 2, 2 * (1 + z) ** 2)


@pytest.mark.parametrize("loss", [logistic, exponential, hinge, smooth_hinge])
def test_convex_potentials_break(loss: Any) -> None:
    found = ask(loss, NAME, "margin")
    assert found.verdict == "refuted"
    assert found.witness is not None
    assert found.witness["rate"] == "2/5"


@pytest.mark.parametrize("rate", [0.05, 0.45])
def test_at_every_rate(rate: float) -> None:
    assert verdict(logistic, NAME, "margin", rate=rate) == "refuted"


@pytest.mark.parametrize("loss", [square, unhinged, ramp])
def test_squares_and_symmetric_losses_tolerate(loss: Any) -> None:
    assert verdict(loss, NAME, "margin") == "proved"
    assert verdict(loss, NAME, "margin", rate=0.3) == "proved"


def test_where_the_noisy_minimiser_is() -> None:
    """Minimisers by Newton's method in other code, to 7 digits; the hinge by a linear program."""
    for loss, gamma, w, error in (
        (exponential, 0.1, (0.86565563, 0.64303190), 0.0),
        (logistic, 0.05, (1.6393010, 2.5993495), 0.5),
        (hinge, 0.05, (1.0, 3.8), 0.5),
        (smooth_hinge, 0.1, (0.92532468, 0.73051948), 0.0),
    ):
        found = ask(loss, NAME, "margin", rate=0.2, gamma=gamma)
        assert found.value == pytest.approx([*w, error], rel=2e-7, abs=2e-7)
        assert all(
            low <= x <= high and high - low < 1e-6 for x, (low, high) in zip(found.value, found.bounds, strict=True)
        )
        assert found.verdict == ("refuted" if error else "proved")


def test_squares_exactly() -> None:
    """At gamma = 1/12 the penalisers have score 0, with and without noise: an error of both, so tolerated."""
    tie = ask(square, NAME, "margin", rate=0.0, gamma=1 / 12)
    assert (tie.verdict, tie.value) == ("proved", [1.2, 1.2, 0.5])
    assert ask(square, NAME, "margin", rate=0.4, gamma=0.1).value[2] == 0.0
    assert ask(square, NAME, "margin", gamma=0.1).value is None


def test_a_ridge() -> None:
    """The unhinged loss with a ridge points to the sum of the points, (1 + 3 g, 3 g)."""
    found = ask(unhinged, NAME, "margin", rate=0.2, gamma=0.1, ridge=1.0)
    assert found.verdict == "proved"
    assert found.value == pytest.approx([0.195, 0.045, 0.0], abs=1e-7)
    assert verdict(unhinged, NAME, "margin", ridge=1.0) == "proved"
    assert verdict(ramp, NAME, "margin", ridge=1.0) == "undecided"


def test_hypotheses() -> None:
    """Not convex, not quadratic, other curvatures for other labels, no floor at 0."""
    assert verdict(savage, NAME, "margin") == "refuted"  # by two points of the line, without convexity
    assert verdict(concave, NAME, "margin") == "undecided"
    assert verdict(nearly_square, NAME, "margin") != "proved"
    assert verdict(lopsided, NAME, "binary") != "proved"
    assert verdict(shifted_hinge, NAME, "margin", rate=0.4) == "refuted"
    assert verdict(binary_logistic, NAME, "binary") == "refuted"
    assert verdict(logistic, NAME, "margin", rate=0.5) == "not_applicable"
    assert verdict(logistic, NAME, "margin", gamma=-1.0) == "not_applicable"


def test_forged() -> None:
    """One rate for all, another gamma, a point on the other side, a floor without its premise, a wrong box."""
    good = ask(logistic, NAME, "margin", rate=0.2, gamma=0.1).certificate
    bad = ask(logistic, NAME, "margin").certificate
    assert good is not None
    assert bad is not None

    def rejected(made: dict[str, Any], change: Any) -> None:
        forged = copy.deepcopy(made)
        change(forged["proof"])
        forged["claim"]["params"] = forged["proof"]["params"]
        with pytest.raises(verifier.CertificateRejected):
            verifier.verify(forged)

    rejected(good, lambda p: p["params"].update(rate=None))
    rejected(good, lambda p: p.update(gamma="1/20"))
    rejected(good, lambda p: p["noisy"].update(at=["1", "2"]))
    rejected(good, lambda p: p["noisy"]["sides"].pop())
    rejected(good, lambda p: p["noisy"]["box"][0][0].__setitem__(0, "3"))
    rejected(good, lambda p: p["noisy"]["sides"].__setitem__(0, p["noisy"]["sides"][1]))
    rejected(bad, lambda p: p.update(nonnegative=None))
    rejected(bad, lambda p: p.update(rate="1/2"))
    rejected(bad, lambda p: p["atoms"][0].__setitem__(1, "1/2"))
    rejected(bad, lambda p: p["noisy"].update(sides=[]))
    rejected(bad, lambda p: p.update(noisy=p["clean"]))
    swapped = copy.deepcopy(bad)
    swapped["graph"] = ask(ramp, NAME, "margin").certificate["graph"]  # type: ignore[index]
    with pytest.raises(verifier.CertificateRejected):
        verifier.verify(swapped)
