"""Links, mixability, exp-concavity and composites: values by hand, and losses that break each hypothesis."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest

from losscheck import verifier
from tests.quality.score_questions import ask, verdict


def hinge(v: Any) -> Any:
    return np.maximum(0.0, 1 - v)


def squared_hinge(v: Any) -> Any:
    return np.maximum(0.0, 1 - v) ** 2


def ramp(v: Any) -> Any:
    return np.minimum(1.0, np.maximum(0.0, 1 - v))


def steep_logistic(v: Any) -> Any:
    return np.logaddexp(0.0, -3 * v) / 2


def cost(z: Any, y: Any) -> Any:
    return np.where(y == 1, 4 * np.logaddexp(0.0, -z), np.logaddexp(0.0, z))


def dented(v: Any) -> Any:
    """The squared margin loss with a better value at one score, which is then the minimiser of every risk."""
    return np.where(v == 0.5, -9.0, (1 - v) ** 2)


@pytest.mark.parametrize(
    ("loss", "kind", "v", "eta"),
    [
        (squared_hinge, "margin", 2.0, 1.0),
        (squared_hinge, "margin", [-0.5, 1.0], [0.25, 1.0]),
        (hinge, "margin", [-0.25, 0.75], [0.5, 0.5]),
        (steep_logistic, "margin", 1.0, 1 / (1 + math.exp(-3))),
        (cost, "binary", 0.0, 0.2),
    ],
)
def test_inverse_link(loss: Any, kind: str, v: Any, eta: Any) -> None:
    outcome = ask(loss, "inverse_link", kind, v=v)
    assert outcome.verdict == "proved"
    assert outcome.value == pytest.approx(eta, abs=1e-7)


@pytest.mark.parametrize(("loss", "v"), [(hinge, 1.0), (hinge, 3.0), (ramp, 0.0), (dented, 0.25), (dented, 0.5)])
def test_no_inverse_link(loss: Any, v: float) -> None:
    """At a kink many eta are minimised; a stationary score need not minimise; a flat one has no slope to balance."""
    assert verdict(loss, "inverse_link", "margin", v=v) == ("proved" if (loss, v) == (hinge, 3.0) else "undecided")


def test_link() -> None:
    assert ask(steep_logistic, "link", "margin", eta=0.9).value == pytest.approx(math.log(9) / 3, abs=1e-7)
    assert ask(hinge, "link", "margin", eta=[0.2, 0.9]).value == [-1.0, 1.0]
    assert ask(squared_hinge, "link", "margin", eta=0.3).value == pytest.approx(-0.4, abs=1e-7)
    assert verdict(hinge, "link", "margin", eta=0.5) == "undecided"  # every score between -1 and 1
    assert verdict(dented, "link", "margin", eta=0.5) == "undecided"
    assert verdict(hinge, "link", "margin", eta=1.0) == "not_applicable"


def test_forged_links() -> None:
    """A bracket elsewhere, a point that is not the question's, a premise of another fact."""
    good = ask(steep_logistic, "link", "margin", eta=0.9).certificate
    assert good is not None
    elsewhere, moved, premise = (copy.deepcopy(good) for _ in range(3))
    elsewhere["proof"]["brackets"] = [["1", "10000001/10000000"]]
    moved["proof"]["points"] = ["4/5"]
    premise["proof"]["premise"] = {"rule": "nonincreasing_by_pieces", "breaks": [[]]}
    for forged in (elsewhere, moved, premise):
        with pytest.raises(verifier.CertificateRejected):
            verifier.verify(forged)


def log_loss(p: Any, y: Any) -> Any:
    return np.where(y == 1, -np.log(p), -np.log(1 - p))


def brier(p: Any, y: Any) -> Any:
    return np.where(y == 1, (1 - p) ** 2, p**2)


def cost_weighted(p: Any, y: Any) -> Any:
    """A step at 1/4: the weight is an atom there."""
    return np.where(y == 1, 3.0 * (p <= 0.25), 1.0 * (p > 0.25))


