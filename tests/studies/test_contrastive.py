"""Contrastive losses: what the papers say of their slopes, ranges and limits."""

from __future__ import annotations

import numpy as np
import pytest

from losscheck import catalogue
from losscheck.catalogue.embedding_contrast import similarities

torch = pytest.importorskip("torch")
RNG = np.random.default_rng(5)
A, B = RNG.normal(size=(2, 6, 4))


def slopes(loss, *arrays):
    """The gradient of the sum of a loss by its first argument."""
    first, *rest = (torch.tensor(a, requires_grad=i == 0) if a.dtype == float else torch.tensor(a)
                    for i, a in enumerate(arrays))  # fmt: skip
    loss(first, *rest).sum().backward()
    return first.grad.numpy()


def test_the_slopes_by_the_negatives_balance_the_positive():
    s = torch.tensor(similarities(A, B), requires_grad=True)
    (-torch.log_softmax(s / 0.5, dim=1).diagonal()).sum().backward()
    assert np.allclose(s.grad.sum(dim=1), 0, atol=1e-12)
    assert np.allclose(catalogue["info_nce"](A, B), -torch.log_softmax(s / 0.5, dim=1).diagonal().detach())


def test_small_temperatures_give_the_hardest_negative():
    s = similarities(A, B)
    hardest = np.where(np.eye(6, dtype=bool), -np.inf, s).max(axis=1)
    limit = np.maximum(0, hardest - np.diagonal(s))
    assert np.allclose(0.001 * catalogue["info_nce"](A, B, tau=0.001), limit, atol=1e-3)


def test_the_margin_raises_the_loss():
    values = [catalogue["nt_xent_margin"](A, B, margin=m) for m in (0.0, 0.1, 0.3)]
    assert np.allclose(values[0], catalogue["info_nce"](A, B))
    assert np.all(np.diff(values, axis=0) > 0)


def test_siglip_is_a_sum_over_pairs():
    whole = catalogue["siglip"](A, B).sum()
    s = 10 * similarities(A, B) - 10
    sign = 2 * np.eye(6) - 1
    chunks = [np.logaddexp(0, -sign[:, part] * s[:, part]).sum() for part in (slice(0, 2), slice(2, 6))]
    assert np.isclose(whole, sum(chunks))


def test_uniformity_lies_between_minus_4t_and_0():
    spread = catalogue["uniformity"](np.array([[1.0, 0.0], [-1.0, 0.0]]), t=2.0)
    assert np.isclose(spread, -8)
    assert np.isclose(catalogue["uniformity"](np.ones((5, 3)), t=2.0), 0)
    assert -8 < catalogue["uniformity"](A, t=2.0) < 0


def test_the_global_contrastive_loss_is_convex_in_tau():
    taus = np.linspace(0.1, 3, 60)
    values = np.array([catalogue["robust_contrastive"](A, B, tau=t) for t in taus])
    assert np.all(np.diff(values, 2, axis=0) > -1e-12)


def test_barlow_twins_vanishes_at_the_identity():
    whitened = np.linalg.qr(RNG.normal(size=(50, 3)) - 0)[0]
    whitened = np.linalg.qr(whitened - whitened.mean(axis=0))[0] * 50**0.5
    whitened -= whitened.mean(axis=0)
    assert catalogue["barlow_twins"](whitened, whitened) < 1e-6
    assert catalogue["barlow_twins"](whitened, whitened[:, ::-1]) > 1


def test_circle_loss_of_one_pair_is_log_2_on_the_circle():
    angle = np.linspace(np.pi / 2, np.pi, 20)
    radius = 0.25 * 2**0.5
    p, n = 1 + radius * np.cos(angle), radius * np.sin(angle)
    inside = np.abs(p) <= 1
    values = catalogue["circle"](p[inside, None], n[inside, None], margin=0.25, gamma=64.0)
    assert np.allclose(values, np.log(2), atol=1e-9)


def test_decoupled_softmax_pushes_no_positive_down_and_summed_softmax_does():
    z = np.array([[3.0, 0.0, -1.0, 0.5]])
    y = np.array([[1, 1, 0, 0]])
    slope = slopes(catalogue["decoupled_softmax"], z, y)
    assert np.all((-1 <= slope[y == 1]) & (slope[y == 1] <= 0))
    assert slopes(catalogue["multilabel_softmax"], z, y)[y == 1].max() > 0


def test_decoupled_softmax_of_one_positive_is_cross_entropy():
    z, y = RNG.normal(size=(20, 5)), RNG.integers(0, 5, 20)
    assert np.allclose(catalogue["decoupled_softmax"](z, np.eye(5)[y]), catalogue["cross_entropy"](z, y))


def test_spectral_and_attraction_reduce_to_means():
    cost = 2 - 2 * similarities(A, B)
    others = (cost.sum(axis=1) - np.diagonal(cost)) / 5
    assert np.allclose(catalogue["attraction_repulsion"](A, B, t=0.0), np.diagonal(cost) - others)


def test_curl_transfer_bound_on_a_finite_world():
    """Arora et al., 2019: mean-classifier loss <= (unsupervised loss - t) / (1 - t), t = P(same class), loss(0) = 1."""
    points = RNG.normal(size=(8, 3))
    classes = np.arange(8) % 2
    means = np.array([points[classes == c].mean(axis=0) for c in (0, 1)])
    hinge = lambda v: np.maximum(0, 1 - v)  # noqa: E731
    supervised = np.mean([hinge(points[i] @ (means[classes[i]] - means[1 - classes[i]])) for i in range(8)])
    total = [
        hinge(points[i] @ (points[j] - points[k]))
        for i in range(8) for j in range(8) for k in range(8) if classes[j] == classes[i]
    ]  # fmt: skip
    assert supervised <= (np.mean(total) - 0.5) / 0.5 + 1e-12
