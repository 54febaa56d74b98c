"""T of losses of two classes: closed forms, unseen losses against a dense grid, tampered certificates, worst points."""

import copy
import math

import numpy as np
import pytest

import losscheck
from losscheck.lifting.lifting import lift
from losscheck.theorems.h_transform_two_sided import h_transform_two_sided

TS = [0.05, 0.3, 0.6, 0.95]
UNSEEN = {
    "bowl": lambda v: np.sqrt(1 + (v - 2) ** 2),
    "bump": lambda v: np.exp(-v) + 0.4 * np.exp(-4 * (v - 1) ** 2),
    "step": lambda v: np.where(v < 0.25, 1.0, 0.2 * np.abs(v - 1)),
    "wavy": lambda v: np.logaddexp(0, -2 * v) + 0.1 * np.sin(3 * v),
    "irrational kink": lambda v: np.maximum(np.exp(-v), 2 - 3 * v),
    "heavy tail": lambda v: 1 / (1 + np.exp(v)) + 1 / (1 + np.maximum(v, 0) ** 2),
    "increasing": lambda v: np.arctan(v),
    "wrong well": lambda v: (v + 1) ** 2,
}


def grid_transform(loss, t, a):
    """T on a dense grid of scores: off by up to a step of the grid times a slope at kinks."""
    x = np.concatenate([np.linspace(0, a, 400_001)])
    eta = (1 + t) / 2
    right, wrong = loss(x), loss(-x)
    n, p = (eta * wrong + (1 - eta) * right).min(), (eta * right + (1 - eta) * wrong).min()
    return max(0.0, n - p)


@pytest.mark.parametrize("name", UNSEEN)
@pytest.mark.parametrize("a", [0.5, 3.0])
def test_unseen_losses_against_a_grid(name, a):
    bound = losscheck.h_consistency(UNSEEN[name], kind="margin", hypotheses=losscheck.Bounded(a))
    for t in TS:
        low, high = bound.bounds(t)
        assert high - low < 1e-6
        step = 10 * a / 400_000
        assert low - step <= grid_transform(UNSEEN[name], t, a) <= high + step
    assert losscheck.verify(bound.certificate).bounds == [list(bound.bounds(t)) for t in TS]


@pytest.mark.parametrize(
    ("loss", "hypotheses", "closed"),
    [
        (lambda v: np.maximum(0, 1 - v), losscheck.Linear(W=2.0, B=0.3), lambda t: 0.3 * t),
        (lambda v: np.exp(-v), losscheck.All(), lambda t: 1 - math.sqrt(1 - t * t)),
        (lambda v: 1 - np.tanh(v), losscheck.ReLU(Lambda=2.0, W=1.0, B=0.25), lambda t: math.tanh(0.5) * t),
        (lambda v: (1 - v) ** 2, losscheck.Bounded(0.5), lambda t: t * t if t <= 0.5 else t - 0.25),
    ],
)
def test_closed_forms(loss, hypotheses, closed):
    bound = losscheck.h_consistency(loss, kind="margin", hypotheses=hypotheses)
    for t in TS:
        low, high = bound.bounds(t)
        assert low - 1e-12 <= closed(t) <= high + 1e-12


def test_the_worst_point_is_not_assumed():
    """With phi(-v) - phi(v) falling beyond 1, larger scores lower T: W counts."""

    def loss(v):
        return np.where(v < -1, 2 + 0.9 * (v + 1), np.maximum(0, 1 - v))

    narrow = losscheck.h_consistency(loss, kind="margin", hypotheses=losscheck.Linear(W=0.0, B=1.0))
    wide = losscheck.h_consistency(loss, kind="margin", hypotheses=losscheck.Linear(W=2.0, B=1.0))
    assert wide.bounds(0.5)[1] < narrow.bounds(0.5)[0] - 0.01
    assert wide.bounds(0.5)[0] <= grid_transform(loss, 0.5, 3.0)


def test_two_logits_are_one_score():
    def loss(z, y):
        s = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        return -np.log(s[np.arange(len(y)), y])

    bound = losscheck.calibration(loss, kind="logits", n_classes=2)
    low, high = bound.bounds(0.4)
    assert low <= 0.7 * math.log(1.4) + 0.3 * math.log(0.6) <= high


def test_scores_with_a_diagonal_are_refused():
    """A loss that changes along the diagonal is no loss of one score."""
    bound = losscheck.h_consistency(lambda z, y: -z[:, 0] * (y == 0) + 0 * z[:, 1], kind="logits", n_classes=2)
    assert bound.bounds(0.4) == (0.0, math.inf)
    assert bound.certificate is None


@pytest.mark.parametrize("part", ["points", "tolerance", "hypotheses", "bounds", "t"])
def test_tampering_is_seen(part):
    lifted = lift(lambda v: np.logaddexp(0, -v), kind="margin")
    made = copy.deepcopy(h_transform_two_sided(lifted, "Linear(1, 1/2)", [0.2]).certificate)
    if part == "points":
        made["proof"]["sets"][0]["points"][0] = "1"
    elif part == "tolerance":
        made["proof"]["sets"][0]["tolerance"] = "-1/10"
    elif part == "hypotheses":
        made["proof"]["hypotheses"] = "Linear(1, 1/4)"
    elif part == "bounds":
        made["claim"]["bounds"][0][0] += 1e-6
    else:
        made["proof"]["t"] = [0.3]
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(made)


def test_a_false_claim_is_refuted_with_a_certified_point():
    bound = losscheck.h_consistency(lambda v: np.maximum(0, 1 - v) ** 2, kind="margin", claim="t")
    assert bound.verdict == losscheck.Verdict.REFUTED
    assert bound.witness is not None
    fine = losscheck.h_consistency(lambda v: np.maximum(0, 1 - v) ** 2, kind="margin", claim="sqrt(t) + 1e-6")
    assert fine.verdict == losscheck.Verdict.SUPPORTED
    assert fine.growth_rate == 2.0
    assert abs(fine.gamma(0.25) - 0.5) < 1e-4
