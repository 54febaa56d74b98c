"""Ranking losses: limits and invariances."""

from __future__ import annotations

import itertools

import numpy as np
from scipy import stats

from losscheck import catalogue

RNG = np.random.default_rng(6)


def test_diff_kendall_tends_to_kendalls_tau():
    z, r = RNG.permuted(np.tile(np.arange(6.0), (2, 30, 1)), axis=2)
    tau = np.array([stats.kendalltau(a, b).statistic for a, b in zip(z, r, strict=True)])
    assert np.allclose(catalogue["diff_kendall"](z, r, alpha=50.0), -tau)
    soft = catalogue["diff_kendall"](RNG.normal(size=(200, 5)), RNG.normal(size=(200, 5)))
    assert np.all(np.abs(soft) <= 1)


def test_listmle_is_a_distribution_over_orders():
    z = RNG.normal(size=4)
    total = 0.0
    for order in itertools.permutations(range(4)):
        relevance = np.empty(4)
        relevance[list(order)] = np.arange(4, 0, -1)
        total += np.exp(-catalogue["listmle"](z[None], relevance[None])[0])
    assert np.isclose(total, 1)


def test_approx_ndcg_tends_to_ndcg():
    z, r = RNG.normal(size=5), np.array([0.0, 1.0, 0.5, 0.25, 0.0])
    discount = 1 / np.log2(np.arange(2, 7))
    gains = 2**r - 1
    ndcg = gains[np.argsort(-z)] @ discount / (np.sort(gains)[::-1] @ discount)
    assert np.isclose(catalogue["approx_ndcg"](z[None], r[None], tau=1e-3)[0], 1 - ndcg)


def test_ranknet_is_least_at_the_log_odds():
    q = np.array([0.2, 0.5, 0.9])
    best = np.log(q / (1 - q))
    zero = np.zeros(3)
    for step in (-0.1, 0.1):
        assert np.all(catalogue["ranknet"](best, zero, q) < catalogue["ranknet"](best + step, zero, q))
