"""Claims of the literature list about costs: memory that algorithms written out here touch, operations torch counts."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from losscheck.catalogue import find
from tests.studies.facts import collection

RNG = np.random.default_rng(103)
START = RNG.bit_generator.state
FACTS, fact = collection()


class Memory:
    """A vector in main memory: every entry read or written is counted."""

    def __init__(self, values):
        self.values, self.reads, self.writes = list(values), 0, 0

    def __len__(self):
        return len(self.values)

    def __getitem__(self, place):
        self.reads += 1
        return self.values[place]

    def __setitem__(self, place, value):
        self.writes += 1
        self.values[place] = value


def touched(algorithm, n=50):
    """Reads and writes per entry, after a look at the result."""
    scores = RNG.normal(size=n) * 5
    x, y = Memory(scores), Memory([0.0] * n)
    algorithm(x, y)
    shares = np.exp(scores - scores.max())
    np.testing.assert_allclose(y.values, shares / shares.sum(), rtol=1e-12)
    return (x.reads + y.reads) / n, (x.writes + y.writes) / n


def largest(x):
    best = -math.inf
    for i in range(len(x)):
        best = max(best, x[i])
    return best


def three_passes_anew(x, y):
    top, total = largest(x), 0.0
    for i in range(len(x)):
        total += math.exp(x[i] - top)
    for i in range(len(x)):
        y[i] = math.exp(x[i] - top) / total


def three_passes_stored(x, y):
    top, total = largest(x), 0.0
    for i in range(len(x)):
        value = math.exp(x[i] - top)
        y[i] = value
        total += value
    for i in range(len(x)):
        y[i] = y[i] / total


def split(value):
    """The exponential as a number in [1, 2) and a power of 2."""
    power = math.floor(value / math.log(2))
    return math.exp(value - power * math.log(2)), power


def two_passes(x, y):
    # The sum is kept as mantissa and exponent, and needs no largest score.
    total, exponent = 0.0, -(10**6)
    for i in range(len(x)):
        part, power = split(x[i])
        high = max(power, exponent)
        total, exponent = math.ldexp(total, exponent - high) + math.ldexp(part, power - high), high
    for i in range(len(x)):
        part, power = split(x[i])
        y[i] = math.ldexp(part, power - exponent) / total


def running(x):
    """The largest score, and the sum of the exponentials below it, in one pass (the online normaliser)."""
    top, total = -math.inf, 0.0
    for i in range(len(x)):
        value = x[i]
        higher = max(top, value)
        total, top = total * math.exp(top - higher) + math.exp(value - higher), higher
    return top, total


def online(x, y):
    top, total = running(x)
    for i in range(len(x)):
        y[i] = math.exp(x[i] - top) / total


@fact("S018.3")
def _():
    assert touched(two_passes) == (2, 1)
    assert touched(three_passes_anew) == (3, 1)
    assert touched(three_passes_stored) == (3, 2)


@fact("S019.1")
def _():
    assert touched(three_passes_anew) == (3, 1)
    assert touched(three_passes_stored) == (3, 2)


@fact("S020.4")
def _():
    assert sum(touched(online)) == 3
    assert sum(touched(three_passes_anew)) == 4
    # With the five largest kept along the way one pass is enough: only their shares are written.
    scores = RNG.normal(size=50) * 5
    x, best, top, total = Memory(scores), [], -math.inf, 0.0
    for i in range(len(x)):
        value = x[i]
        higher = max(top, value)
        total, top = total * math.exp(top - higher) + math.exp(value - higher), higher
        best = sorted([*best, value])[-5:]
    shares = np.exp(scores - scores.max())
    np.testing.assert_allclose([math.exp(b - top) / total for b in best], np.sort(shares / shares.sum())[-5:])
    assert x.reads == 50


def operations(run):
    """Multiplications and additions of matrix products, forward and back."""
    with FlopCounterMode(display=False) as counted:
        run()
    return counted.get_total_flops()


def kept_for_backward(run):
    """Entries of the different arrays that the forward pass keeps."""
    sizes = {}

    def keep(array):
        sizes[array.data_ptr()] = array.numel()
        return array

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda array: array):
        held = run()
    assert held is not None
    return sum(sizes.values())


def sampled_step(classes, chosen, rows=16, size=8):
    """Cross-entropy over the label and some classes, whose weights alone are read."""
    weights = torch.tensor(RNG.normal(size=(classes, size)), requires_grad=True)
    x = torch.tensor(RNG.normal(size=(rows, size)), requires_grad=True)
    own = weights[:rows]  # the labels are the first classes
    others = weights[classes - chosen :]
    z = torch.cat([(x * own).sum(dim=1)[:, None], x @ others.T], dim=1)
    mask = torch.ones_like(z)
    return find("sampled_softmax").function(z, torch.zeros(rows, dtype=torch.int64), mask).sum()


@fact("S024.4")
def _():
    # Doubling the share r of sampled classes doubles what is kept, but for what the rows and labels need.
    kept = [kept_for_backward(lambda r=r: sampled_step(20_000, int(r * 20_000))) for r in (0.1, 0.2, 0.4)]
    assert math.isclose((kept[2] - kept[1]) / (kept[1] - kept[0]), 2, rel_tol=1e-3)
    assert kept[0] < 1.05 * (kept[1] - kept[0])
    assert kept_for_backward(lambda: sampled_step(40_000, 2000)) == kept[0]  # r C is what counts


@fact("S026.2")
def _():
    # 2 N |S| D for the scores, and as much for each of the gradients of inputs and weights, whatever C is.
    for classes, rows, chosen in ((5000, 16, 100), (5000, 32, 400), (20_000, 16, 100)):
        step = operations(lambda c=classes, n=rows, k=chosen: sampled_step(c, k, n).backward())
        assert step == 3 * 2 * rows * chosen * 8


@fact("S030.3")
def _():
    # An anchor against m draws of noise out of n vectors in memory: products with m + 1 of them.
    def step(n, m):
        memory = torch.tensor(RNG.normal(size=(n, 8)))
        anchor = torch.tensor(RNG.normal(size=(1, 8)), requires_grad=True)
        drawn = memory[torch.tensor(RNG.integers(0, n, size=m))]
        data, noise = (anchor @ memory[:1].T)[:, 0], anchor @ drawn.T
        find("noise_contrastive").function(data, noise).sum().backward()

    for n in (1000, 50_000):
        assert operations(lambda n=n: step(n, 64)) == 2 * 2 * 8 * 65
    assert operations(lambda: step(1000, 256)) == 2 * 2 * 8 * 257


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    RNG.bit_generator.state = START  # whatever ran before
    FACTS[name]()
