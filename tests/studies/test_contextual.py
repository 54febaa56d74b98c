"""Contextual similarity: its range, and the gradient that the published code returns for it."""

from __future__ import annotations

import numpy as np
import torch

from losscheck import catalogue
from losscheck.catalogue.contextual import contextual_similarity

RNG = np.random.default_rng(101)


def test_the_similarity_is_symmetric_and_in_the_unit_interval():
    """S124.1."""
    for rows, k, eps in ((6, 4, 0.05), (20, 4, 0.05), (20, 8, 0.0), (9, 4, 5.0)):
        for _ in range(30):
            similarity = contextual_similarity(RNG.normal(size=(rows, 3)), k, eps)
            np.testing.assert_allclose(similarity, similarity.T)
            assert (similarity >= 0).all()
            assert (similarity <= 1 + 1e-12).all()


def test_groups_far_apart_have_no_loss():
    """Four examples of a class at one point: all neighbours are common, and none are across."""
    e, y = np.repeat(np.eye(3), 4, axis=0) + 1e-3 * RNG.normal(size=(12, 3)), np.repeat(np.arange(3), 4)
    np.testing.assert_allclose(catalogue["contextual"](e, y), 0, atol=1e-12)
    assert (catalogue["contextual"](e, np.tile(np.arange(3), 4)) > 0.3).all()


class _Step(torch.autograd.Function):
    """1 where x >= y, with the slope 10 that the published code gives it."""

    @staticmethod
    def forward(ctx, x, y):
        return (x >= y).to(x.dtype)

    @staticmethod
    def backward(ctx, slope):
        return 10 * slope, -10 * slope


def published(e, y, k=4, eps=0.05):
    """The loss with these steps; sums of neighbours are held fixed, but for those of mutual ones."""
    unit = torch.nn.functional.normalize(e, dim=1)
    near = -(2 - 2 * unit @ unit.T).clamp(min=0)
    best = near.topk(k).values.detach()
    mask, half = _Step.apply(near + eps, best[:, k - 1 : k]), _Step.apply(near + eps, best[:, k // 2 - 1 : k // 2])
    both = mask @ mask.T / mask.sum(1, keepdim=True).detach()
    neither = (1 - mask) @ (1 - mask).T / (1 - mask).sum(1, keepdim=True).detach()
    mutual = half * half.T
    average = mutual @ (0.5 * (both + neither) * mask) / mutual.sum(1, keepdim=True)
    errors = ((y[:, None] == y[None, :]).to(e.dtype) - (average + average.T) / 2) ** 2
    return (errors * (1 - torch.eye(len(y), dtype=e.dtype))).mean()


def test_the_published_gradient_is_no_slope():
    """S124.2: it is that of steps of slope 10; the value does not move at all near almost every point."""
    e = torch.tensor(RNG.normal(size=(12, 3)), requires_grad=True)
    y = torch.tensor(np.repeat(np.arange(3), 4))
    value = published(e, y)
    ours = catalogue["contextual"](e.detach().numpy(), y.numpy())
    assert np.isclose(ours.mean(), value.item())
    (returned,) = torch.autograd.grad(value, e)
    assert float(returned.abs().max()) > 0.1
    for step in 1e-7 * RNG.normal(size=(20, 12, 3)):
        assert (catalogue["contextual"](e.detach().numpy() + step, y.numpy()) == ours).all()
