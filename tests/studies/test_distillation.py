"""Distillation losses: identities, limits, and what is not least at the teacher."""

from __future__ import annotations

import numpy as np

from losscheck import catalogue
from losscheck.arrays import softmax
from losscheck.catalogue.distillation_parts import others_divergence, target_divergence

RNG = np.random.default_rng(7)
Z, T = RNG.normal(size=(2, 40, 5))
Y = RNG.integers(0, 5, 40)
ROWS = np.arange(40)


def test_hot_distillation_is_logit_matching():
    hot = catalogue["knowledge_distillation"](Z, T, temperature=1000.0)
    assert np.allclose(hot, 0.5 * catalogue["logit_matching"](Z, T), rtol=2e-2)


def test_distillation_is_blind_to_offsets_and_binary_distillation_is_not():
    for name in ("knowledge_distillation", "logit_matching", "reverse_distillation", "log_probability_matching"):
        assert np.allclose(catalogue[name](Z + 2.5, T), catalogue[name](Z, T))
    assert np.all(np.abs(catalogue["normalised_binary_kl"](T + 2.5, T)) > 0.1)
    assert np.allclose(catalogue["normalised_binary_kl"](T, T), 0)


def test_distillation_splits_into_target_and_others():
    whole = catalogue["knowledge_distillation"](Z, T, temperature=1.0)
    rest = 1 - softmax(T)[ROWS, Y]
    assert np.allclose(whole, target_divergence(Z, T, Y) + rest * others_divergence(Z, T, Y))
    assert np.allclose(
        catalogue["decoupled_distillation"](Z, T, Y, beta=3.0),
        target_divergence(Z, T, Y) + 3 * others_divergence(Z, T, Y),
    )


def test_normalised_distillation_is_not_least_at_the_teacher():
    pushed = T.copy()
    pushed[ROWS, Y] += 0.1
    loss = catalogue["normalised_distillation"]
    assert np.all(loss(pushed, T, Y) < loss(T, T, Y))


def test_slopes_of_normalised_binary_kl_are_bounded():
    loss = catalogue["normalised_binary_kl"]
    step = 1e-6
    far = np.concatenate([Z, 50 * Z])
    moved = far + step * np.eye(5)[0]
    base = np.concatenate([T, T])
    assert np.all(np.abs(loss(moved, base) - loss(far, base)) <= step * (1 + 1e-6))  # temperature / 2 = 1


def test_binary_distillation_has_no_slope_at_the_teacher_but_is_no_divergence():
    loss, step = catalogue["binary_distillation"], 1e-6
    assert np.allclose(loss(T, T), 0)
    # It is 0 at the teacher, and grows like |difference| times an entropy: a kink, not a smooth minimum.
    assert np.all(loss(T + step, T) > 0)


def test_soft_partial_labels_bias_the_student():
    """Zhao, Zhu, 2024: cross-entropy with the teacher's probability of the sampled label is least at t^2 / sum t^2."""
    t = np.array([0.5, 0.3, 0.2])
    best = t**2 / np.sum(t**2)
    risk = lambda p: -np.sum(t * t * np.log(p))  # noqa: E731
    assert all(risk(best) < risk(p) for p in RNG.dirichlet(np.ones(3), 200))
    assert risk(best) < risk(t)
