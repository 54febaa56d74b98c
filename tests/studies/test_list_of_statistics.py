"""Claims of the literature list about losses that take their scale, margin, temperature or labels from the batch."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import torch

from losscheck.arrays import softmax
from losscheck.catalogue import find
from losscheck.catalogue.batch_statistics import scale_and_margin
from tests.studies.facts import collection

RNG = np.random.default_rng(99)
START = RNG.bit_generator.state
close = np.testing.assert_allclose
FACTS, fact = collection()


def cosines(rows, classes):
    """Rows whose label has a cosine near 0.7, the others near 0."""
    y = RNG.integers(0, classes, size=rows)
    z = RNG.uniform(-0.2, 0.2, size=(rows, classes))
    z[np.arange(rows), y] = RNG.uniform(0.5, 0.9, size=rows)
    return z, y


@fact("S103.1")
def _():
    # False: s (z - m) = log(B a / (1 - a)) in the middle row, so its label has the chance a, and not 1 - a.
    for alpha in (0.05, 0.1, 0.4):
        z, y = cosines(33, 50)
        scale, margin = scale_and_margin(z, y, alpha)
        assert margin > 0
        chances = softmax(scale * (z - margin * np.eye(50)[y]))[np.arange(33), y]
        middle = np.argsort(z[np.arange(33), y])[16]
        close(chances[middle], alpha)
        close(find("madacos").function(z, y, alpha=alpha)[middle], -np.log(alpha))


@fact("S103.2")
def _():
    # The published backward pass hands on the slope in the scaled scores times the scale, whatever the statistics.
    values, y = cosines(9, 6)
    z = torch.tensor(values, requires_grad=True)
    labels = torch.tensor(y)
    scale, margin = (each.detach() for each in scale_and_margin(z, labels, 0.1))
    one_hot = torch.eye(6, dtype=z.dtype)[labels]
    frozen = torch.nn.functional.cross_entropy(scale * (z - margin * one_hot), labels, reduction="sum")
    (slope,) = torch.autograd.grad(frozen, z)
    scores = (scale * (z - margin * one_hot)).detach()
    assert torch.allclose(slope, scale * (torch.softmax(scores, dim=1) - one_hot))
    # It is not the gradient of the value, which moves with the statistics too.
    (whole,) = torch.autograd.grad(find("madacos").function(z, labels).sum(), z)
    assert not torch.allclose(slope, whole, atol=1e-3)


@fact("S113.1")
def _():
    # The slope of InfoNCE in the positive's similarity is -(1 - P_ii) / tau, which vanishes as P_ii -> 1. Over the
    # share of the negatives, held fixed, it is -1 / tau.
    s = torch.tensor(RNG.normal(size=(6, 6)), requires_grad=True)
    for shift, tau in ((0.0, 0.5), (5.0, 0.5), (9.0, 1.0)):
        p = torch.softmax((s + shift * torch.eye(6, dtype=s.dtype)) / tau, dim=1)
        own = torch.diagonal(p)
        (plain,) = torch.autograd.grad(-torch.log(own).sum(), s, retain_graph=True)
        (even,) = torch.autograd.grad((-torch.log(own) / (1 - own).detach()).sum(), s)
        assert torch.allclose(torch.diagonal(plain), -(1 - own) / tau)
        assert torch.allclose(torch.diagonal(even), torch.full((6,), -1 / tau, dtype=s.dtype))
    assert float((1 - own.detach()).max()) < 0.05
    # The entry: the same weight, at a temperature of the mean similarity of the positives.
    a, b = RNG.normal(size=(2, 8, 3))
    a, b = a / np.linalg.norm(a, axis=1, keepdims=True), b / np.linalg.norm(b, axis=1, keepdims=True)
    similarity = a @ b.T
    own = np.diagonal(softmax(similarity / (0.1 * (1 + 0.5 * np.diagonal(similarity).mean()))))
    close(find("macl").function(a, b), -np.log(own) / (1 - own))


@fact("S113.2")
def _():
    # tau (1 + alpha (A - A0)) with A0 = 0 is least at A = -1: positive for every alignment if and only if alpha < 1.
    for alpha in (Fraction(0), Fraction(1, 2), Fraction(99, 100), Fraction(1), Fraction(3, 2)):
        least = min(1 + alpha * Fraction(a, 10) for a in range(-10, 11))
        assert (least > 0) == (alpha < 1)
    # With A0 > 0 less is allowed: alpha (1 + A0) < 1.
    assert 1 + Fraction(3, 4) * (-1 - Fraction(1, 2)) < 0
    a = np.eye(3)
    with np.errstate(all="ignore"):
        assert not np.isfinite(find("macl").function(a, -a, alpha=1.0)).all()


@fact("S126.1")
def _():
    # Labels 0 and 1 (a mixture with lambda 0 or 1) sort the examples into the two sums of the loss of one anchor.
    s = RNG.uniform(-1, 1, size=(20, 9))
    y = np.tile([1.0, 1, 1, 0, 0, 0, 0, 0, 0], (20, 1))
    close(find("mixed_multi_similarity").function(s, y), find("multi_similarity").function(s[:, :3], s[:, 3:]))
    close(find("mixed_contrastive").function(s, y), np.maximum(s[:, 3:] - 0.5, 0).sum(axis=1) - s[:, :3].sum(axis=1))
    # It gets there without a jump: a share of 1e-13 outweighs e^25, which a negative can come to.
    near = find("mixed_multi_similarity").function(s, np.clip(y, 1e-13, 1 - 1e-13))
    close(near, find("mixed_multi_similarity").function(s, y), atol=1e-6)


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    RNG.bit_generator.state = START  # whatever ran before
    FACTS[name]()
