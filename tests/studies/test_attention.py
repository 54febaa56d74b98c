"""Weights of attention: distributions, kernels, and the tricks that make them linear in the length."""

from __future__ import annotations

import numpy as np

from losscheck import catalogue

RNG = np.random.default_rng(6)
Q, K, V = RNG.normal(size=(3, 4, 5, 7))
Q[..., 0], K[..., 0] = 1, 1  # so that no query is orthogonal to every key


def test_rows_are_distributions():
    for name in ("cosformer", "hedgehog"):
        weight = catalogue[name](Q, K)
        assert (weight >= 0).all()
        np.testing.assert_allclose(weight.sum(axis=2), 1)
    assert (catalogue["cosformer"](-np.abs(Q), K) == 0).all()


def test_ptolemy_splits_the_cosine():
    place = np.arange(5) * np.pi / 10
    parts = [np.concatenate([np.maximum(x, 0) * np.cos(place)[:, None], np.maximum(x, 0) * np.sin(place)[:, None]], 2)
             for x in (Q, K)]  # fmt: skip
    values = parts[0] @ (parts[1].transpose(0, 2, 1) @ V)  # never forms the 5 x 5 weights
    total = parts[0] @ parts[1].sum(axis=1)[:, :, None]
    np.testing.assert_allclose(catalogue["cosformer"](Q, K) @ V, values / total)


def test_the_gaussian_kernel():
    kernel = catalogue["gaussian_attention"](Q, Q)
    assert (kernel > 0).all()
    assert (kernel <= 1).all()
    np.testing.assert_allclose(kernel, kernel.transpose(0, 2, 1))
    assert np.linalg.eigvalsh(kernel).min() > 0
    for matrix in kernel:
        inverse = 2 * matrix / np.abs(matrix).sum(axis=0).max() ** 2
        for _ in range(60):
            inverse = 2 * inverse - inverse @ matrix @ inverse
        np.testing.assert_allclose(inverse, np.linalg.pinv(matrix), rtol=1e-6)
