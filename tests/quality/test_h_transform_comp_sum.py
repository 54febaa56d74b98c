"""T of comp-sum losses: closed forms, unseen profiles against random distributions, broken hypotheses."""

import copy
import math

import numpy as np
import pytest

import losscheck
from losscheck.lifting.lifting import lift
from losscheck.proving import derive
from losscheck.theorems.h_transform_comp_sum import h_transform_comp_sum


def of_softmax(phi, scale=1.0):
    def loss(z, y):
        e = np.exp(scale * z)
        return phi((e / e.sum(1, keepdims=True))[np.arange(len(y)), y])

    return loss


def searched(phi, t, k, seed=0):
    """The least regret over random wrong pairs of p and s: an upper bound of T, by crude descent."""
    rng = np.random.default_rng(seed)
    s = rng.dirichlet(np.full(k, 0.7), 20_000)
    values = phi(np.clip(s, 1e-300, 1))
    best = math.inf
    for _ in range(40):
        rest = rng.dirichlet(np.full(k - 1, 0.5))[: k - 2] * (1 - t) * rng.uniform() ** 2
        p1 = (1 - rest.sum() + t) / 2
        p = np.array([p1, p1 - t, *rest])
        if p.max() > p1 + 1e-12:
            continue
        risk = values @ p
        wrong = risk[s[:, 1] >= s.max(1) - 1e-12]
        best = min(best, wrong.min() - risk.min())
    return best


@pytest.mark.parametrize("k", [3, 6])
def test_cross_entropy_has_one_transform_for_every_k(k):
    bound = losscheck.h_consistency(of_softmax(lambda s: -np.log(s)), kind="logits", n_classes=k)
    for t in (0.1, 0.7):
        low, high = bound.bounds(t)
        exact = 0.5 * ((1 + t) * math.log(1 + t) + (1 - t) * math.log(1 - t))  # itself rounded
        assert low - 1e-15 <= exact <= high + 1e-15
        assert high - low < 1e-8
    assert losscheck.verify(bound.certificate).property == "h_transform"


@pytest.mark.parametrize(
    "phi",
    [
        lambda s: (1 - s) ** 3,
        lambda s: 1 / s - np.log(s),
        lambda s: np.exp(-s) - s / 4,
        lambda s: -np.log(s) + 3 * (1 - s),
        lambda s: 1 - s**0.7,
    ],
    ids=["cube", "sum", "exp", "poly", "root"],
)
def test_unseen_profiles_stay_below_what_a_search_finds(phi):
    bound = losscheck.h_consistency(of_softmax(phi, 2.0), kind="logits", n_classes=3)
    for t in (0.2, 0.6):
        low, high = bound.bounds(t)
        assert low <= high < math.inf
        assert low <= searched(phi, t, 3) + 1e-3 or low < 1e-6


@pytest.mark.parametrize(
    "phi", [lambda s: 1 - s**2, lambda s: s, lambda s: np.abs(s - 0.7)], ids=["concave", "rising", "kink"]
)
def test_broken_hypotheses_prove_nothing(phi):
    lifted = lift(of_softmax(phi), kind="logits", n_classes=3)
    assert h_transform_comp_sum(lifted, "All", [0.5]) is None


@pytest.mark.parametrize("part", ["cells", "low", "points", "own"])
def test_tampering_is_seen(part):
    lifted = lift(of_softmax(lambda s: -np.log(s) + 2 * (1 - s)), kind="logits", n_classes=3)
    made = copy.deepcopy(h_transform_comp_sum(lifted, "All", [0.4]).certificate)
    swaps = made["proof"]["swaps"][0]
    if part == "cells":
        swaps["bands"][-1][2] = swaps["bands"][-1][2][:-1]
    elif part == "low":
        swaps["low"] = "1/2"
    elif part == "points":
        made["proof"]["points"] = ["99/100"]
    else:
        made["proof"]["own"]["roots"] = [0]
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(made)


@pytest.mark.parametrize(
    ("phi", "k"),
    [(lambda s: -np.log(s) + 2 * (1 - s), 4), (lambda s: 2 - 2 * np.sqrt(s), 5), (lambda s: -np.log(s + 0.2), 6)],
    ids=["poly", "root", "shifted log"],
)
def test_bands_give_the_two_class_value_where_one_swap_does_not(phi, k):
    lifted = lift(of_softmax(phi), kind="logits", n_classes=k)
    ts = [0.1, 0.8]
    found = h_transform_comp_sum(lifted, "All", ts)
    x = np.append(np.linspace(0.5, 1, 100_001)[:-1], 1 - 1e-16)
    for t, (low, high) in zip(ts, found.bounds, strict=True):
        two = phi(0.5) - ((1 + t) / 2 * phi(x) + (1 - t) / 2 * phi(1 - x)).min()
        assert high - low < 1e-7
        assert low - 1e-9 <= two <= high + 1e-9


@pytest.mark.parametrize(
    ("phi", "k", "start"),
    [
        (lambda s: -np.log(s) + 2 * (1 - s), 3, "0"),
        (lambda s: np.exp(-2 * s), 6, "0"),
        (lambda s: -((1 - s) ** 2) * np.log(s), 3, "0"),
        (lambda s: -((1 - s) ** 2) * np.log(s), 3, "1/3"),
        (lambda s: -np.log(s) + (1 - s) ** 2, 3, "5/16"),
    ],
    ids=["concave", "ties elsewhere", "concave near 0", "from too late on", "below its tangent"],
)
def test_the_tie_at_a_half_is_not_taken_for_the_worst(phi, k, start):
    lifted = lift(of_softmax(phi), kind="logits", n_classes=k)
    found = h_transform_comp_sum(lifted, "All", [0.4])
    proof = {**found.certificate["proof"], "convex_from": start}
    assert derive(lifted, "h_transform", "proved", proof) is None


def test_the_tie_at_a_half_is_the_worst_of_focal_losses():
    lifted = lift(of_softmax(lambda s: -((1 - s) ** 2) * np.log(s)), kind="logits", n_classes=5)
    found = h_transform_comp_sum(lifted, "All", [0.1, 0.4, 1.0])
    assert found.certificate["proof"]["convex_from"] != "0"
    assert all(high - low < 1e-12 for low, high in found.bounds)


def bands_of_a_sum():
    lifted = lift(of_softmax(lambda s: -np.log(s) + 2 * (1 - s)), kind="logits", n_classes=4)
    made = copy.deepcopy(h_transform_comp_sum(lifted, "All", [0.6]).certificate)
    return made, made["proof"]["swaps"][0]["bands"]


@pytest.mark.parametrize("part", ["tie", "no tie", "gap", "order", "shift"])
def test_bands_that_are_not_shown_are_rejected(part):
    made, bands = bands_of_a_sum()
    assert losscheck.verify(made)
    if part == "tie":
        bands[0][1] = "49/100"
    elif part == "no tie":
        bands[-1][1] = None
    elif part == "gap":
        del bands[len(bands) // 2]
    elif part == "order":
        bands.reverse()
    else:
        bands[0][2] = [["1/2", "0"]]
    with pytest.raises(losscheck.CertificateRejected):
        losscheck.verify(made)


def test_a_profile_of_two_slopes_is_not_taken_for_its_two_class_value():
    """A flat end lets the losing classes keep mass: T at three classes is below the two-class value."""
    lifted = lift(of_softmax(lambda s: (1 - s) ** 2 / 2 + 1 - s), kind="logits", n_classes=3)
    low, high = h_transform_comp_sum(lifted, "All", [0.6]).bounds[0]
    assert low <= 0.3088888889 < high - 1e-3
