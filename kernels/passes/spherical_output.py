r"""Training an output layer under a spherical loss in O(d^2) per example, however many classes it has.

The logits are o = W h with W of shape (D, d). A loss of the spherical family depends on them through the true logit
o_y, their sum s and the sum of their squares q; with ``Q = W^T W`` and ``m = W^T 1`` kept up to date, q = h^T Q h and
s = m . h. Its gradient in the logits is ``c_y e_y + 2 c_q o + c_s 1``, so a step of gradient descent multiplies W by
``I - 2 r c_q h h^T`` and adds two matrices of rank 1. Kept as ``W = V U + 1 omega^T``, it touches U, its inverse, omega
and one row of V.

References
----------
.. [1] P. Vincent, A. de Brebisson, X. Bouthillier (2015). Efficient exact gradient update for training deep networks
   with very large sparse targets. NIPS.
.. [2] A. de Brebisson, P. Vincent (2016). The Z-loss: a shift and scale invariant classification loss belonging to the
   spherical family. arXiv 1604.08859.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from losscheck.kernels.passes.buffers import Array

Spherical = Callable[[float, float, float, int], tuple[float, float, float, float]]


def z_slopes(own: float, total: float, square: float, classes: int, a: float = 0.1, b: float = 10.0) -> Any:
    """Z-loss and its slopes in o_y, sum o and sum o^2.

    >>> z_slopes(1.0, 0.0, 2.0, 2, 1.0, 1.0)[0].round(6)
    np.float64(0.693147)
    """
    mean = total / classes
    spread = np.sqrt(square / classes - mean**2)
    u = (own - mean) / spread
    value = np.logaddexp(0.0, a * (b - u)) / a
    c = -1.0 / (1.0 + np.exp(-a * (b - u)))
    # d spread / d square = 1 / (2 D spread), d spread / d total = -mean / (D spread)
    return (
        value,
        c / spread,
        c * (-1.0 / (classes * spread) + u * mean / (classes * spread**2)),
        -c * u / (2.0 * classes * spread**2),
    )


class SphericalOutput:
    """An output layer of D classes on d units, trained one example at a time.

    >>> layer = SphericalOutput(np.eye(3, 2))
    >>> value, slope = layer.step(np.array([1.0, 0.5]), 0, 0.1, z_slopes)
    >>> layer.weight().shape, slope.shape
    ((3, 2), (2,))
    """

    def __init__(self, weight: Array) -> None:
        d = weight.shape[1]
        self.v = np.array(weight, float)
        self.u, self.inverse, self.omega = np.eye(d), np.eye(d), np.zeros(d)
        self.gram, self.mean = self.v.T @ self.v, self.v.sum(axis=0)

    def weight(self) -> Array:
        """The weights as a matrix, in O(D d^2)."""
        return self.v @ self.u + self.omega

    def step(self, h: Array, y: int, rate: float, loss: Spherical) -> tuple[float, Array]:
        """One step of gradient descent on the example; its loss and its gradient in h, both before the step.

        ``loss(o_y, s, q, D)`` returns the value and its slopes in o_y, s and q.

        Raises
        ------
        ValueError
            When the step would make the weights singular: 2 * rate * c_q * |h|^2 = 1.
        """
        own, pulled = self.v[y] @ self.u + self.omega, self.gram @ h
        value, c_own, c_sum, c_square = loss(own @ h, self.mean @ h, h @ pulled, len(self.v))
        slope = c_own * own + 2.0 * c_square * pulled + c_sum * self.mean
        a = 2.0 * rate * c_square
        rest = 1.0 - a * (h @ h)
        if rest == 0:
            raise ValueError(f"rate is {rate}; give a smaller one: this step makes the weights singular")
        up, across = rate * c_own, rate * c_sum
        # W' = W M - g h^T with M = I - a h h^T and g = up e_y + across 1
        self.u -= a * np.outer(self.u @ h, h)
        self.inverse += a / rest * np.outer(h, h @ self.inverse)
        self.omega -= (a * (self.omega @ h) + across) * h
        self.v[y] -= up * (h @ self.inverse)
        moved = self.gram - a * np.outer(h, pulled) - a * np.outer(pulled, h) + a * a * (h @ pulled) * np.outer(h, h)
        pull = up * own + across * self.mean  # W^T g
        pull = pull - a * (pull @ h) * h
        weight = up * up + 2.0 * up * across + across * across * len(self.v)  # g . g
        self.gram = moved - np.outer(pull, h) - np.outer(h, pull) + weight * np.outer(h, h)
        self.mean = self.mean - (a * (self.mean @ h) + up + across * len(self.v)) * h
        return float(value), slope
