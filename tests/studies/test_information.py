"""Identities between cross-entropy, information and embeddings, on finite distributions; and confidence far away."""

from __future__ import annotations

import numpy as np

from losscheck import catalogue
from losscheck.arrays import log_softmax, softmax

RNG = np.random.default_rng(24)


def test_cross_entropy_bounds_information():
    """I(Y; Z) >= H(Y) - E log-loss, with equality at the true conditional (the bound behind infomax, S151)."""
    joint = RNG.dirichlet(np.ones(12)).reshape(4, 3)
    label, code = joint.sum(axis=1), joint.sum(axis=0)
    information = (joint * np.log(joint / np.outer(label, code))).sum()
    entropy = -(label * np.log(label)).sum()

    def risk(q):
        scores = catalogue["log_score"](np.repeat(q.T, 4, axis=0), np.tile(np.arange(4), 3))
        return (joint.T.ravel() * scores).sum()

    np.testing.assert_allclose(information, entropy - risk(joint / code))
    for _ in range(20):
        assert information >= entropy - risk(RNG.dirichlet(np.ones(4), 3).T)


def test_what_a_feature_saves_is_conditional_information():
    """E[l(f(s), y) - l(f(s, x), y)] = I(y; x | s) for the log score at its optima (S153)."""
    joint = RNG.dirichlet(np.ones(24)).reshape(2, 3, 4)  # y, x, s
    both, alone = joint.sum(axis=0), joint.sum(axis=(0, 1))
    given_both, given_one = joint / both, joint.sum(axis=1) / alone
    saved = (joint * (np.log(given_both) - np.log(given_one)[:, None, :])).sum()
    x_given = joint.sum(axis=0) / alone
    direct = (joint * np.log(joint / alone / (given_one[:, None, :] * x_given))).sum()
    np.testing.assert_allclose(saved, direct)
    assert saved > 0


def test_divergence_is_half_a_squared_distance_of_embeddings():
    """KL(p_u, p_mean) = |u - mean|_G^2 / 2 to second order, G the covariance of the outputs (S152)."""
    output = RNG.normal(size=(6, 3))
    base, move = RNG.normal(size=3), RNG.normal(size=3)
    p = softmax((output @ base)[None])
    metric = output.T @ (np.diag(p[0]) - np.outer(p[0], p[0])) @ output
    errors = []
    for size in (0.1, 0.01):
        logs = log_softmax((output @ (base + size * move))[None])
        divergence = (np.exp(logs) * (logs - np.log(p))).sum()
        errors.append(abs(divergence - size**2 * move @ metric @ move / 2) / size**2)
    assert errors[1] < errors[0] / 5  # the remainder is of third order


def test_relu_networks_are_sure_far_away():
    """Along a ray a ReLU network is affine in the end: its largest softmax entry tends to 1 (S056)."""
    first, second = RNG.normal(size=(16, 3)), RNG.normal(size=(4, 16))
    for _ in range(20):
        ray = RNG.normal(size=3)
        sizes = np.array([1.0, 1e2, 1e4, 1e6])
        z = np.maximum(sizes[:, None] * (first @ ray), 0) @ second.T
        assert catalogue["maximum_probability"](z)[-1] > 1 - 1e-9


def test_equal_tasks_weigh_alike():
    """Token, sample and task averages agree where tasks are equal, and differ where they are not (S097)."""
    losses = catalogue["cross_entropy"](RNG.normal(size=(12, 3)), RNG.integers(0, 3, size=12))
    np.testing.assert_allclose(losses.mean(), np.mean([losses[:6].mean(), losses[6:].mean()]))
    assert not np.isclose(losses.mean(), np.mean([losses[:3].mean(), losses[3:].mean()]))
