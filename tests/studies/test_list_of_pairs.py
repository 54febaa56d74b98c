"""Small claims of the literature list about embeddings, masks and batches: evidence on seeded numbers, not proof."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from losscheck.arrays import log_softmax, softmax
from losscheck.catalogue import find
from losscheck.catalogue.embedding_contrast import similarities
from losscheck.catalogue.wrappers import cvar, group_robust, kl_robust, spectral_risk
from losscheck.loss import Loss
from tests.studies.facts import collection, get

RNG = np.random.default_rng(31)
A, B = RNG.normal(size=(2, 7, 4))
S = similarities(A, B)
P, Q = RNG.dirichlet(np.ones(4), size=(2, 60))
Z, T = RNG.normal(size=(2, 60, 4)) * 2
close = np.testing.assert_allclose
ITSELF = Loss(lambda v: v, kind="margin", label="itself")


FACTS, fact = collection()


@fact("S063.4")
def _():
    x, y = RNG.integers(0, 2, size=(2, 50, 6)).astype(float)
    y[:, 0] = 1
    dice, jaccard = 1 - get("dice_semimetric_1")(x, y), 1 - get("jaccard_metric_1")(x, y)
    close(jaccard, dice / (2 - dice))


@fact("S063.2")
def _():
    # l = d / (2 - d) maps the metric J = 1 - |both| / |either| to the Dice loss; a factor of 3/2 is enough.
    a, b, c = (RNG.integers(0, 2, size=(20000, 4)).astype(float) for _ in range(3))
    loss = get("dice_semimetric_1")
    assert (loss(a, c) <= 1.5 * (loss(a, b) + loss(b, c)) + 1e-12).all()


@fact("S064.2")
def _():
    x, y = RNG.uniform(size=(5, 6)), np.zeros((5, 6))
    step = np.zeros((5, 6))
    step[:, 0] = 1e-6
    slope = (get("soft_dice")(x + step, y) - get("soft_dice")(x - step, y)) / 2e-6
    close(slope, 0, atol=1e-6)


@fact("S064.3")
def _():
    x, y = RNG.uniform(size=(500, 6)), RNG.uniform(size=(500, 6))
    for name in ("soft_dice", "squared_dice"):
        assert ((get(name)(x, y) >= 0) & (get(name)(x, y) <= 1)).all()


@fact("S065.1")
def _():
    m, n, s, t = RNG.normal(size=20), RNG.normal(size=20), RNG.uniform(0.1, 2, 20), RNG.uniform(0.1, 2, 20)
    assert (get("gaussian_wasserstein")(m, s, n, t) > 0).all()
    assert not get("gaussian_wasserstein")(m, s, m, s).any()


@fact("S067.1")
def _():
    losses = RNG.uniform(0, 3, size=9)
    weights = np.exp(losses / 0.7) / np.exp(losses / 0.7).sum()
    dual = weights @ losses - 0.7 * (weights * np.log(9 * weights)).sum()
    close(kl_robust(ITSELF, 0.7)(losses), dual)
    for other in RNG.dirichlet(np.ones(9), size=200):
        assert other @ losses - 0.7 * (other * np.log(9 * other)).sum() <= dual + 1e-12


@fact("S067.2")
def _():
    losses = RNG.uniform(0, 3, size=9)
    values = [kl_robust(ITSELF, lam)(losses) for lam in (1e-3, 0.1, 1.0, 10.0, 1e4)]
    assert (np.diff(values) <= 0).all()
    close([values[0], values[-1]], [losses.max(), losses.mean()], atol=5e-3)


@fact("S068.1")
def _():
    y, group = RNG.integers(0, 4, size=60), RNG.integers(0, 3, size=60)
    losses = get("cross_entropy")(Z, y)
    means = np.array([losses[group == g].mean() for g in range(3)])
    worst = group_robust("cross_entropy", 3)(Z, y, group)
    close(worst, means.max())
    assert (RNG.dirichlet(np.ones(3), size=100) @ means <= worst + 1e-12).all()


@fact("S068.3")
def _():
    y, group = RNG.integers(0, 4, size=60), np.repeat([0, 1, 2], [40, 14, 6])
    assert get("cross_entropy")(Z, y).mean() >= 6 / 60 * group_robust("cross_entropy", 3)(Z, y, group)


@fact("S069.2")
def _():
    losses, step = RNG.uniform(0, 3, size=5), 1e-6
    weights = [((i + 1) / 5) ** 2 - (i / 5) ** 2 for i in range(5)]
    rank = losses.argsort().argsort()
    risk = spectral_risk(ITSELF, 2.0)
    slope = [(risk(losses + step * e) - risk(losses - step * e)) / (2 * step) for e in np.eye(5)]
    close(slope, np.array(weights)[rank], atol=1e-6)


@fact("S069.3")
def _():
    losses = RNG.uniform(0, 3, size=20)
    close(cvar(ITSELF, 0.25)(losses), np.sort(losses)[-5:].mean())


@fact("S073.4")
def _():
    r = RNG.dirichlet(np.ones(4), size=60)
    loss = get("squared_euclidean")
    assert (loss(P, r) <= 2 * (loss(P, Q) + loss(Q, r)) + 1e-12).all()
    middle = (P + r) / 2
    close(loss(P, r), 2 * (loss(P, middle) + loss(middle, r)))


@fact("S081.2")
def _():
    y = np.zeros(60, dtype=int)
    t, logs = softmax(T), log_softmax(Z)
    whole = -(t * logs).sum(axis=1)
    close(whole, -t[:, 0] * logs[:, 0] - (t[:, 1:] * logs[:, 1:]).sum(axis=1))
    share = t[:, 1:] / t[:, 1:].sum(axis=1, keepdims=True)
    rest = logs[:, 1:] - np.log(np.exp(logs[:, 1:]).sum(axis=1, keepdims=True))
    close(get("normalised_distillation")(Z, T, y), -t[:, 0] * logs[:, 0] - 1.5 * (share * rest).sum(axis=1))


@fact("S081.1")
def _():
    t = T.copy()
    z = T.copy()
    z[:, 0] += 3.0  # the label's share moves, the shares among the others do not
    y = np.zeros(60, dtype=int)
    rest = [get("normalised_distillation")(x, t, y) + softmax(t)[:, 0] * log_softmax(x)[:, 0] for x in (z, T)]
    close(rest[0], rest[1])


@fact("S083.4")
def _():
    first, second = RNG.normal(size=(2, 200, 4)) * 3
    t = RNG.normal(size=(200, 4))
    loss = get("normalised_binary_kl")
    assert (loss((first + second) / 2, t) <= (loss(first, t) + loss(second, t)) / 2 + 1e-9).all()


@fact("S087.1")
def _():
    p = softmax(Z)
    entropy, divergence = -(p * np.log(p)).sum(axis=1), (p * np.log(p / Q)).sum(axis=1)
    close(find("flipped_cross_entropy").function(Z, Q, epsilon=0.0), divergence + entropy)


@fact("S090.2")
def _():
    p = np.array([[0.7, 0.3]])
    grid = np.linspace(0.01, 0.99, 99)
    q = np.stack([grid, 1 - grid], axis=1)
    value = find("mixce").function(np.repeat(p, 99, 0), q, eta=0.3)
    assert grid[value.argmin()] > 0.71


@fact("S106.2")
def _():
    # A pair's term does not depend on the rest of the batch: adding rows adds terms.
    small, large = get("siglip")(A[:3], B[:3]), get("siglip")(A[:4], B[:4])
    s = 10 * similarities(A[:4], B[:4]) - 10
    close(large[:3] - small, np.logaddexp(0, s[:3, 3]))


@fact("S106.3")
def _():
    s = np.full((7, 7), -10.0)  # similarities 0 at the start
    sign = 2 * np.eye(7) - 1
    terms = np.logaddexp(0, -sign * s)
    assert np.trace(terms) > 100 * (terms.sum() - np.trace(terms))


@fact("S109.1")
def _():
    one = np.eye(4)[:3]
    other = one.copy()
    assert (similarities(one, other)[~np.eye(3, dtype=bool)] < 0.5).all()
    moved = other + 1e-3 * np.roll(one, 1, axis=0)  # negatives move below the margin: nothing changes to first order
    assert np.abs(get("cosine_contrastive")(one, moved) - get("cosine_contrastive")(one, other)).max() < 1e-5


@fact("S109.2")
def _():
    values = get("cosine_contrastive")(A, B, margin=0.2, weight=3.0)
    assert ((values >= 0) & (values <= 2 + 3 * 0.8)).all()


@fact("S109.3")
def _():
    # Two negatives below the margin: the loss does not see which is nearer.
    anchor = np.array([[1.0, 0.0], [0.0, 1.0]])
    for cosine in (0.1, 0.4):
        near = np.array([[1.0, 0.0], [cosine, math.sqrt(1 - cosine**2)]])
        assert math.isclose(get("cosine_contrastive")(anchor, near, margin=0.5)[0], 0.0, abs_tol=1e-12)


@fact("S110.1")
def _():
    entropies = []
    for tau in (0.05, 0.2, 1.0, 5.0):
        r = softmax(np.where(np.eye(7, dtype=bool), -np.inf, S) / tau)
        entropies.append(-(r * np.log(np.where(r > 0, r, 1))).sum(axis=1))
    assert (np.diff(entropies, axis=0) > 0).all()


@fact("S116.2")
def _():
    best = np.log(Q)
    loss = get("listnet")
    for _ in range(20):
        assert (loss(best, Q) <= loss(best + 0.2 * RNG.normal(size=best.shape), Q) + 1e-12).all()


@fact("S122.1")
def _():
    a, p, n = RNG.normal(size=(3, 200, 3))
    gap = np.linalg.norm(a - n, axis=1) - np.linalg.norm(a - p, axis=1)
    assert ((get("triplet_margin")(a, p, n, margin=0.5) <= 1e-5) == (gap >= 0.5 - 1e-5)).all()


@fact("S125.2")
def _():
    same = np.ones((4, 3))
    close(get("triplet_margin")(same, same, same, margin=0.7), 0.7, atol=1e-5)


@fact("S140.2")
def _():
    n = 7
    scores = np.where(np.eye(n, dtype=bool), 0.0, -1e9)
    assert math.isclose(math.log(n) - (-log_softmax(scores).diagonal()).mean(), math.log(n))
    assert (math.log(n) - get("info_nce")(A, B) <= math.log(n)).all()


@fact("S135.2")
def _():
    # Points at 0 and theta: Wasserstein's distance is |theta|, Jensen-Shannon log 2 however near they are.
    bins = np.eye(5)
    for theta in (1, 2, 4):
        assert math.isclose(get("wasserstein_bins")(bins[:1], bins[theta : theta + 1])[0], theta)
        m = (bins[0] + bins[theta]) / 2
        js = 0.5 * sum((x[x > 0] * np.log(x[x > 0] / m[x > 0])).sum() for x in (bins[0], bins[theta]))
        assert math.isclose(js, math.log(2))


@fact("S141.2")
def _():
    grid = np.linspace(-30, 30, 60001)

    def density(m, s):
        return np.exp(-((grid - m) ** 2) / (2 * s**2)) / (s * math.sqrt(2 * math.pi))

    p, q = density(0.0, 1.0), density(1.5, 0.7)
    step = grid[1] - grid[0]
    numeric = -math.log((p @ q * step) ** 2 / ((p @ p * step) * (q @ q * step)))
    v = 1 + 0.49
    cross = math.exp(-(1.5**2) / (2 * v)) / math.sqrt(2 * math.pi * v)
    close(numeric, -math.log(cross**2 * (2 * math.sqrt(math.pi)) * (2 * math.sqrt(math.pi) * 0.7)), rtol=1e-9)


@fact("S147.1")
def _():
    a, b = RNG.normal(size=(2, 50, 3))
    loss = get("pseudo_huber_premetric")
    assert not loss(a, a).any()
    assert (loss(a, b) > 0).all()
    distance = np.linalg.norm(a - b, axis=1)
    assert (loss(a, b) <= distance).all()


@fact("S157.1")
def _():
    r2 = RNG.uniform(0, 0.9, size=50) ** 2
    value = get("amplified_squared")(np.sqrt(r2), 0 * r2)
    close(value, -np.log1p(-r2))
    assert (value >= r2).all()
    up, down = (get("amplified_squared")(np.sqrt(r2 + h), 0 * r2) for h in (1e-7, 0.0))
    close((up - down) / 1e-7, 1 / (1 - r2), rtol=1e-4)


@fact("S157.2")
def _():
    y, grid = np.array([0.2, 0.6, 0.7]), np.linspace(0, 1, 101)
    assert grid[np.array([get("amplified_squared")(np.full(1, g), np.full(1, 0.6))[0] for g in grid]).argmin()] == 0.6
    assert not get("amplified_squared")(y, y).any()


@fact("S105.2")
def _():
    # Two pairs: half-way is where the positive exceeds the negative by the margin.
    rows = np.array([[0.4 - 0.1, 0.3]])
    close(softmax(rows / 0.5)[0], 0.5)


@fact("S060.2")
def _():
    z = RNG.normal(size=(20, 3, 4))
    y = RNG.integers(0, 4, size=20)
    values = [get("odd_one_out")(z[:, list(order)], y) for order in itertools.permutations(range(3))]
    close(np.ptp(values, axis=0), 0, atol=1e-12)


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    FACTS[name]()
