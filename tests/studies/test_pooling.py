"""Generalised sum pooling: against the transport problem it solves, its limits, and the published backward pass."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import optimize, special

from losscheck.catalogue import find

RNG = np.random.default_rng(102)
weights = find("gsp").function


def objective(plan, rest, c, gamma):
    return (plan * c).sum() - (special.entr(plan).sum() + special.entr(rest).sum()) / gamma


@pytest.mark.parametrize("mu", [0.3, 0.5, 0.9])
def test_the_weights_are_those_of_the_problem(mu):
    c, gamma = RNG.normal(size=(3, 8)), 5.0
    share = weights(c[None], mu, gamma)[0]
    plan = mu * share * special.softmax(-gamma * c, axis=0)
    rest = 1 / 8 - plan.sum(axis=0)
    assert (rest > 0).all()
    assert np.isclose(plan.sum(), mu)
    least = objective(plan, rest, c, gamma)
    for _ in range(200):  # feasible directions: of columns that move no mass in all
        step = RNG.normal(size=plan.shape) * plan
        step -= plan * step.sum() / mu
        step *= 0.1 * min((rest / np.abs(step.sum(axis=0))).min(), (plan / np.abs(step)).min())
        other, left = plan + step, rest - step.sum(axis=0)
        assert (left > 0).all()
        assert objective(other, left, c, gamma) >= least - 1e-14


@pytest.mark.parametrize("mu", [0.3, 0.95, 1.0])
def test_the_weights_are_a_distribution_with_a_cap(mu):
    """S184.3: a simplex, and no share above 1 / (mu L)."""
    share = weights(RNG.normal(size=(50, 4, 12)) * 3, mu)
    np.testing.assert_allclose(share.sum(axis=1), 1)
    assert (share >= 0).all()
    assert (share <= 1 / (mu * 12) + 1e-12).all()


def test_without_entropy_it_is_a_linear_programme():
    c, mu = RNG.normal(size=(3, 6)), 0.4
    columns = np.tile(np.eye(6), (1, 3))
    solved = optimize.linprog(c.ravel(), columns, np.full(6, 1 / 6), np.ones((1, 18)), [mu])
    share = weights(c[None], mu, 2000.0)[0]
    np.testing.assert_allclose(mu * share @ c.min(axis=0), solved.fun, atol=1e-3)
    np.testing.assert_allclose(mu * share, solved.x.reshape(3, 6).sum(axis=0), atol=1e-3)


def test_all_mass_is_average_pooling():
    """S184.1: with mu = 1 nothing may stay, so every feature has the weight 1 / L; and nearly so for mu near 1."""
    c = RNG.normal(size=(5, 4, 7))
    assert (weights(c, 1.0) == 1 / 7).all()
    np.testing.assert_allclose(weights(c, 1 - 1e-9), 1 / 7, atol=1e-8)


def published_slope(plan, outer, mu, gamma):
    """The published backward pass, for a plan whose first row is the mass that stays: slopes in the costs."""
    length, rest = plan.shape[1], plan[0]
    product = plan * outer
    column = product.sum(axis=0)
    weight = -(product[0].sum() - length * (column * rest).sum()) / (1 - mu - length * (rest**2).sum())
    return (-gamma * (product - length * (column + weight * rest) * plan))[1:]


def test_the_published_backward_pass_is_the_slope():
    """S184.2."""
    mu, gamma = 0.3, 5.0
    c = torch.tensor(RNG.normal(size=(1, 3, 8)), requires_grad=True)
    share = weights(c, mu, gamma)
    plan = mu * share[:, None, :] * torch.softmax(-gamma * c, dim=1)
    whole = torch.cat([1 / 8 - mu * share[:, None, :], plan], dim=1)
    outer = torch.tensor(RNG.normal(size=(1, 4, 8)))
    (slope,) = torch.autograd.grad((whole * outer).sum(), c)
    expected = published_slope(whole.detach().numpy()[0], outer.numpy()[0], mu, gamma)
    np.testing.assert_allclose(slope[0], expected, atol=1e-9)
