"""Minimizability gaps: values by hand, laws like the published examples, broken duals."""

import copy
import functools
import math

import numpy as np
import pytest

import losscheck
from losscheck import All, Bounded, Linear
from losscheck.lifting.lifting import lift
from losscheck.theorems.minimizability_gap import minimizability_gap

LINES = Linear(W=math.inf, B=math.inf)
XOR = {"x": [[-1.0], [0.0], [1.0]], "px": [1.0, 1.0, 1.0], "p": [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]}
NOISY = {
    "x": [[-1.0, 0.5], [0.0, 0.0], [1.0, 0.25], [0.5, -1.0], [0.25, 0.75]],
    "px": [0.3, 0.2, 0.2, 0.2, 0.1],
    "p": [[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.7, 0.1, 0.2], [0.1, 0.1, 0.8], [0.3, 0.4, 0.3]],
}


def comp_sum(tau):
    def loss(z, y):
        e = np.exp(z - z.max(1, keepdims=True))
        s = (e / e.sum(1, keepdims=True))[np.arange(len(y)), y]
        return -np.log(s) if tau == 1 else (s ** (tau - 1) - 1) / (1 - tau)

    return loss


@pytest.mark.parametrize(
    ("loss", "kind", "gap"),
    [
        (comp_sum(0), "logits", 2 * math.sqrt(2) / 3),
        (comp_sum(0.5), "logits", 2 * ((2 / 3) ** (2 / 3) + (1 / 3) ** (2 / 3)) ** 1.5 - 2),
        (comp_sum(1), "logits", math.log(3) - 2 / 3 * math.log(2)),
        (lambda v: np.maximum(0, 1 - v), "margin", 2 / 3),
        (lambda v: np.logaddexp(0, -v), "margin", math.log(3) - 2 / 3 * math.log(2)),
        (lambda v: (1 - v) ** 2, "margin", 8 / 9),
    ],
    ids=["sum-exp", "root", "log", "hinge", "logistic", "square"],
)
def test_two_outer_points_of_one_class_and_an_inner_one_of_the_other(loss, kind, gap):
    """By symmetry the best line is flat, and the gap is the least risk of a constant at probabilities 2/3 and 1/3."""
    law = XOR if kind == "logits" else {**XOR, "p": [row[::-1] for row in XOR["p"]]}
    bound = losscheck.h_consistency(loss, kind=kind, n_classes=2, hypotheses=LINES)
    low, high = bound.minimizability_gap(law)
    assert low <= gap + 1e-9
    assert gap - 1e-9 <= high
    assert high - low < 1e-7


@pytest.mark.parametrize("tau", [0, 1])
def test_a_noisy_law_against_descent(tau):
    from scipy.optimize import minimize

    loss = comp_sum(tau)
    outcome = minimizability_gap(lift(loss, kind="logits", n_classes=3), {**NOISY, "hypotheses": "Linear(inf, inf)"})
    features = np.hstack([np.array(NOISY["x"]), np.ones((5, 1))])
    p, weights = np.array(NOISY["p"]), np.array(NOISY["px"])

    def risk(z):
        return np.stack([loss(z, np.full(len(z), y)) for y in range(3)], axis=1)

    joint = minimize(lambda w: (weights[:, None] * p * risk(features @ w.reshape(3, 3))).sum(), np.zeros(9), tol=1e-12)
    apart = sum(w * minimize(lambda z, row=row: row @ risk(z[None])[0], np.zeros(3), tol=1e-12).fun
                for w, row in zip(weights, p, strict=True))  # fmt: skip
    low, high = outcome.bounds
    assert high - low < 1e-7
    assert low - 1e-6 <= joint.fun - apart <= high + 1e-6
    assert losscheck.verify(outcome.certificate).property == "minimizability_gap"


def test_separable_labels_leave_no_gap():
    law = {"x": [[-1.0], [2.0]], "px": [0.5, 0.5], "p": [[1.0, 0.0], [0.0, 1.0]]}
    bound = losscheck.h_consistency(lambda v: np.logaddexp(0, -v), kind="margin", hypotheses=LINES)
    low, high = bound.minimizability_gap(law)
    assert low == 0.0
    assert high < 1e-7


@pytest.mark.parametrize("hypotheses", [All(), Bounded(1.0)])
def test_sets_that_choose_at_every_point_have_none(hypotheses):
    bound = losscheck.h_consistency(comp_sum(1), kind="logits", n_classes=3, hypotheses=hypotheses)
    assert bound.minimizability_gap(NOISY) == (0.0, 0.0)


