"""Small claims of the literature list about losses of scores, each looked at on seeded numbers: evidence, not proof."""

from __future__ import annotations

import math

import numpy as np
import pytest

from losscheck.arrays import log_softmax, sigmoid, softmax
from tests.studies.facts import collection, get, slopes

RNG = np.random.default_rng(30)
Z, W = RNG.normal(size=(2, 300, 4)) * 3
Y = RNG.integers(0, 4, size=300)
V = np.linspace(-8, 8, 801)
C = RNG.uniform(-1, 1, size=(300, 4))
ROWS = np.arange(300)
ONE_HOT = np.eye(4)[Y]


CE = get("cross_entropy")(Z, Y)
P = np.exp(-CE)
close = np.testing.assert_allclose


FACTS, fact = collection()


@fact("S017.1")
def _():
    leads = Z[ROWS, Y] == Z.max(axis=1)
    losses = np.array([get("cross_entropy")(c * Z[leads], Y[leads]) for c in (1, 2, 4, 64)])
    assert (np.diff(losses, axis=0) < 0).all()
    assert np.median(losses[-1]) < 1e-6


@fact("S033.1")
def _():
    close(get("focal")(Z, Y, gamma=2), (1 - P) ** 2 * CE, rtol=1e-9)
    assert (get("focal")(Z, Y, gamma=2) <= CE).all()


@fact("S034.2")
def _():
    z, y = np.array([[14.0, 0.0]]), np.array([0])
    assert math.isclose(
        -slopes(get("poly1"), z, y, step=1e-4, eps=0.7)[0, 0] / (1 - softmax(z)[0, 0]), 1.7, rel_tol=1e-3
    )


@fact("S034.3")
def _():
    p = np.linspace(0.05, 0.95, 50)
    for n in (1, 4, 9):
        tail = -np.log(p) - sum((1 - p) ** j / j for j in range(1, n + 1))
        assert ((tail >= 0) & (tail <= (1 - p) ** (n + 1) / ((n + 1) * p))).all()


@fact("S035.1")
def _():
    close(slopes(get("encouraging"), Z / 3, Y)[ROWS, Y], -1, atol=1e-6)


@fact("S035.3")
def _():
    def loss(p):
        return get("encouraging_score_capped")(np.array([[p, 1 - p]]), np.array([0]))[0]

    left, right = (loss(0.75) - loss(0.75 - 1e-6)) / 1e-6, (loss(0.75 + 1e-6) - loss(0.75)) / 1e-6
    assert math.isclose(left, right, rel_tol=1e-4)
    assert math.isclose(loss(1.0), math.log(0.25) - 1)
    assert all(loss(p) >= loss(1.0) for p in np.linspace(0.01, 1, 100))


@fact("S036.1")
def _():
    wrong = (np.where(ONE_HOT == 1, 0, Z) ** 2).sum(axis=1) / 3
    close(get("squentropy")(Z, Y), CE + wrong)


@fact("S038.1")
def _():
    z = np.full((5, 1), -4.0)  # p = 0.018 < m
    assert not get("multilabel_asymmetric")(z, np.zeros((5, 1))).any()
    assert not slopes(get("multilabel_asymmetric"), z, np.zeros((5, 1))).any()


@fact("S038.3")
def _():
    z = V[np.abs(V) < 6]
    p = sigmoid(z) - 0.05
    some = p > 1e-6
    wanted = (4 * p**3 * -np.log1p(-p) + p**4 / (1 - p)) * sigmoid(z) * sigmoid(-z)
    y = np.zeros(len(z), dtype=int)
    got = slopes(lambda s, t: get("binary_asymmetric")(s[:, 0], t), z[:, None], y)[:, 0]
    close(got[some], wanted[some], rtol=1e-5, atol=1e-8)


@fact("S039.1")
def _():
    close(get("gumbel_optimised")(V, np.ones(801, dtype=int)), np.exp(-V), rtol=1e-9)


@fact("S041.1")
def _():
    n, own = 8, slopes(get("pass_at_n"), Z / 3, Y, n=8)
    p = softmax(Z / 3)[ROWS, Y]
    factor = n * (1 - p) ** (n - 1) * p / (1 - (1 - p) ** n)
    close(own, factor[:, None] * (softmax(Z / 3) - ONE_HOT), atol=1e-5)
    assert ((factor > 0) & (factor <= 1)).all()


@fact("S041.2")
def _():
    p = np.linspace(1e-4, 1, 500)
    factor = 8 * (1 - p) ** 7 * p / (1 - (1 - p) ** 8)
    assert (np.diff(factor) < 0).all()
    assert factor[-1] == 0


@fact("S044.1")
def _():
    slope = slopes(lambda s, t: get("entropy_maximising")(s[:, 0], t), V[:, None], np.zeros(801, dtype=int))[:, 0]
    p = sigmoid(V)
    close(slope, 0.2 * p * (1 - p) * np.log(p / (1 - p)), atol=1e-7)
    assert (slope * V >= -1e-9).all()


