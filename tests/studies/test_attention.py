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


def test_galerkin_attention_is_a_projection():
    """S173.1: the best approximation of the columns of v in the span of q, tested by k, with no softmax."""
    q, k, v = RNG.normal(size=(3, 1, 30, 4))
    attention = catalogue["galerkin_attention"]
    np.testing.assert_allclose(attention(q, k, v)[0], (q[0] @ k[0].T) @ v[0] / 30)
    # The Petrov-Galerkin solution is q c with k^T (q c - v) = 0. In a basis of the same span with k^T q = L I it is
    # what attention computes; in any other, attention leaves out the inverse of k^T q / L.
    dual = q @ np.linalg.inv(np.swapaxes(k, 1, 2) @ q) * 30
    projected = attention(dual, k, v)
    np.testing.assert_allclose(np.swapaxes(k, 1, 2) @ (v - projected), 0, atol=1e-9)
    np.testing.assert_allclose(projected, q @ np.linalg.solve(np.swapaxes(k, 1, 2) @ q, np.swapaxes(k, 1, 2) @ v))
    np.testing.assert_allclose(attention(dual, k, projected), projected, atol=1e-9)
    # With k = q of orthogonal columns it is the orthogonal projection, nearest of all points of the span.
    basis = np.linalg.qr(q[0])[0][None] * 30**0.5
    nearest = attention(basis, basis, v)
    other = nearest + basis @ RNG.normal(size=(1, 4, 4))
    assert np.linalg.norm(v - nearest) < np.linalg.norm(v - other)
