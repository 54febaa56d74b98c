"""Sequence losses against torch and against sums over everything."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from losscheck import catalogue

torch = pytest.importorskip("torch")
RNG = np.random.default_rng(4)
Z, B = RNG.normal(size=(6, 5, 3)), RNG.normal(size=(6, 5))


def test_ctc_is_torchs():
    z, b = (torch.tensor(each, requires_grad=True) for each in (Z, B))
    y = torch.tensor(RNG.integers(0, 3, size=(6, 2)))
    logs = torch.log_softmax(torch.cat([b[:, :, None], z], dim=2), dim=2).transpose(0, 1)
    lengths = torch.full((6,), 5), torch.full((6,), 2)
    theirs = torch.nn.functional.ctc_loss(logs, y + 1, *lengths, blank=0, reduction="none")
    ours = catalogue["ctc"](z, b, y)
    torch.testing.assert_close(ours, theirs)
    for mine, other in zip(torch.autograd.grad(ours.sum(), (z, b), retain_graph=True),
                           torch.autograd.grad(theirs.sum(), (z, b)), strict=True):  # fmt: skip
        torch.testing.assert_close(mine, other)


def test_all_label_sequences_together_are_certain():
    z, b = Z[:1, :2], B[:1, :2]  # two positions: sequences of 0, 1 or 2 labels
    logs = np.concatenate([z, b[:, :, None]], axis=2)[0]
    p = np.exp(logs) / np.exp(logs).sum(axis=1, keepdims=True)
    two = sum(np.exp(-catalogue["ctc"](z, b, np.array([pair]))[0]) for pair in itertools.product(range(3), repeat=2))
    one = sum(p[0, k] * p[1, k] + p[0, k] * p[1, 3] + p[0, 3] * p[1, k] for k in range(3))
    assert np.isclose(two + one + p[0, 3] * p[1, 3], 1)


def test_labels_that_do_not_fit_cost_everything_and_have_no_nan():
    z, b = (torch.tensor(each, requires_grad=True) for each in (Z[:, :2], B[:, :2]))
    y = torch.tensor([[0, 0]] * 3 + [[0, 1]] * 3)  # equal labels need a blank between them: three positions
    loss = catalogue["ctc"](z, b, y)
    assert loss.isinf().tolist() == [True] * 3 + [False] * 3
    slopes = torch.autograd.grad(loss[3:].sum(), (z, b))
    assert all(each.isfinite().all() for each in slopes)


def test_edit_invariance():
    x = np.log(RNG.dirichlet(np.ones(3), size=(6, 3)))
    y, none = RNG.integers(0, 3, size=(6, 3)), np.zeros((6, 3, 3))
    own = np.take_along_axis(x, y[:, :, None], axis=2)[:, :, 0]
    np.testing.assert_allclose(catalogue["edit_invariant"](x, y, none, n=3), -own.mean(axis=1))
    # A prediction sure of "1 2" costs the same wherever the two stand among zeros.
    y, none = np.array([[1, 2, 1]]), np.zeros((1, 3, 5))

    def sure(text):
        return np.where(np.arange(3) == np.array(text)[:, None], np.log(0.98), np.log(0.01))[None]

    costs = [catalogue["edit_invariant"](sure(text), y[:, :2], none) for text in ((1, 2, 0, 0, 0), (0, 0, 1, 2, 0))]
    np.testing.assert_allclose(costs[0], costs[1])
    assert costs[0] < catalogue["edit_invariant"](sure((2, 1, 0, 0, 0)), y[:, :2], none)


def test_the_two_level_softmax_is_torchs():
    layer = torch.nn.AdaptiveLogSoftmaxWithLoss(4, 7, cutoffs=[3], div_value=1.0)
    x, y = torch.randn(9, 4, generator=torch.Generator().manual_seed(1)), torch.tensor([0, 1, 2, 3, 4, 5, 6, 0, 5])
    head, tail = layer.head(x), layer.tail[0](x)
    rare = y >= 3
    ours = catalogue["adaptive_softmax"](
        head, tail, torch.where(rare, 3, y), torch.where(rare, y - 3, 0), rare.to(head.dtype)
    )
    torch.testing.assert_close(ours, -layer(x, y).output)
    total = sum(
        torch.exp(-catalogue["adaptive_softmax"](head, tail, full(min(k, 3)), full(max(k - 3, 0)), full(k >= 3)))
        for k in range(7)
    )
    torch.testing.assert_close(total, torch.ones(9))


def full(value):
    """Nine times the same integer."""
    return torch.full((9,), int(value))