@fact("S046.1")
def _():
    above = np.sort(sigmoid(RNG.normal(size=(50, 3))), axis=1)[:, ::-1]
    for rows, inside in ((above, True), (above[:, ::-1], False)):
        shares = -np.diff(np.concatenate([np.ones((50, 1)), rows, np.zeros((50, 1))], axis=1), axis=1)
        assert (shares >= 0).all(axis=1).all() == inside


@fact("S050.1")
def _():
    share, x = np.array([0.6, 0.3, 0.1]), RNG.normal(size=5)
    slope = np.outer(share, x) - np.diag(share) @ np.outer(share, x)  # p = share at every sample, labels by share
    own = [np.linalg.norm(share[c] * (share[c] - 1) * x) for c in range(3)]
    close(own, share * (1 - share) * np.linalg.norm(x))
    close(np.linalg.norm(slope, axis=1), own)


@fact("S051.2")
def _():
    lam = 0.1
    best = V[get("spectral_decoupling")(V, lam=lam).argmin()]
    assert abs(sigmoid(-best) - lam * best) < 5e-3


@fact("S054.1")
def _():
    for classes in (3, 10):
        z = np.full((1, classes), -1 / (classes - 1))
        z[0, 0] = 1.0
        assert math.isclose(get("normface")(z, np.array([0]), s=4.0)[0],
                            math.log1p((classes - 1) * math.exp(-4 * classes / (classes - 1))))  # fmt: skip


@fact("S061.1")
def _():
    y = (V > 0).astype(int)
    close(
        get("self_calibrating_bce")(V, y, alpha=0.4, beta=0.3), get("self_calibrating_bce")(V, y, alpha=0.3, beta=0.4)
    )


@fact("S061.2")
def _():
    grid = np.linspace(0.001, 0.999, 999)
    for eta, ab in ((0.8, 0.1), (0.7, 0.3)):
        risk = eta * get("perturbed_labels")(grid, np.ones(999), rate=ab, size=1.0)
        risk = risk + (1 - eta) * get("perturbed_labels")(grid, np.zeros(999), rate=ab, size=1.0)
        assert abs(grid[risk.argmin()] - ((1 - 2 * ab) * eta + ab)) < 2e-3


@fact("S061.3")
def _():
    q = [(1 - 2 * ab) * 0.8 + ab for ab in (0, 0.1, 0.2, 0.4)]
    assert (np.diff([-x * math.log(x) - (1 - x) * math.log(1 - x) for x in q]) > 0).all()


@fact("S061.4")
def _():
    target, z = 1 - 1.5, -np.array([10.0, 100.0, 1000.0])  # the draw (1 - beta) y of a perturbed label 1, at beta = 3/2
    values = target * np.logaddexp(0, -z) + (1 - target) * np.logaddexp(0, z)
    assert (values < target * np.abs(z) / 2).all()


@fact("S074.5")
def _():
    assert not np.allclose(get("one_vs_rest_logistic")(Z, Y), get("one_vs_rest_logistic")(Z + 1, Y))


@fact("S076.1")
def _():
    a = 0.75
    for _ in range(200):
        g, h = RNG.normal(size=(2, 4)) * 4
        p = softmax(h[None])[0]
        order = np.sort(p)
        if order[-1] - order[-2] >= (1 - a) / a:
            mixed = (1 - a) * softmax(g[None])[0] + a * p
            assert mixed.argmax() == p.argmax()


@fact("S099.4")
def _():
    p, n = RNG.uniform(-1, 1, size=(2, 40, 3))
    gap = n.max(axis=1) - p.min(axis=1) + 0.25
    close(get("unified_pairs")(p, n, gamma=2000.0) / 2000, np.maximum(gap, 0), atol=2e-3)


@fact("S099.2")
def _():
    p, n = RNG.uniform(-1, 1, size=(2, 40, 1))
    rows = np.concatenate([p - 0.25, n], axis=1)
    close(get("unified_pairs")(p, n, gamma=16.0), get("cross_entropy")(16 * rows, np.zeros(40, dtype=int)), atol=1e-9)


@fact("S100.1")
def _():
    theta = np.linspace(0.1, 2.0, 50)
    z = np.stack([np.cos(theta), np.cos(theta + 0.5)], axis=1)  # at the boundary theta_1 + m = theta_2
    close(get("arcface")(z, np.zeros(50, dtype=int)), math.log(2), rtol=1e-6)


@fact("S100.4")
def _():
    some = C[ROWS, Y] > -0.8
    assert (get("arcface")(C, Y) >= get("normface")(C, Y) - 1e-9)[some].all()


