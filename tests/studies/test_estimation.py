"""Estimators behind losses: noise contrast, normalisers, transport, samplers and their gradients."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special

from losscheck import catalogue
from losscheck.arrays import softmax

torch = pytest.importorskip("torch")
RNG = np.random.default_rng(13)


def test_noise_contrast_finds_the_density():
    """On 4 points with noise q and 2 draws of it: the risk is least at the score log p, for offset log(2 q)."""
    p, q = RNG.dirichlet(np.ones(4), 2)

    def risk(scores):
        data = sum(p[i] * np.logaddexp(0, np.log(2 * q[i]) - scores[i]) for i in range(4))
        noise = sum(2 * q[i] * np.logaddexp(0, scores[i] - np.log(2 * q[i])) for i in range(4))
        return data + noise

    assert all(risk(np.log(p)) < risk(np.log(p) + move) for move in RNG.normal(0, 0.2, (30, 4)))
    value = catalogue["noise_contrastive"](np.array([0.3]), np.array([[0.1, -0.5]]), offset=0.2)[0]
    assert np.isclose(value, np.logaddexp(0, -0.1) + np.logaddexp(0, -0.1) + np.logaddexp(0, -0.7))


def test_the_estimated_normaliser_is_too_small():
    weights = RNG.normal(size=(5000, 4))
    estimates = catalogue["compositional_likelihood"](np.zeros(5000), weights)
    assert estimates.mean() < 0.5 - 0.05  # log E exp(N(0, 1)) = 1/2


@pytest.mark.parametrize("kept", [1.0, 2.5])
def test_soft_topk_adds_up_and_has_the_implicit_slope(kept):
    z = RNG.normal(0, 3, (20, 6))
    p = catalogue["soft_topk"](z, kept=kept)
    assert np.allclose(p.sum(axis=1), kept)
    assert np.all((p > 0) & (p < 1))
    row = torch.tensor(z[:1], requires_grad=True)
    jacobian = torch.autograd.functional.jacobian(lambda t: catalogue["soft_topk"](t, kept=kept)[0], row)[:, 0].numpy()
    slope = p[0] * (1 - p[0])
    assert np.allclose(jacobian, np.diag(slope) - np.outer(slope, slope) / slope.sum(), atol=1e-9)


def test_sinkhorn_divergence():
    p, q = RNG.dirichlet(np.ones(4), (2, 10))
    assert np.allclose(catalogue["sinkhorn_divergence"](p, p), 0)
    assert np.all(catalogue["sinkhorn_divergence"](p, q) > 0)
    cost = catalogue["wasserstein_bins"](p, q)
    assert np.allclose(catalogue["sinkhorn_divergence"](p, q, epsilon=0.1, rounds=500), cost, atol=0.1 * np.log(4))


def test_top_kl_is_no_larger_than_kl_only_when_renormalised():
    z, t = RNG.normal(size=(2, 50, 5))
    top = catalogue["top_kl"](z, t, kept=3)
    assert np.all(top >= -1e-12)
    assert np.allclose(catalogue["top_kl"](z, t, kept=5), catalogue["knowledge_distillation"](z, t, temperature=1.0))
    inside = t >= np.sort(t, axis=1)[:, -3][:, None]
    p, q = softmax(t), softmax(t + 3 * inside)  # the student trusts the teacher's best even more
    raw = np.where(inside, p * np.log(p / q), 0).sum(axis=1)
    assert raw.max() < 0


def test_gumbel_softmax_keeps_the_law_of_the_largest():
    p = np.array([0.5, 0.3, 0.15, 0.05])
    noise = -np.log(-np.log(RNG.uniform(size=(40_000, 4))))
    for temperature in (0.1, 1.0, 5.0):
        chosen = softmax((np.log(p) + noise) / temperature).argmax(axis=1)
        assert np.allclose(np.bincount(chosen, minlength=4) / 40_000, p, atol=4 * 0.5 / 200)


def test_the_second_order_estimator_is_exact_for_quadratics():
    """ReinMax (Liu et al., 2023): Heun's rule for the gradient of E f(one-hot) is exact for quadratic f."""
    theta, curvature, slope = RNG.normal(size=3), RNG.normal(size=(3, 3)), RNG.normal(size=3)
    curvature = curvature + curvature.T
    p = special.softmax(theta)
    corners = np.eye(3)
    values = np.array([0.5 * c @ curvature @ c + slope @ c for c in corners])
    jacobian = np.diag(p) - np.outer(p, p)
    exact = jacobian @ values
    # E over D of (sum_k of differences f(D) - f(I_k) by the trapezoid rule), each slope exact at its own corner.
    gradients = corners @ curvature + slope
    heun = np.zeros(3)
    for d, c in enumerate(corners):
        for k, other in enumerate(corners):
            rise = 0.5 * (gradients[d] + gradients[k]) @ (c - other)
            heun += p[d] * p[k] * rise * (corners[d] - p)
    first_order = jacobian @ sum(p[d] * gradients[d] for d in range(3))
    assert np.allclose(heun, exact)
    assert not np.allclose(first_order, exact, atol=1e-3)


