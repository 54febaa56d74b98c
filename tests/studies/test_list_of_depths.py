"""A claim of the literature list about depth: shaped attention has a diffusion of covariances as its limit.

The layer of Noci et al., 2023: X <- sqrt(1 - g^2) X + g A X W, A = I + softmax(Y) - 1/m, where Y has the temperature
tau sqrt(width) and all weights are drawn anew. Its covariances are a Markov chain, which is drawn here exactly; drift
and diffusion of the equation are derived from its expansion in 1 / width.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from tests.studies.facts import collection, get

close = np.testing.assert_allclose
FACTS, fact = collection()
RATE = 0.8
"""The weight of the branch of a shaped attention layer, gamma."""


def factor(v):
    """Roots of covariances; what a step of the equation made negative counts as 0."""
    values, turn = np.linalg.eigh(v)
    return turn * np.sqrt(np.maximum(values, 0))[:, None, :]


def layer(v, width, rng, tau):
    """The covariance of the tokens after one layer of this width with new weights, exactly, from that before it."""
    rows, m = len(v), v.shape[-1]
    low = factor(v)

    def bartlett(freedom):  # the root of a Wishart matrix
        root = np.tril(rng.normal(size=(rows, m, m)), -1)
        root[:, np.arange(m), np.arange(m)] = np.sqrt(rng.chisquare(freedom - np.arange(m), size=(rows, m)))
        return root

    turned = low.transpose(0, 2, 1)
    met = low @ bartlett(width) @ rng.normal(size=(rows, m, m)) @ turned
    a = np.eye(m) + special.softmax(met / (tau * width), axis=2) - 1 / m
    near, rest = rng.normal(size=(rows, m, m)), bartlett(width - m)
    cross = low @ near.transpose(0, 2, 1) @ turned @ a.transpose(0, 2, 1) / math.sqrt(width)
    own = (
        a
        @ low
        @ (near @ near.transpose(0, 2, 1) + rest @ rest.transpose(0, 2, 1))
        @ turned
        @ a.transpose(0, 2, 1)
        / width
    )
    skip = math.sqrt(1 - RATE**2)
    return skip**2 * v + skip * RATE * (cross + cross.transpose(0, 2, 1)) + RATE**2 * own


def step(v, dt, rng, tau):
    """One step of the stochastic differential equation, to first order in dt."""
    rows, m = len(v), v.shape[-1]
    low, centre = factor(v), np.eye(m) - 1 / m
    inner = centre @ v @ centre
    own = np.diagonal(inner, axis1=1, axis2=2)
    second = (
        np.diagonal(v, axis1=1, axis2=2)[:, :, None] / (2 * m) * (own - own.mean(axis=1, keepdims=True))[:, None, :]
    )
    lost = second @ v
    drift = v * (v * inner).sum(axis=(1, 2), keepdims=True) / m**2 + lost + lost.transpose(0, 2, 1)
    noise = rng.normal(size=(rows, m, m))
    linear = low @ (noise + noise.transpose(0, 2, 1)) @ low.transpose(0, 2, 1) / math.sqrt(2)
    moved = low @ rng.normal(size=(rows, m, m)) @ low.transpose(0, 2, 1) @ centre / (m * tau) @ v
    jump = math.sqrt(RATE**2 * (2 - RATE**2)) * linear + RATE**2 * (moved + moved.transpose(0, 2, 1))
    return v + RATE**2 / tau**2 * drift * dt + math.sqrt(dt) * jump


@fact("S180.2")
def _():
    start = np.array([[1.0, 0.3, 0.0], [0.3, 1.0, 0.5], [0.0, 0.5, 1.0]])
    close(get("shaped_attention")(np.zeros((1, 3)), temperature=8.0), [[1, 0, 0]], atol=1e-15)
    rng, places = np.random.default_rng(11), np.triu_indices(3)

    def moments(v, width):
        moved = (v - start)[:, places[0], places[1]]
        return np.concatenate([width * moved.mean(axis=0), width * np.cov(moved.T)[places[0], places[1]]])

    # One layer: mean and covariance of what it changes, times the width, are the drift and diffusion of the equation.
    many = np.broadcast_to(start, (60_000, 3, 3))
    finite, limit = moments(layer(many, 100, rng, 0.5), 100), moments(step(many, 0.01, rng, 0.5), 100)
    close(finite, limit, atol=0.25)
    assert abs(finite - moments(step(many, 0.01, rng, 1e6), 100)).max() > 0.35  # attention is in it

    # Many layers: depth over width is what counts, and it stays random in the limit.
    def run(move, steps):
        v = np.broadcast_to(start, (4000, 3, 3))
        for _ in range(steps):
            v = move(v)
        angle = v[:, 0, 1] / np.sqrt(v[:, 0, 0] * v[:, 1, 1])
        return np.stack([np.log(v[:, 0, 0]), np.log(v[:, 1, 1]), angle])

    limit = run(lambda v: step(v, 0.2 / 50, rng, 1.5), 50)
    assert limit.std(axis=1).min() > 0.2
    for width in (100, 250):
        finite = run(lambda v, width=width: layer(v, width, rng, 1.5), width // 5)
        assert (abs(finite.mean(axis=1) - limit.mean(axis=1)) < 0.08 * limit.std(axis=1)).all()
        close(finite.std(axis=1), limit.std(axis=1), rtol=0.06)
        close(np.corrcoef(finite), np.corrcoef(limit), atol=0.06)


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    FACTS[name]()
