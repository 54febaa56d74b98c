"""Maps of scores: where their values lie, and what changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from losscheck import catalogue
from losscheck.arrays import log_softmax, softmax
from losscheck.catalogue.maps_ratio_losses import stable_scores

RNG = np.random.default_rng(0)
SCORES = RNG.normal(0, 2, (200, 5))
ON_SIMPLEX = ("softmax_map", "tempered_softmax", "topk_softmax", "masked_softmax", "sparsemax", "entmax15", "hardmax",
              "stablemax", "softplus_normalised", "reweighted_softplus", "spherical_softmax", "taylor_softmax",
              "sigsoftmax")  # fmt: skip
SHIFT_INVARIANT = ("softmax_map", "tempered_softmax", "log_softmax_map", "topk_softmax", "sparsemax", "entmax15",
                   "hardmax", "shaped_attention", "normalised_attention")  # fmt: skip
ORDERED = ("softmax_map", "tempered_softmax", "log_softmax_map", "softmax_one", "topk_softmax", "sigmoid_attention",
           "sparsemax", "entmax15", "hardmax", "stablemax", "softplus_normalised", "reweighted_softplus",
           "sigsoftmax", "rela")  # fmt: skip


@pytest.mark.parametrize("name", ON_SIMPLEX)
def test_entries_are_probabilities(name):
    p = catalogue[name](SCORES)
    assert np.all(p >= 0)
    assert np.allclose(p.sum(axis=1), 1, atol=1e-12)


@pytest.mark.parametrize("name", SHIFT_INVARIANT)
def test_adding_a_number_changes_nothing(name):
    assert np.allclose(catalogue[name](SCORES), catalogue[name](SCORES + 3.25), atol=1e-9)


@pytest.mark.parametrize("name", ["stablemax", "softplus_normalised", "spherical_softmax", "taylor_softmax"])
def test_other_ratios_see_the_offset(name):
    assert np.max(np.abs(catalogue[name](SCORES) - catalogue[name](SCORES + 3.25))) > 0.01


@pytest.mark.parametrize("name", ORDERED)
def test_the_largest_score_gets_the_largest_entry(name):
    p = catalogue[name](SCORES)
    rows = np.arange(len(SCORES))
    assert np.all(p[rows, SCORES.argmax(axis=1)] == p.max(axis=1))


def test_taylor_softmax_is_not_monotone():
    p = catalogue["taylor_softmax"](np.array([[0.0, -9.0]]))
    assert p[0, 1] > p[0, 0]


def test_softmax_one_may_vanish():
    p = catalogue["softmax_one"](np.array([[-50.0, -50.0]]))
    assert 0 < p.sum() < 1e-20


def test_masked_classes_get_nothing_and_the_others_their_conditional_distribution():
    p, full = catalogue["masked_softmax"](SCORES), softmax(SCORES)
    assert np.all(p[:, 2:] == 0)
    assert np.allclose(p[:, :2], full[:, :2] / full[:, :2].sum(axis=1, keepdims=True))


def test_topk_softmax_jumps():
    z = np.array([[1.0, 0.5, 0.5 - 1e-12], [1.0, 0.5 - 1e-12, 0.5]])
    p = catalogue["topk_softmax"](z)
    assert abs(p[0, 1] - p[1, 1]) > 0.3


def test_sparsemax_is_the_nearest_point_of_the_simplex():
    p = catalogue["sparsemax"](SCORES)
    others = RNG.dirichlet(np.ones(5), (300,))
    distance = ((p - SCORES) ** 2).sum(axis=1)
    assert np.all(((others[None] - SCORES[:, None]) ** 2).sum(axis=2) >= distance[:, None] - 1e-12)


def test_entmax_solves_its_equations():
    p = catalogue["entmax15"](SCORES)
    # sqrt(p) = z/2 - tau inside of the support, and z/2 <= tau outside of it.
    tau = np.where(p > 0, SCORES / 2 - np.sqrt(p), -np.inf).max(axis=1, keepdims=True)
    assert np.allclose(np.where(p > 0, SCORES / 2 - np.sqrt(p), tau), tau, atol=1e-9)
    assert np.all(np.where(p == 0, SCORES / 2, tau) <= tau + 1e-9)


def test_stablemax_is_softmax_of_logarithmic_scores():
    assert np.allclose(catalogue["stablemax"](SCORES), softmax(stable_scores(SCORES)), rtol=1e-12)


def test_sigmoid_attention_at_equal_scores():
    assert np.allclose(catalogue["sigmoid_attention"](np.zeros((1, 5))).sum(), 5 / 6)


def test_shaped_attention_is_the_identity_at_equal_scores():
    assert np.allclose(catalogue["shaped_attention"](np.full((1, 4), 2.0)), [[1, 0, 0, 0]])
    assert np.allclose(catalogue["shaped_attention"](SCORES).sum(axis=1), 1)


def test_normalised_attention_leaves_the_probability_cage():
    weights = catalogue["normalised_attention"](SCORES)
    assert np.allclose(weights.sum(axis=1), 0, atol=1e-9)
    assert weights.max() > 1 > 0 > weights.min()


def test_boltzmann_operator_lies_below_the_maximum_by_at_most_log_n():
    value = catalogue["boltzmann_operator"](SCORES)
    largest = SCORES.max(axis=1)
    assert np.all((largest - np.log(5) <= value) & (value <= largest))


def test_mellowmax_is_no_expansion_and_boltzmann_is_one():
    moved = SCORES + RNG.uniform(-0.5, 0.5, SCORES.shape)
    size = np.abs(moved - SCORES).max(axis=1)
    assert np.all(np.abs(catalogue["mellowmax"](moved) - catalogue["mellowmax"](SCORES)) <= size + 1e-12)
    assert np.any(np.abs(catalogue["boltzmann_operator"](moved) - catalogue["boltzmann_operator"](SCORES)) > size)


def test_harmonic_loss_is_cross_entropy_of_log_distances():
    distances = RNG.uniform(0.1, 3, (50, 4))
    y = RNG.integers(0, 4, 50)
    loss = catalogue["harmonic"](distances, y)
    assert np.allclose(loss, -log_softmax(-2 * np.log(distances))[np.arange(50), y])
    assert np.allclose(loss, catalogue["harmonic"](7 * distances, y))
