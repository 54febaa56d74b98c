"""Scores of laws: the truth is the best report, and closed forms equal their integrals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from losscheck import catalogue

RNG = np.random.default_rng(9)
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(60)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


def gaussian_risk(name: str, *report: float) -> float:
    """The mean score of a report under N(0.5, 2^2)."""
    y = 0.5 + 2 * NODES
    filled = [np.full_like(y, part) for part in report]
    return float(WEIGHTS @ catalogue[name](filled[0], y, filled[1]))


@pytest.mark.parametrize(
    ("name", "spread"), [("gaussian_nll", 4.0), ("dawid_sebastiani", 2.0), ("hyvarinen_gaussian", 2.0)]
)
def test_the_gaussian_is_the_best_report_of_itself(name, spread):
    best = gaussian_risk(name, 0.5, spread)
    for mean, factor in ((0.4, 1), (0.6, 1), (0.5, 0.9), (0.5, 1.1), (0.7, 0.8)):
        assert best < gaussian_risk(name, mean, factor * spread)


def test_the_beta_weight_spoils_the_variance():
    assert gaussian_risk("beta_gaussian_nll", 0.5, 4.0) > gaussian_risk("beta_gaussian_nll", 0.5, 3.0)


@pytest.mark.parametrize(
    ("name", "law"), [("crps_gaussian", stats.norm), ("crps_logistic", stats.logistic), ("crps_laplace", stats.laplace)]
)
def test_crps_is_the_integral_of_the_squared_distance(name, law):
    for m, s, y in ((0.3, 1.2, -0.7), (-1.0, 0.5, 1.0)):
        below = integrate.quad(lambda t, m=m, s=s: law.cdf(t, m, s) ** 2, -60, y)[0]
        above = integrate.quad(lambda t, m=m, s=s: law.sf(t, m, s) ** 2, y, 60)[0]
        value = catalogue[name](np.array([m]), np.array([y]), np.array([s]))[0]
        assert np.isclose(value, below + above, rtol=1e-6)


def test_crps_of_an_ensemble_is_the_integral_for_its_empirical_law():
    members, y = RNG.normal(size=7), 0.4
    edges = np.sort(np.append(members, y))
    below = np.array([(members <= t).mean() for t in edges[:-1]])
    squared = (below - (edges[:-1] >= y)) ** 2
    assert np.isclose(catalogue["crps_ensemble"](members[None], np.array([y]))[0], squared @ np.diff(edges))
    vectors = catalogue["energy_score"](members[None, :, None], np.array([[y]]))
    assert np.isclose(vectors[0], catalogue["crps_ensemble"](members[None], np.array([y]))[0])


def test_laplace_elicits_median_and_deviation():
    y = RNG.laplace(1.0, 2.0, 4001)
    centre = np.median(y)
    spread = np.mean(np.abs(y - centre))

    def risk(m, s):
        return catalogue["laplace_nll"](np.full_like(y, m), y, np.full_like(y, s)).mean()

    best = risk(centre, spread)
    assert all(best < risk(m, s) for m, s in ((centre + 0.2, spread), (centre, 1.1 * spread), (centre, 0.9 * spread)))


def test_the_optimal_constant_of_each_loss():
    """Kang et al., 2024 (S052): cross-entropy gives the shares of the labels, squared error the mean."""
    y = RNG.integers(0, 3, 200)
    shares = np.bincount(y, minlength=3) / 200

    def risk(p):
        return catalogue["log_score"](np.tile(p, (200, 1)), y).mean()

    assert all(risk(shares) <= risk(p) for p in RNG.dirichlet(np.ones(3), 50))
    values = RNG.normal(size=200)
    errors = [
        catalogue["squared_error"](np.full(200, c), values).mean() for c in values.mean() + np.array([0, -0.1, 0.1])
    ]
    assert errors[0] < min(errors[1:])


def test_latent_divergences_vanish_at_equal_laws():
    zero = np.zeros((1, 3))
    assert catalogue["latent_kl"](zero, zero)[0] == 0
    assert np.all(catalogue["latent_kl"](RNG.normal(size=(50, 3)), RNG.normal(size=(50, 3))) > 0)
    one = np.ones(1)
    assert catalogue["gaussian_kl"](one, one, one, one)[0] == 0
    m, s = RNG.normal(size=20), RNG.normal(size=20)
    matched = catalogue["gaussian_kl"](m, np.exp(s / 2), np.zeros(20), np.ones(20))
    assert np.allclose(matched, catalogue["latent_kl"](m[:, None], s[:, None]))


def test_flows_and_scores_are_conditional_means():
    """On two data points and a fixed noisy point, the best prediction is the posterior mean of the target."""
    x, e = RNG.normal(size=(2, 100, 2))
    v = np.broadcast_to((x - e).mean(axis=0), x.shape)
    s = np.broadcast_to(-e.mean(axis=0), x.shape)
    weight = np.ones(100)
    for move in RNG.normal(0, 0.1, (20, 2)):
        assert catalogue["flow_matching"](v, x, e).mean() < catalogue["flow_matching"](v + move, x, e).mean()
        assert (
            catalogue["denoising_score"](s, e, weight).mean() < catalogue["denoising_score"](s + move, e, weight).mean()
        )
