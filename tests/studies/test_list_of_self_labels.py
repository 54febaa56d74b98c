"""Claims of the literature list about labels and weights that training makes for itself."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import torch
from scipy import optimize, stats

import losscheck
from losscheck.arrays import log_softmax
from losscheck.catalogue import find
from losscheck.catalogue.self_labels import label_share, other_shares
from losscheck.catalogue.wrappers.distance_aware import distance_aware, distance_aware_weights
from tests.studies.facts import collection

RNG = np.random.default_rng(98)
START = RNG.bit_generator.state
close = np.testing.assert_allclose
FACTS, fact = collection()


@fact("S078.1")
def _():
    # False of the published code: i gains P_ij P_jj from j, and j loses P_ji P_ii, which is another number.
    chances = [[Fraction(6, 10), Fraction(4, 10)], [Fraction(2, 10), Fraction(8, 10)]]
    weights = distance_aware_weights(chances, 1)
    assert weights == [1 + Fraction(4, 10) * Fraction(8, 10), 1 - Fraction(2, 10) * Fraction(6, 10)]
    assert sum(weights) == Fraction(22, 10)
    # Nor for symmetric chances: only of classes that are learned equally well does each lose what the other does.
    tenths = [[6, 2, 2], [2, 7, 1], [2, 1, 7]]
    symmetric = [[Fraction(tenth, 10) for tenth in row] for row in tenths]
    assert sum(distance_aware_weights(symmetric, 1)) == 3 + 2 * Fraction(2, 100) - 2 * Fraction(7, 100)
    # The weights can be negative, which no class weight may be.
    with pytest.raises(ValueError, match="positive"):
        distance_aware("cross_entropy", [[0.4, 0.6], [0.5, 0.5]], lam=6.0)
    assert isinstance(distance_aware("cross_entropy", [[0.6, 0.4], [0.2, 0.8]]), losscheck.Loss)


@fact("S078.2")
def _():
    # Classes N(0, 1) and N(-d, 2^2), inputs attacked by at most 1/4, and the threshold of least total robust error:
    # the error of the wider class, and by how much it is the worse one, grow as the distance d falls.
    worse, apart = [], []
    for distance in np.linspace(8, 1, 29):

        def errors(t, d=distance):
            return stats.norm.cdf(t + 0.25), stats.norm.sf((t - 0.25 + d) / 2)

        t = optimize.minimize_scalar(lambda t, e=errors: sum(e(t)), bounds=(-distance - 2, 2), method="bounded").x
        narrow, wide = errors(t)
        worse.append(wide)
        apart.append(wide - narrow)
    assert (np.diff(worse) > 0).all()
    assert (np.diff(apart) > 0).all()
    assert min(apart) > 0


@fact("S082.1")
def _():
    for classes in (2, 3, 10):
        ours, weak = log_softmax(RNG.normal(size=(2, 40, classes)) * 3)
        y = RNG.integers(0, classes, size=40)
        shares = other_shares(ours, weak, y)
        assert (shares >= 0).all()
        close(shares.sum(axis=1), 1)
        close(shares[np.arange(40), y], 0)
        # By Zipf's law: the inverses are the ranks 1 to K, less one of them, over the first that is left.
        inverse = np.sort(1 / shares[shares > 0].reshape(40, classes - 1), axis=1)
        ratio = inverse / inverse[:, :1]
        places = np.arange(1, classes)
        assert ((ratio >= (places + 1) / 2 - 1e-9) & (ratio <= places + 1 + 1e-9)).all()


@fact("S082.2")
def _():
    # A row that is sure in a batch of which the other rows are not: share 1 + s^2 - mean, near 1 + 3/4 for four rows.
    z = np.zeros((4, 1000))
    z[0, 0] = 30.0
    shares = label_share(log_softmax(z), np.zeros(4, dtype=int))
    close(shares[0], 1.75, atol=1e-4)
    assert (shares[1:] < 1).all()
    close(shares.mean(), 1)
    # It stays in [0, 2].
    many = label_share(log_softmax(RNG.normal(size=(200, 3)) * 9), np.zeros(200, dtype=int))
    assert ((many >= 0) & (many <= 2)).all()


def test_the_loss_is_the_published_one():
    """The same three terms, written with sorted ranks and masks."""
    z, w = (torch.tensor(RNG.normal(size=(6, 5)) * 2) for _ in range(2))
    y = torch.tensor([0, 1, 2, 3, 4, 0])
    p, q, logs = torch.softmax(z, dim=1), torch.softmax(w, dim=1), torch.log_softmax(z, dim=1)
    rows = torch.arange(6)
    share = p[rows, y] ** 2 + 1 - (p[rows, y] ** 2).mean()
    order = torch.sort(
        q / (1 - q[rows, y] + 1e-6)[:, None] + logs / (1 - logs[rows, y] + 1e-6)[:, None], descending=True, dim=1
    ).indices
    expected = []
    for i in range(6):
        zipf = {int(k): 1 / (place + 1) for place, k in enumerate(order[i])}
        others = [k for k in range(5) if k != y[i]]
        total = sum(zipf[k] for k in others)
        rest = sum(zipf[k] / total * torch.log_softmax(z[i, others], dim=0)[j] for j, k in enumerate(others))
        smooth = 0.9 * torch.log(q[i, y[i]]) + 0.1 * torch.log(q[i]).mean()
        expected.append(-share[i] * logs[i, y[i]] - 0.1 * rest - 0.005 * smooth)
    ours = find("uskd").function(z, w, y)
    assert torch.allclose(ours, torch.stack(expected))
    close(find("uskd").function(z.numpy(), w.numpy(), y.numpy()), ours)


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    RNG.bit_generator.state = START  # whatever ran before
    FACTS[name]()