def test_what_is_no_distribution_raises():
    bound = losscheck.h_consistency(comp_sum(1), kind="logits", n_classes=3, hypotheses=LINES)
    with pytest.raises(ValueError, match="px"):
        bound.minimizability_gap({"x": [[1.0]], "p": [[1.0, 0.0, 0.0]]})
    capped = losscheck.h_consistency(comp_sum(1), kind="logits", n_classes=3, hypotheses=Linear(W=1.0, B=1.0))
    with pytest.raises(ValueError, match="not covered"):
        capped.minimizability_gap(NOISY)


def test_linear_functions_without_limits_take_all_scores():
    wide = losscheck.h_consistency(comp_sum(1), kind="logits", n_classes=3, hypotheses=LINES)
    assert wide.bounds(0.4) == losscheck.h_consistency(comp_sum(1), kind="logits", n_classes=3).bounds(0.4)


@functools.cache
def of_noise():
    lifted = lift(comp_sum(1), kind="logits", n_classes=3)
    return minimizability_gap(lifted, {**NOISY, "hypotheses": "Linear(inf, inf)"}).certificate


@pytest.mark.parametrize("hypotheses", ["Linear(0, 1)", "ReLU(1, 0, 1)", "Linear(1, 1)"])
def test_sets_whose_scores_hang_together_are_not_taken_for_free_ones(hypotheses):
    """With W = 0 every x has the same range of scores, but all points share one constant."""
    lifted = lift(lambda v: np.logaddexp(0, -v), kind="margin")
    law = {**XOR, "p": [row[::-1] for row in XOR["p"]], "hypotheses": hypotheses}
    assert minimizability_gap(lifted, law) is None


@pytest.mark.parametrize("part", ["floor", "parameters", "scores", "weights", "row"])
def test_tampering_is_seen(part):
    made = copy.deepcopy(of_noise())
    proof = made["proof"]
    if part == "floor":
        proof["linear"]["floor"][0] = ["1/3", "1/3", "1/3"]
    elif part == "parameters":
        proof["linear"]["parameters"][0] = "7"
    elif part == "scores":
        proof["best"]["parts"][0]["scores"][0] = "9"
    elif part == "weights":
        proof["params"]["px"] = [1.0, 1.0, 1.0, 1.0, 1.0]
    else:
        proof["params"]["p"][0] = [0.1, 0.1, 0.8]
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(made)


def test_rows_about_one_point_are_mixed():
    """Scores cannot tell them apart: no gap, though the least risks of the rows differ; a row of weight 0 is none."""
    lifted = lift(lambda v: np.maximum(0, 1 - v), kind="margin")
    twice = {"x": [[0.0], [0.0], [7.0]], "px": [1.0, 1.0, 0.0], "p": [[0.1, 0.9], [0.9, 0.1], [0.5, 0.5]]}
    found = minimizability_gap(lifted, {**twice, "hypotheses": "Linear(inf, inf)"})
    assert list(found.bounds) == [0.0, 0.0]
    split = {**XOR, "x": [[-1.0], [0.0], [1.0], [1.0]], "px": [2.0, 2.0, 1.0, 1.0], "p": [*XOR["p"], [1.0, 0.0]]}
    found = minimizability_gap(lifted, {**split, "hypotheses": "Linear(inf, inf)"})
    assert abs(found.value - 2 / 3) < 1e-6


@functools.cache
def of_boxes(tau):
    lifted = lift(comp_sum(tau), kind="logits", n_classes=2)
    return minimizability_gap(lifted, {**XOR, "hypotheses": "Linear(inf, inf)"})


@pytest.mark.parametrize(("tau", "exact"), [(2, 1 / 3)])
def test_losses_that_are_not_convex_are_bounded_below_by_boxes(tau, exact):
    """Two classes on a line: two scores. The mean absolute error is 1/3 at best, as two of the three points agree."""
    outcome = of_boxes(tau)
    low, high = outcome.bounds
    assert high - low < 1e-7
    assert exact is None or low <= exact <= high
    s = 1 / (1 + np.exp(-np.linspace(-20, 20, 4001)))
    left, right = s[:, None], s[None, ::8]
    middle = 1 / (1 + np.sqrt((1 / left - 1) * (1 / right - 1)))
    risk = sum((1 - np.maximum(p, 1e-300) ** (tau - 1)) / (tau - 1) for p in (left, 1 - middle, right)) / 3
    assert low <= risk.min() <= high + 1e-3
    assert losscheck.verify(outcome.certificate).property == "minimizability_gap"


@pytest.mark.parametrize("part", ["shares", "level", "base"])
def test_tampering_with_boxes_is_seen(part):
    made = copy.deepcopy(of_boxes(2).certificate)
    boxes = made["proof"]["linear"]["boxes"]
    if part == "shares":
        boxes["shares"][-1] = ["1", "0"]
    elif part == "level":
        boxes["level"] = "2/5"
    else:
        boxes["base"] = [0, 2]
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(made)
