"""Claims of the literature list about gradients: formulas, shipped code against its own loss, and who pulls harder."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import integrate

from losscheck.arrays import log_softmax, sigmoid, softmax
from losscheck.catalogue import find
from tests.studies.facts import collection, get, slopes

RNG = np.random.default_rng(91)
START = RNG.bit_generator.state
close = np.testing.assert_allclose
FACTS, fact = collection()


def asymmetric_published(z, y, positive=1.0, negative=4.0, margin=0.05, epsilon=1e-8):
    """The asymmetric loss as its authors ship it: grad mode is switched off for the weights, then on for good."""
    p = torch.sigmoid(z)
    chosen = y * p + (1 - y) * (1 - p + margin).clamp(max=1)
    torch.set_grad_enabled(False)
    weight = (1 - chosen) ** (positive * y + negative * (1 - y))
    torch.set_grad_enabled(True)
    return -weight * torch.log(chosen.clamp(min=epsilon))


@fact("S009.2")
def _():
    # False: normalised cross-entropy, called active, moves with the wrong classes' shares at a fixed share of the
    # label; absolute error, called passive, is 1 - p_y (or twice that) on the simplex and does not.
    even, skew = np.log([[0.5, 0.25, 0.25]]), np.log([[0.5, 0.375, 0.125]])
    y = np.array([0])
    nce, mae = get("normalised_cross_entropy"), get("mean_absolute_softmax")
    close(nce(even, y), 1 / 5)
    close(nce(skew, y), 1 / (7 - math.log2(3)))
    close(mae(even, y), mae(skew, y))
    # As functions of free p: d/dp_k of log p_y / sum_j log p_j is -log p_y / (p_k (sum_j log p_j)^2), never 0.
    p, step = np.array([0.5, 0.25, 0.25]), 1e-6
    free = [math.log(q[0]) / np.log(q).sum() for q in (p + step * np.eye(3)[1], p - step * np.eye(3)[1])]
    close((free[0] - free[1]) / (2 * step), math.log(2) / (0.25 * (5 * math.log(2)) ** 2), rtol=1e-6)


@fact("S009.3")
def _():
    # With S = sum_j log p_j = log p_y + R the slope of NCE in z_y is ((1 - p_y) R + (K - 1) p_y log p_y) / S^2 < 0,
    # that of MAE is -p_y (1 - p_y) < 0: in the label's score the slopes add for all weights.
    def parts(z, y):
        p, logs, label = softmax(z), log_softmax(z), np.eye(z.shape[1])[y]
        total, own = logs.sum(axis=1, keepdims=True), (logs * label).sum(axis=1, keepdims=True)
        nce = ((label - p) * total - own * (1 - z.shape[1] * p)) / total**2
        return nce, (p * label).sum(axis=1, keepdims=True) * (p - label)

    for classes in (2, 3, 10):
        z, y = RNG.normal(size=(3000, classes)) * RNG.choice([1, 3, 6], size=(3000, 1)), RNG.integers(0, classes, 3000)
        nce, mae = parts(z, y)
        rows = np.arange(3000)
        assert ((nce[rows, y] < 0) & (mae[rows, y] < 0)).all()
        close(nce[:200], slopes(get("normalised_cross_entropy"), z[:200], y[:200]), atol=1e-7)
        close(mae[:200], slopes(get("mean_absolute_softmax"), z[:200], y[:200]), atol=1e-7)
        for alpha, beta in ((1.0, 1.0), (10.0, 0.1)):  # the weights of the paper
            whole = np.linalg.norm(alpha * nce + beta * mae, axis=1)
            assert (whole >= beta * np.linalg.norm(mae, axis=1)).all()
    # The norm of the whole gradient need not be larger for all weights.
    nce, mae = parts(np.array([[0.0, -7.8, -2.5]]), np.array([1]))
    assert np.linalg.norm(nce + 2000 * mae) < np.linalg.norm(2000 * mae)


@fact("S035.2")
def _():
    # Gradient flow on the scores of one sample, K = 4, from 0: all wrong scores stay equal, and the margin m obeys
    # m' = K / (K - 1) for the encouraging loss, K / (K - 1) (1 - p_y) with 1 - p_y = 3 / (3 + e^m) for cross-entropy.
    z, y = RNG.normal(size=(20, 4)) * 3, RNG.integers(0, 4, size=20)
    p, ours = softmax(z), slopes(get("encouraging"), z, y)
    theirs = slopes(get("cross_entropy"), z, y)
    rows = np.arange(20)
    close(theirs, ours * (1 - p[rows, y])[:, None], atol=1e-8)  # cross-entropy is the same flow, slowed by 1 - p_y
    times = [1.0, 10.0, 100.0]
    flow = integrate.solve_ivp(
        lambda _, m: 4 / 3 * 3 / (3 + np.exp(m)), (0, 100), [0.0], t_eval=times, rtol=1e-9, atol=1e-9
    )
    margins = flow.y[0]
    close(margins + np.expm1(margins) / 3, 4 / 3 * np.array(times), rtol=1e-6)  # logarithmic
    assert (4 / 3 * np.array(times) > margins * [1.3, 3, 20]).all()


@fact("S035.5")
def _():
    def published(z, y):
        p = torch.softmax(z, dim=1)[torch.arange(len(y)), y]
        return -torch.log(p) + torch.log(torch.clamp(1 - p, min=1e-5))

    for score, label_slope in ((11.0, -1.0), (13.0, None)):
        z = torch.tensor([[score, 0.0, 0.0]], dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(published(z, torch.tensor([0])).sum(), z)
        rest = 1 - float(torch.softmax(z.detach(), dim=1)[0, 0])
        if label_slope is None:  # beyond the clamp only cross-entropy's slope is left
            assert rest < 1e-5
            assert abs(float(slope[0, 0]) + rest) < 1e-12
        else:
            assert rest > 1e-5
            assert abs(slope[0, 0] - label_slope) < 1e-9
    close(slopes(get("encouraging"), np.array([[13.0, 0.0, 0.0]]), np.array([0]))[0, 0], -1, atol=1e-8)


@fact("S038.5")
def _():
    z = torch.tensor([-1.5, 0.0, 0.0], dtype=torch.float64, requires_grad=True)
    y = torch.tensor([0.0, 0.0, 1.0], dtype=torch.float64)
    value = asymmetric_published(z, y)
    close(value.detach(), get("binary_asymmetric")(z.detach().numpy(), y.numpy()), rtol=1e-9)
    (returned,) = torch.autograd.grad(value.sum(), z)
    at = z.detach().numpy()
    true = [
        (get("binary_asymmetric")(at + e, y.numpy()) - get("binary_asymmetric")(at - e, y.numpy())).sum() / 2e-6
        for e in 1e-6 * np.eye(3)
    ]
    close(returned, [5.2868e-5, 0.018639, -0.25], rtol=1e-3)
    close(true, [2.4968e-4, 0.073117, -0.423287], rtol=1e-3)
    with torch.no_grad():
        asymmetric_published(z, y)
        assert torch.is_grad_enabled()


@fact("S039.3")
def _():
    # With t = e^-q the pull on a positive is t, on a negative t / (e^t - 1); a sigmoid has 1 / (1 + e^q) and
    # 1 / (1 + e^-q), mirror images. Where q is low, as for a rare class, positives pull more and negatives less.
    q = np.linspace(-4, 6, 101)[:, None]
    loss = find("gumbel_optimised").function

    def pull(y):
        label = np.full(101, y)
        return np.abs((loss(q[:, 0] + 1e-6, label) - loss(q[:, 0] - 1e-6, label)) / 2e-6)

    t = np.exp(-q[:, 0])
    close(pull(1), t, rtol=1e-5)
    close(pull(0), t / np.expm1(t), rtol=1e-5, atol=1e-8)
    assert (t > sigmoid(-q[:, 0])).all()
    low = t > 1.8
    assert (t / np.expm1(t) < sigmoid(q[:, 0]))[low].all()
    ratio = np.expm1(t)  # of both pulls; for the sigmoid it is e^-q = t
    assert (ratio > t).all()
    assert ratio[0] > 1e21 * t[0]


@fact("S071.3")
def _():
    # The slope of tau CE(z / tau, y) + (rho - log K) tau is log-mean-exp(z / tau) + rho - E_p[z] / tau, with
    # p = softmax(z / tau).
    z, y, rho = RNG.normal(size=(50, 5)) * 2, RNG.integers(0, 5, size=50), 0.4

    def objective(tau):
        return find("ldr").function(z, y, lam=tau, c=0.0) + rho * tau

    for tau in (0.3, 1.0, 4.0):
        p = softmax(z / tau)
        slope = np.log(np.exp(z / tau).mean(axis=1)) + rho - (p * z).sum(axis=1) / tau
        close((objective(tau + 1e-6) - objective(tau - 1e-6)) / 2e-6, slope, atol=1e-7)
        close(objective(tau), tau * get("cross_entropy")(z / tau, y) + (rho - math.log(5)) * tau)
        # At the best temperature the condition says KL(p, uniform) = rho.
        close(slope, rho - (p * np.log(5 * p)).sum(axis=1))


@fact("S083.3")
def _():
    # At neural collapse student and teacher have scores s (e_y - 1/K) and t (e_y - 1/K). Where the student is already
    # further (s > t) the slopes of both losses have opposite signs in every score, so the gradients in a linear head,
    # slopes times features, point opposite ways; where s < t they agree, and at s = t only cross-entropy is left.
    classes, t = 5, 6.0
    frame = np.eye(classes) - 1 / classes  # features of the collapsed classes
    for s, sign in ((9.0, -1), (3.0, 1)):
        y = np.arange(classes)
        ce = slopes(get("cross_entropy"), s * frame, y)
        kl = slopes(get("normalised_binary_kl"), s * frame, t * frame)
        assert (np.sign(ce * kl) == sign).all()
        heads = [(g[:, :, None] * frame[:, None, :]).sum(axis=0) for g in (ce, kl)]
        cosine = (heads[0] * heads[1]).sum() / np.linalg.norm(heads[0]) / np.linalg.norm(heads[1])
        assert sign * cosine > 0.9
    close(slopes(get("normalised_binary_kl"), t * frame, t * frame), 0, atol=1e-9)


@fact("S088.2")
def _():
    # In the student's logit: q - p becomes (q - p) / 2 + p (1 - p) logit(q) / 2. The ratio is 1/2 for an undecided
    # teacher, q = 1/2, grows with q, and passes every bound as q -> 1: more pull where the teacher is sure.
    p = np.array([0.2, 0.5, 0.7])[:, None]
    z = np.concatenate([np.log(p), np.log(1 - p)], axis=1)

    def pull(q):
        rows = np.tile([[q, 1 - q]], (3, 1))
        symmetric = slopes(lambda s: find("symmetric_consistency").function(softmax(s), rows), z)[:, 0]
        one_way = slopes(lambda s: -(rows * log_softmax(s)).sum(axis=1), z)[:, 0]
        close(one_way, p[:, 0] - q, atol=1e-8)
        close(symmetric, (p[:, 0] - q) / 2 - p[:, 0] * (1 - p[:, 0]) * math.log(q / (1 - q)) / 2, atol=1e-8)
        return np.abs(symmetric), np.abs(one_way)

    symmetric, one_way = pull(0.5 + 1e-6)
    close(symmetric[[0, 2]], one_way[[0, 2]] / 2, rtol=1e-4)
    for q, more in ((0.9999, 1), (1 - 1e-12, 2.5)):
        symmetric, one_way = pull(q)
        assert (symmetric > more * one_way).all()
    grid = np.linspace(0.71, 0.9999, 500)
    ratio = 0.5 + 0.5 * p * (1 - p) * np.log(grid / (1 - grid)) / (grid - p)
    assert (np.diff(ratio[:2], axis=1) > 0).all()


@fact("S090.3")
def _():
    # -(eta + (1 - eta) Q) log Q with the weight detached: slope (eta + (1 - eta) Q_w) (Q - e_w) in the scores. Its mean
    # over w from P is MLE's gradient for eta = 1; without detaching the slope is another one.
    for eta in (0.0, 0.3, 1.0):
        z = torch.tensor(RNG.normal(size=6), requires_grad=True)
        q = torch.softmax(z, dim=0)
        for w in (0, 4):
            weight = eta + (1 - eta) * q[w]
            (slope,) = torch.autograd.grad(-weight.detach() * torch.log(q[w]), z, retain_graph=True)
            expected = (weight * (q - torch.eye(6, dtype=q.dtype)[w])).detach()
            assert torch.allclose(slope, expected)
            (attached,) = torch.autograd.grad(-weight * torch.log(q[w]), z, retain_graph=True)
            assert torch.allclose(attached, expected) is (eta == 1.0)


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    RNG.bit_generator.state = START  # whatever ran before
    FACTS[name]()