def test_weights_of_f_divergence_gradients():
    """f-distill: d/dtheta D_f(p, q_theta) = -sum_x h(p/q) (log p - log q)' q with h(r) = r^2 f''(r); r for KL(p, q)."""
    p = RNG.dirichlet(np.ones(4))
    theta = torch.tensor(RNG.normal(size=4), requires_grad=True)
    q = torch.softmax(theta, dim=0)
    shares = torch.tensor(p)
    for divergence, h in (
        (lambda: (q * torch.log(q / shares)).sum(), lambda r: torch.log(r)),
        (lambda: (shares * torch.log(shares / q)).sum(), lambda r: r),
    ):
        (slope,) = torch.autograd.grad(divergence(), theta, retain_graph=True)
        ratio = (shares / q).detach()
        # The score function form: -E_q [h(r) (log q)'], the mean of (log q)' being 0.
        score = torch.diag(torch.ones(4, dtype=q.dtype)) - q.detach()[None, :]
        assert torch.allclose(slope, -(q.detach() * h(ratio)) @ score)


def test_softmax_bottleneck():
    """Log-softmax of scores of rank d has rank at most d + 1 (Yang et al., 2018); sigsoftmax has no such bound."""
    scores = RNG.normal(size=(30, 3)) @ RNG.normal(size=(3, 20))
    assert np.linalg.matrix_rank(catalogue["log_softmax_map"](scores), tol=1e-8) <= 4
    assert np.linalg.matrix_rank(np.log(catalogue["sigsoftmax"](scores)), tol=1e-8) > 4


def test_linprog_agrees_with_the_closed_transport_cost():
    p, q = RNG.dirichlet(np.ones(3), 2)
    cost = np.abs(np.subtract.outer(np.arange(3), np.arange(3))).ravel()
    rows = [np.repeat(np.eye(3)[i], 3) for i in range(3)] + [np.tile(np.eye(3)[i], 3) for i in range(3)]
    solved = optimize.linprog(cost, A_eq=np.array(rows), b_eq=np.concatenate([p, q]))
    assert np.isclose(solved.fun, catalogue["wasserstein_bins"](p[None], q[None])[0])


def test_spacing_entropy():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(200, 2))
    value = catalogue["spacing_entropy"](x, m=10)
    assert np.isclose(catalogue["spacing_entropy"](x + 3.0, m=10), value)
    assert np.isclose(catalogue["spacing_entropy"](x * np.array([2.0, 4.0]), m=10), value - np.log(8))
    one = rng.normal(size=(20000, 1))
    assert np.isclose(catalogue["spacing_entropy"](one, m=50), -0.5 * np.log(2 * np.pi * np.e), atol=0.03)
    # Of densities on [0, 1] the uniform one has the most entropy, 0.
    even, bent = rng.uniform(size=(5000, 1)), rng.beta(2, 2, size=(5000, 1))
    assert catalogue["spacing_entropy"](even, m=70) < catalogue["spacing_entropy"](bent, m=70)