@fact("S100.2")
def _():
    theta = np.linspace(0.01, math.pi - 0.51, 200)
    loss = get("arcface")(np.stack([np.cos(theta), 0 * theta], axis=1), np.zeros(200, dtype=int))
    assert (np.diff(loss) >= 0).all()
    assert (np.diff(loss)[loss[1:] > 1e-9] > 0).all()


@fact("S102.1")
def _():
    first = slopes(get("sphereface2"), 0.9 * C, Y)
    other = 0.9 * C
    other[:, 0] = 0.3
    close(first[:, 1:], slopes(get("sphereface2"), other, Y)[:, 1:], atol=1e-5)


@fact("S102.3")
def _():
    c = np.linspace(-1, 1, 100)
    g = 2 * ((c + 1) / 2) ** 3 - 1
    assert (g[0], g[-1]) == (-1, 1)
    assert (np.diff(g) > 0).all()


@fact("S107.3")
def _():
    z, y = RNG.normal(size=(1, 5)), np.array([[1, 1, 0, 0, 0]])
    assert (slopes(get("decoupled_softmax"), z, y)[0, :2] <= 0).all()
    assert (slopes(get("decoupled_softmax"), z, y)[0, 2:] >= 0).all()


@fact("S119.1")
def _():
    close(slopes(get("cross_entropy"), Z / 3, Y).sum(axis=1), 0, atol=1e-7)


@fact("S130.1")
def _():
    s, n, w = RNG.normal(size=20), RNG.normal(size=(20, 3)), RNG.uniform(0.1, 3, size=(20, 3))
    slope = slopes(lambda m, *rest: get("weighted_contrastive")(rest[0], m, rest[1]), n, s, w)
    share = w * np.exp(n)
    close(slope, share / (np.exp(s)[:, None] + share.sum(axis=1, keepdims=True)), atol=1e-6)


@fact("S130.2")
def _():
    s, n = RNG.normal(size=20), RNG.normal(size=(20, 3))
    rows = np.concatenate([s[:, None], n], axis=1)
    close(get("weighted_contrastive")(s, n, np.ones((20, 3))), get("cross_entropy")(rows, np.zeros(20, dtype=int)))


@fact("S158.1")
def _():
    # Two steps, one down at x and one up at x - e g: x - e g + e g(x - e g), a step along the finite difference.
    x, e = np.array([1.0, -2.0]), 0.1
    gradient = lambda v: np.array([2 * v[0], 3 * v[1] ** 2])  # noqa: E731
    middle = x - e * gradient(x)
    close(middle + e * gradient(middle), x - e**2 * (gradient(x) - gradient(x - e * gradient(x))) / e)


@fact("S158.2")
def _():
    exact = 2 * math.cos(2.0)
    errors = [abs((math.sin(2 * (1 + h)) - math.sin(2.0)) / h - exact) for h in (1e-2, 1e-3)]
    assert 8 < errors[0] / errors[1] < 12


@fact("S160.1")
def _():
    other, lam = (Y + 1) % 4, 0.3
    mixed = lam * ONE_HOT + (1 - lam) * np.eye(4)[other]
    close(-(mixed * log_softmax(Z)).sum(axis=1), lam * CE + (1 - lam) * get("cross_entropy")(Z, other))
    p = softmax(Z)
    soft = ((1 - (mixed * p).sum(axis=1)) ** 0.7 - 0) / 1  # a function of p.y that is not linear
    assert not np.allclose(soft, lam * (1 - p[ROWS, Y]) ** 0.7 + (1 - lam) * (1 - p[ROWS, other]) ** 0.7)


@fact("S165.1")
def _():
    for tau in (0.2, 1.0, 5.0):
        assert (get("tempered_softmax")(Z, temperature=tau).argmax(axis=1) == Z.argmax(axis=1)).all()


@fact("S167.1")
def _():
    a = get("sigmoid_attention")(Z)
    assert ((a > 0) & (a < 1)).all()


@fact("S168.1")
def _():
    assert ((get("rela")(Z) == 0) == (Z <= 0)).all()
    assert np.isfinite(get("rela")(-np.abs(Z))).all()


@fact("S168.2")
def _():
    rows = Z[(Z > 0).any(axis=1)]
    close(get("relu_normalised")(3 * rows), get("relu_normalised")(rows))


@fact("S175.1")
def _():
    value = get("boltzmann_operator")(Z)
    assert ((value >= Z.mean(axis=1) - 1e-12) & (value <= Z.max(axis=1))).all()


@fact("S176.1")
def _():
    # The k-th largest of the predictors' scores ignores k - 1 that lie.
    z = np.abs(RNG.normal(size=(30, 5, 4)))
    honest = np.sort(z, axis=1)[:, -2]
    lied = z.copy()
    lied[:, 0] += 1e6
    assert (np.sort(lied, axis=1)[:, -2] <= z.max(axis=1) + 1e-12).all()
    assert (honest <= np.sort(lied, axis=1)[:, -2] + 1e-12).all()


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    FACTS[name]()
