"""T under perturbed inputs: values by hand, a brute force over linear functions, broken hypotheses."""

import copy
import math

import numpy as np
import pytest

import losscheck
from losscheck import All, Linear, ReLU
from losscheck.lifting.lifting import lift
from losscheck.theorems.adversarial_transform import adversarial_transform

TS = [0.1, 0.3, 0.5, 0.8, 1.0]


def ramp(rho):
    return lambda v: np.clip(1 - v / rho, 0, 1)


@pytest.mark.parametrize(
    ("rho", "hypotheses", "cap"),
    [
        (1.0, Linear(W=1.0, B=0.5), 0.5),
        (0.5, Linear(W=1.0, B=2.0), 2.0),
        (1.0, ReLU(Lambda=2.0, W=1.0, B=0.25), 0.5),
        (2.0, All(), math.inf),
    ],
)
def test_the_margin_ramp(rho, hypotheses, cap):
    bound = losscheck.h_consistency(ramp(rho), kind="margin", hypotheses=hypotheses, perturbation=0.1)
    pairs = bound.bounds(TS)
    exact = min(cap, rho) / rho * np.array(TS)
    assert (pairs[:, 0] <= exact).all()
    assert (exact <= pairs[:, 1]).all()
    assert (pairs[:, 1] - pairs[:, 0]).max() < 1e-8
    bound.bounds(0.77)
    assert len(losscheck.verify(bound.certificate).bounds) == len(TS) + 1


UNSEEN = {
    "ramp, long": lambda v: np.clip(0.8 - v / 2, 0, 1.7),
    "sigmoid": lambda v: 1 / (1 + np.exp(2 * v)),
    "hinge": lambda v: np.maximum(0, 1 - v),
    "logistic": lambda v: np.logaddexp(0, -v),
    "two steps": lambda v: np.where(v < -0.2, 1.5, np.where(v < 0.3, 1.0, 0.25)),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_against_brute_force_over_lines(name):
    """h(x') = w x' + b over |x' - x| <= g, at several x: the least regret over what has target regret >= t."""
    phi, w_most, b_most, g = UNSEEN[name], 0.8, 0.6, 0.25
    found = adversarial_transform(lift(phi, kind="margin"), "Linear(4/5, 3/5)", [0.2, 0.6])
    w, b = np.meshgrid(np.linspace(-w_most, w_most, 33), np.linspace(-b_most, b_most, 241), indexing="ij")
    best = dict.fromkeys((0.2, 0.6), np.inf)
    for x in (0.0, 0.4, 1.0):
        lo, hi = w * x + b - np.abs(w) * g, w * x + b + np.abs(w) * g
        for eta in np.linspace(0.5, 1, 101):
            risk = eta * phi(lo) + (1 - eta) * phi(-hi)
            target = eta * (lo <= 0) + (1 - eta) * (hi >= 0) - (1 - eta)
            for t in best:
                wrong = risk[target >= t - 1e-9]
                best[t] = min(best[t], wrong.min() - risk.min()) if wrong.size else best[t]
    for t, (low, high) in zip((0.2, 0.6), found.bounds, strict=True):
        assert high - low < 1e-6
        assert low - 0.02 <= best[t] <= high + 0.02


def test_convex_losses_have_no_bound_below_one_half():
    """phi(0) - P(1/2) = 0 for a convex phi: functions that change sign in the ball cost nothing at eta = 1/2."""
    found = adversarial_transform(lift(UNSEEN["hinge"], kind="margin"), "Linear(1, 2)", [0.3, 0.5, 0.75])
    for (low, high), exact in zip(found.bounds, (0, 0, 0.5), strict=True):
        assert low - 1e-9 <= exact <= high + 1e-9


@pytest.mark.parametrize(
    ("loss", "text"),
    [
        (lambda v: (1 - v) ** 2, "All"),
        (lambda v: np.where(v < 1, 1 - v, 0.2), "All"),
        (lambda v: np.abs(v), "Bounded(1)"),
        (lambda v: -v, "All"),
        (UNSEEN["hinge"], "Linear(1, 0)"),
    ],
    ids=["rises", "steps up", "rises at 0", "unbounded", "no constants but 0"],
)
def test_broken_hypotheses_prove_nothing(loss, text):
    assert adversarial_transform(lift(loss, kind="margin"), text, [0.4]) is None


def test_what_is_not_covered_says_so():
    with pytest.raises(ValueError, match="perturbation"):
        losscheck.h_consistency(UNSEEN["hinge"], kind="margin", perturbation=-1)
    with pytest.raises(ValueError, match="one score"):
        losscheck.h_consistency(lambda z, y: z.sum(1), kind="logits", perturbation=0.1)


def test_tampering_is_seen():
    made = copy.deepcopy(adversarial_transform(lift(ramp(1.0), kind="margin"), "Bounded(1/2)", [0.4]).certificate)
    assert losscheck.verify(made)
    for change in ({"hypotheses": "Bounded(1)"}, {"slope_breaks": []}, {"t": [0.5]}):
        forged = {**made, "proof": {**made["proof"], **change}}
        with pytest.raises(losscheck.CertificateRejected):
            losscheck.verify(forged)
