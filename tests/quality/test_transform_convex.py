"""Convexity of T, Gamma between regrets, infinite T: values by hand, broken hypotheses, forged certificates."""

import copy
import math

import numpy as np
import pytest

import losscheck
from losscheck import Verdict
from losscheck.lifting.lifting import lift
from losscheck.proving import derive
from losscheck.theorems.h_gamma import h_gamma
from losscheck.theorems.h_transform import h_transform
from losscheck.theorems.transform_convex import transform_convex


def of_softmax(phi, k=3):
    def loss(z, y):
        e = np.exp(z - z.max(1, keepdims=True))
        return phi((e / e.sum(1, keepdims=True))[np.arange(len(y)), y])

    return lift(loss, kind="logits", n_classes=k)


def margin(phi):
    return lift(phi, kind="margin")


def hinge(v):
    return np.maximum(0, 1 - v)


@pytest.mark.parametrize(
    ("lifted", "hypotheses", "verdict"),
    [
        (margin(lambda v: np.exp(-v) + np.maximum(0, 1 - v)), "Bounded(2)", Verdict.PROVED),
        (of_softmax(lambda s: -np.log(s)), "All", Verdict.PROVED),
        (margin(lambda v: 1 - np.tanh(v)), "Linear(1, 1)", Verdict.PROVED),
        (of_softmax(lambda s: 1 - s), "All", Verdict.REFUTED),
    ],
    ids=["convex", "cross-entropy", "sigmoid", "absolute"],
)
def test_convexity(lifted, hypotheses, verdict):
    found = transform_convex(lifted, hypotheses)
    assert found.verdict is verdict
    said = losscheck.verify(found.certificate)
    assert (said.property, said.verdict) == ("transform_convex", verdict)


def test_rules_of_convexity_ask_for_their_hypotheses():
    """A loss that drops far on the wrong side; one whose ties are worse elsewhere."""
    wild = margin(lambda v: np.where(v < -1, 0.0, hinge(v)))
    proof = {"rule": "transform_convex_two_sided", "hypotheses": "Linear(2, 1/2)", "breaks": ["-1", "1"]}
    assert derive(wild, "transform_convex", "proved", proof) is None
    assert derive(margin(hinge), "transform_convex", "proved", proof) is not None
    rising = margin(lambda v: np.maximum(0, 1 + v))
    assert derive(rising, "transform_convex", "proved", {**proof, "breaks": ["-1"]}) is None
    made = transform_convex(of_softmax(lambda s: np.exp(-2 * s)), "All").certificate["proof"]
    assert derive(of_softmax(lambda s: np.exp(-2 * s), 6), "transform_convex", "proved", made) is None


def test_three_regrets_on_a_line_contradict_nothing():
    proof = h_transform(margin(hinge), "All", [0.25, 0.5, 0.75]).certificate["proof"]
    made = {"rule": "transform_not_convex", "transform": proof}
    assert derive(margin(hinge), "transform_convex", "refuted", made) is None


@pytest.mark.parametrize(
    ("lifted", "hypotheses", "u", "exact"),
    [
        (margin(hinge), "Linear(1, 1/2)", 0.1, 0.2),
        (margin(lambda v: np.exp(-v)), "All", 0.2, 0.6),
        (margin(lambda v: (1 - v) ** 2), "All", 2.0, 1.0),
        (of_softmax(lambda s: (1 - s) ** 2), "All", 0.04, 0.4),
    ],
    ids=["hinge", "exponential", "all regrets", "square"],
)
def test_gamma_is_enclosed(lifted, hypotheses, u, exact):
    found = h_gamma(lifted, u, hypotheses)
    low, high = found.bounds
    assert low <= exact + 1e-15
    assert exact - 1e-15 <= high
    assert high - low < 1e-7
    assert losscheck.verify(found.certificate).property == "h_gamma"


def test_gamma_has_no_upper_bound_where_T_is_not_convex():
    """T of the absolute error at K = 3 is 1/6 at 1/2 and 1/2 at 1; its biconjugate is 1/3 at 3/4, T there 3/8."""
    low, high = h_gamma(of_softmax(lambda s: 1 - s), 0.1, "All").bounds
    assert low == pytest.approx(0.3, abs=1e-6)
    assert high == 1.0


@pytest.mark.parametrize("part", ["u", "convex", "t"])
def test_tampering_with_gamma_is_seen(part):
    made = copy.deepcopy(h_gamma(margin(hinge), 0.1, "All").certificate)
    if part == "u":
        made["proof"]["u"] = made["claim"]["params"]["u"] = 0.2
    elif part == "convex":
        made["proof"]["convex"] = {**made["proof"]["convex"], "hypotheses": "Bounded(1)"}
    else:
        made["proof"]["transform"]["t"] = [0.05, 0.06]
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(made)


@pytest.mark.parametrize(
    ("phi", "ts", "finite"),
    [
        (lambda v: 1 - v, [0.1, 1.0], []),
        (lambda v: np.logaddexp(0, -v) - v / 4, [0.7, 0.8], [0.1, 0.4]),
        (lambda v: -v + np.exp(-2 * v), [1.0], [0.1, 0.9]),
    ],
    ids=["unhinged", "slope at infinity", "sure labels"],
)
def test_T_is_infinite_where_the_least_risk_is_without_bound(phi, ts, finite):
    found = h_transform(margin(phi), "All", [*finite, *ts])
    bounds = dict(zip(found.params["t"], found.bounds, strict=True))
    assert all(list(bounds[t]) == [math.inf, math.inf] for t in ts)
    assert all(bounds[t][1] < math.inf for t in finite)
    assert losscheck.verify(found.certificate).property == "h_transform"


def test_an_infinite_T_is_proved_and_leaves_no_regret():
    bound = losscheck.h_consistency(lambda v: 1 - v, kind="margin")
    assert bound.gamma(5.0) == 0.0
    assert bound.questions.ask("h_transform", t=0.3, hypotheses="All").verdict is Verdict.PROVED


@pytest.mark.parametrize(
    ("phi", "hypotheses"),
    [(hinge, "All"), (lambda v: 1 - v, "Bounded(1)"), (lambda v: np.abs(v), "All"), (lambda v: -np.abs(v), "All")],
    ids=["bounded below", "capped", "rising", "both sides"],
)
def test_losses_that_are_not_bottomless_on_the_right_alone(phi, hypotheses):
    proof = {
        "rule": "h_transform_bottomless", "hypotheses": hypotheses, "t": [0.5], "breaks": ["0", "1"], "levels": ["-5"],
    }  # fmt: skip
    assert derive(margin(phi), "h_transform", "proved", proof) is None


def test_bounds_of_gamma_of_a_bound():
    bound = losscheck.h_consistency(lambda v: np.exp(-v), kind="margin")
    low, high = bound.gamma_bounds(0.2)
    assert low <= 0.6 <= high
    assert bound.convexity.verdict is Verdict.PROVED
    with pytest.raises(ValueError, match="regret"):
        bound.gamma_bounds(-1.0)
