"""Rules for gradients that are no loss: ReinMax, by enumeration, and f-distill, by quadrature."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats

from losscheck.arrays import softmax
from losscheck.catalogue import find

RNG = np.random.default_rng(96)


def mean_gradient(z, curvature, slope, tau):
    """The mean of ReinMax over all draws, for f(d) = d.C d / 2 + b.d."""
    corners = np.eye(z.size)
    drawn = find("reinmax").function(np.tile(z, (z.size, 1)), corners @ curvature + slope, np.arange(z.size), tau=tau)
    return softmax(z[None])[0] @ drawn


@pytest.mark.parametrize("classes", [2, 3, 6])
def test_reinmax_is_exact_for_quadratics(classes):
    z, curvature, slope = RNG.normal(size=classes), RNG.normal(size=(classes, classes)), RNG.normal(size=classes)
    curvature = curvature + curvature.T
    p, corners = softmax(z[None])[0], np.eye(classes)
    values = np.array([c @ curvature @ c / 2 + slope @ c for c in corners])
    exact = p * (values - p @ values)
    np.testing.assert_allclose(mean_gradient(z, curvature, slope, 1.0), exact, atol=1e-12)
    assert not np.allclose(mean_gradient(z, curvature, slope, 1.5), exact, atol=1e-4)
    # Straight-through takes the mean of J(p) g: exact for linear f, not for quadratic f.
    through = p * (corners @ curvature + slope - (corners @ curvature + slope) @ p[:, None])
    assert not np.allclose(p @ through, exact, atol=1e-3)
    linear = p * (slope - p @ slope)
    np.testing.assert_allclose(mean_gradient(z, 0 * curvature, slope, 1.0), linear, atol=1e-12)
    assert not np.allclose(mean_gradient(z, 0 * curvature, slope, 1.5), linear, atol=1e-4)


def test_reinmax_is_not_exact_for_cubics():
    """Of second order, no more: f(d) = (b.d)^3."""
    z, b = np.array([0.3, -0.4, 1.1]), np.array([1.0, -1.0, 0.5])
    p, corners = softmax(z[None])[0], np.eye(3)
    values = (corners @ b) ** 3
    gradients = 3 * ((corners @ b) ** 2)[:, None] * b
    drawn = find("reinmax").function(np.tile(z, (3, 1)), gradients, np.arange(3))
    assert not np.allclose(p @ drawn, p * (values - p @ values), atol=1e-3)


def test_reinmax_is_the_published_rule():
    """Written with the gradients of two softmaxes, as in the paper: 2 grad at pi_1 less half the one at pi."""
    z = torch.tensor(RNG.normal(size=(5, 4)), requires_grad=True)
    g, y, tau = torch.tensor(RNG.normal(size=(5, 4))), torch.tensor([0, 1, 2, 3, 0]), 1.3
    p = torch.softmax(z, dim=1)
    shifted = (0.5 * (torch.softmax(z / tau, dim=1) + torch.eye(4, dtype=z.dtype)[y])).detach()
    # A softmax whose value is pi_1 and whose scores move with z.
    first = torch.softmax(torch.log(shifted) + z - z.detach(), dim=1)
    (expected,) = torch.autograd.grad((g * (2 * first - 0.5 * p)).sum(), z)
    ours = find("reinmax").function(z.detach(), g, y, tau=tau)
    assert torch.allclose(ours, expected)
    assert torch.allclose(ours.sum(dim=1), torch.zeros(5, dtype=z.dtype), atol=1e-12)


POWERS = {
    0.0: lambda r: -np.log(r),
    0.5: lambda r: -4 * np.sqrt(r),
    1.0: lambda r: r * np.log(r),
    2.0: lambda r: r**2 / 2,
}


def shannon(r):
    """f with f'' = 1 / (r (1 + r))."""
    return r * np.log(r) - (1 + r) * np.log1p(r)


@pytest.mark.parametrize("case", [*POWERS, "jensen-shannon"])
def test_the_mean_slope_is_that_of_the_divergence(case):
    """Teacher N(0, 1), student x = m + w e with e normal: the slopes in m and w of the divergence, by quadrature."""
    f = shannon if case == "jensen-shannon" else POWERS[case]
    e = np.linspace(-9, 9, 20001)
    share = stats.norm.pdf(e) * (e[1] - e[0])

    def divergence(m, w):
        x = m + w * e
        ratio = stats.norm.pdf(x) / stats.norm.pdf(x, m, w)
        return share @ f(ratio)

    m, w, step = 0.4, 1.2, 1e-5
    x = m + w * e
    rows = {"s": (-(x - m) / w**2)[:, None], "t": -x[:, None], "r": stats.norm.pdf(x) / stats.norm.pdf(x, m, w)}
    if case == "jensen-shannon":
        loss, params = find("jensen_shannon_matching").function, {}
    else:
        loss, params = find("f_distill").function, {"a": case}
    at_x = loss((x + 0.5)[:, None], **rows, **params) - loss((x - 0.5)[:, None], **rows, **params)  # linear in x
    slopes = share @ at_x, share @ (at_x * e)
    exact = (divergence(m + step, w) - divergence(m - step, w)) / (2 * step)
    assert np.isclose(slopes[0], exact, rtol=1e-5)
    assert np.isclose(slopes[1], (divergence(m, w + step) - divergence(m, w - step)) / (2 * step), rtol=1e-5)


def test_weights():
    x, s, t = np.ones((200, 1)), np.ones((200, 1)), np.zeros((200, 1))
    r = np.geomspace(1e-3, 1e3, 200)
    # Variational score distillation has no weight; forward divergences weigh where the teacher has more mass.
    assert (find("f_distill").function(x, s, t, r, a=0.0) == 1).all()
    weight = find("jensen_shannon_matching").function(x, s, t, r)
    assert (np.diff(weight) > 0).all()
    assert weight.max() < 1
    assert (np.diff(find("f_distill").function(x, s, t, r, a=1.0)) > 0).all()