def log_and_step(p: Any, y: Any) -> Any:
    return log_loss(p, y) + cost_weighted(p, y)


def heavier(p: Any, y: Any) -> Any:
    """Weight 1/(c (1-c)) up to 1/2, three times that above."""
    bend = np.maximum(p, 0.5)
    return np.where(y == 1, -np.log(p) - 2 * np.log(bend), -np.log(1 - p) - 2 * (np.log(1 - bend) - np.log(0.5)))


def linear(p: Any, y: Any) -> Any:
    return np.where(y == 1, 1 - p, p)


def weight_one_plus_c(p: Any, y: Any) -> Any:
    """c (1 - c) w(c) is largest at 1 / sqrt 3, where it is below 1; the loss of y = 1 has no bend at 0."""
    return np.where(y == 1, 2 / 3 - p + p**3 / 3, p**2 / 2 + p**3 / 3)


def downward_kink(p: Any, y: Any) -> Any:
    return np.where(y == 1, np.minimum(2 * (1 - p) ** 2, 0.5 * (1 - p)), p**2)


@pytest.mark.parametrize(
    ("loss", "mix", "concave"),
    [
        (log_loss, 1.0, 1.0),
        (brier, 2.0, 0.5),
        (cost_weighted, 0.0, 0.0),
        (log_and_step, 0.0, 0.0),
        (heavier, 1 / 3, None),
        (weight_one_plus_c, 1.5 * math.sqrt(3), 0.0),
    ],
)
def test_constants(loss: Any, mix: float, concave: float | None) -> None:
    found = ask(loss, "mixability_constant", "probability")
    assert (found.verdict, found.value) == ("proved", pytest.approx(mix, abs=1e-7))
    assert verdict(loss, "mixable", "probability") == ("proved" if mix else "refuted")
    if concave is not None:
        found = ask(loss, "exp_concavity_constant", "probability")
        assert (found.verdict, found.value) == ("proved", pytest.approx(concave, abs=1e-7))


def test_constants_of_improper_losses() -> None:
    assert verdict(linear, "mixability_constant", "probability") == "not_applicable"
    assert verdict(linear, "mixable", "probability") == "not_applicable"
    for loss in (linear, downward_kink):
        assert ask(loss, "exp_concavity_constant", "probability").value == 0.0


@pytest.mark.parametrize(
    ("loss", "link", "convex"),
    [
        (log_loss, "logit", True),
        (log_loss, "probit", True),
        (log_loss, "cloglog", True),
        (log_loss, "cauchit", False),
        (log_loss, "identity", True),
        (brier, "identity", True),
        (brier, "logit", False),
        (brier, "probit", False),
        (cost_weighted, "logit", False),
        (log_and_step, "identity", False),
        (linear, "identity", True),
        (linear, "cauchit", False),
        (downward_kink, "identity", False),
    ],
)
def test_composites(loss: Any, link: str, convex: bool) -> None:
    assert verdict(loss, "composite_convex", "probability", link=link) == ("proved" if convex else "refuted")


def test_unknown_link() -> None:
    with pytest.raises(ValueError, match="links: 'logit', 'probit'"):
        ask(brier, "composite_convex", "probability", link="log")


def test_canonical_link() -> None:
    """The logit for log loss, 2p - 1 for the Brier score; none where the loss jumps or is improper."""
    assert ask(log_loss, "canonical_link", "probability", p=0.9).value == pytest.approx(math.log(9), abs=1e-7)
    assert ask(brier, "canonical_link", "probability", p=[0.2, 0.5]).value == pytest.approx([-0.6, 0.0], abs=1e-7)
    assert verdict(cost_weighted, "canonical_link", "probability", p=0.25) == "undecided"
    assert ask(cost_weighted, "canonical_link", "probability", p=0.5).value == 1.0
    assert verdict(linear, "canonical_link", "probability", p=0.5) == "not_applicable"
    assert verdict(brier, "canonical_link", "probability", p=1.0) == "not_applicable"
