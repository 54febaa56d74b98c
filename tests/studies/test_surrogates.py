"""Majorants, local smoothness and variance margins: what is claimed of them around cross-entropy."""

from __future__ import annotations

import numpy as np
import pytest

from losscheck import catalogue
from losscheck.arrays import softmax

RNG = np.random.default_rng(14)
Z, A = RNG.normal(size=(2, 400, 4)) * 3
Y = RNG.integers(0, 4, size=400)
CE = catalogue["cross_entropy"]


def test_the_majorant_lies_above_and_touches():
    assert (catalogue["cross_entropy_majorant"](Z, A, Y) >= CE(Z, Y) - 1e-12).all()
    np.testing.assert_allclose(catalogue["cross_entropy_majorant"](A, A, Y), CE(A, Y))
    # Two classes with scores moved apart: the curvature 1/2 is reached, so no larger step majorises.
    z, a, y = np.array([[0.01, -0.01]]), np.zeros((1, 2)), np.array([0])
    assert catalogue["cross_entropy_majorant"](z, a, y, eta=2.02)[0] < CE(z, y)[0]


def test_its_minimum_lowers_cross_entropy():
    for eta in (0.5, 2.0):
        step = A - eta * (softmax(A) - np.eye(4)[Y])
        assert (CE(step, Y) <= CE(A, Y)).all()


def test_local_smoothness_curves_like_fisher():
    torch = pytest.importorskip("torch")
    z = torch.tensor(Z[:1])
    loss = catalogue["local_smoothness"]
    assert (loss(Z, A) >= 0).all()
    a = z.clone().requires_grad_()
    (slope,) = torch.autograd.grad(loss(z, a).sum(), a)
    assert slope.abs().max() < 1e-12
    curvature = torch.autograd.functional.hessian(lambda v: loss(z, v[None]).sum(), z[0])
    p = softmax(Z[:1])[0]
    np.testing.assert_allclose(curvature, np.diag(p) - np.outer(p, p), atol=1e-12)


def test_power_iteration_finds_the_worst_direction():
    torch = pytest.importorskip("torch")
    weight, x = torch.tensor(RNG.normal(size=(4, 3))), torch.tensor(RNG.normal(size=(1, 3)))
    p = softmax((x @ weight.T).numpy())[0]
    fisher = weight.numpy().T @ (np.diag(p) - np.outer(p, p)) @ weight.numpy()
    direction, xi = torch.tensor(RNG.normal(size=(1, 3))), 1e-4
    for _ in range(60):
        r = (xi * direction / direction.norm()).requires_grad_()
        (direction,) = torch.autograd.grad(catalogue["local_smoothness"](x @ weight.T, (x + r) @ weight.T).sum(), r)
    found = (direction / direction.norm())[0].numpy()
    values, vectors = np.linalg.eigh(fisher)
    assert abs(found @ vectors[:, -1]) > 1 - 1e-5
    assert values[-1] > values[-2]


def test_variance_margins_bound_gaussian_features():
    w, f, s, y = RNG.normal(size=(3, 2)), RNG.normal(size=(1, 2)), np.array([0.5, 0.2]), np.array([1])
    drawn = f + RNG.normal(size=(50000, 2)) * np.sqrt(s)
    mean = CE(drawn @ w.T, np.full(50000, 1)).mean()
    assert mean < catalogue["variance_margin"](f, w, s, y)[0]
    np.testing.assert_allclose(catalogue["variance_margin"](f, w, 0 * s, y), CE(f @ w.T, y))
