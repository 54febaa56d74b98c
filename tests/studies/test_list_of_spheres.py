"""Small claims of the literature list about contrastive losses: bounds, limits and minimisers on the sphere."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp
from scipy import optimize, special

from losscheck.arrays import sigmoid
from losscheck.catalogue.embedding_contrast import similarities
from losscheck.catalogue.embedding_pairs import triplet_margin
from tests.studies.facts import collection, get

torch = pytest.importorskip("torch")
RNG = np.random.default_rng(42)
START = RNG.bit_generator.state
close = np.testing.assert_allclose
FACTS, fact = collection()


def least(function, start):
    """The least value that is found from ``start``, and where: L-BFGS with slopes by torch."""

    def both(x):
        at = torch.tensor(x, requires_grad=True)
        value = function(at)
        value.backward()
        return value.item(), at.grad.numpy()

    found = optimize.minimize(both, start, jac=True, method="L-BFGS-B", options={"ftol": 1e-15, "gtol": 1e-12})
    return found.fun, found.x


@fact("S106.4")
def _():
    def minimiser(rows, width, t, bias, seed):
        def loss(x):
            a, b = x.reshape(2, rows, width)
            return get("siglip")(a, b, t=t, bias=bias).sum()

        value, x = least(loss, np.random.default_rng(seed).normal(size=2 * rows * width))
        return value, similarities(*x.reshape(2, rows, width))

    def constants(rows, delta):
        return np.where(np.eye(rows) == 1, 1 - 2 * delta, -(1 - delta) / (rows - 1) - delta)

    def cost(s, t, bias):
        return np.logaddexp(0, np.where(np.eye(len(s)) == 1, -1, 1) * (t * s + bias)).sum()

    # A simplex plus opposite shifts of the two views: delta is 0 for the simplex, where both views agree and all others
    # are as far as they can be, and 1 where the two views are antipodal.
    value, _ = minimiser(4, 4, 10.0, -10.0, 0)  # the start of the paper
    assert math.isclose(value, cost(constants(4, 0), 10.0, -10.0), rel_tol=1e-6)
    for rows, t, bias, seed, delta in (
        (4, 5.0, -2.0, 0, 0),
        (12, 0.5, 0.0, 0, 1),
        (4, 1.0, 0.0, 0, 0.25),
    ):
        value, s = minimiser(rows, rows, t, bias, seed)
        close(s, constants(rows, delta), atol=1e-3)
        assert all(cost(constants(rows, other), t, bias) >= value - 1e-9 for other in np.linspace(0, 1, 21))


@fact("S111.1")
def _():
    # A finite world: the mean over M negatives, less log M, against alignment plus uniformity.
    points, tau = RNG.normal(size=(6, 3)), 0.5
    s = similarities(points, points) / tau
    weight = RNG.dirichlet(np.ones(6))
    uniform = weight @ np.log(np.exp(s) @ weight)
    gaps = []
    for count in (10, 100, 1000, 10000):
        drawn = RNG.multinomial(count, weight, size=3000)
        total = np.exp(s)[:, 0][:, None] + np.exp(s) @ drawn.T  # the positive of each point is point 0
        gaps.append(abs(weight @ np.log(total / count).mean(axis=1) - uniform))
    assert all(later < first / 3 for first, later in itertools.pairwise(gaps))
    assert gaps[-1] < 1e-3


@fact("S111.2")
def _():
    # The potential of an angle, exp(2 t cos - 2 t), has the Fourier coefficients I_k(2 t) e^(-2 t), all positive: the
    # energy of a measure is a sum of squares of its coefficients, and 0 beyond the first for the uniform one only.
    for t, sides in ((2.0, 36), (0.5, 12)):
        angle = 2 * np.pi * np.arange(sides) / sides
        ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        potential = np.exp(2 * t * (similarities(ring, ring) - 1))
        pair = np.exp(get("uniformity")(ring[:2], t=t))
        close(pair, potential[0, 1])
        wide = 2 * np.pi * np.arange(512) / 512
        series = np.fft.rfft(np.exp(2 * t * (np.cos(wide) - 1))).real / 512
        close(series[:20], special.ive(np.arange(20), 2 * t), atol=1e-15)
        assert (special.ive(np.arange(200), 2 * t)[:40] > 0).all()
        assert np.linalg.eigvalsh(potential).min() > -1e-13  # on a polygon they are sums of these
        even = np.full(sides, 1 / sides)
        for other in RNG.dirichlet(np.ones(sides), size=50):
            assert other @ potential @ other > even @ potential @ even


@fact("S112.2")
def _():
    # Repulsion as a functional of the measure on a circle, where each point draws its negatives by e^(-t c).
    sides = 8
    angle = 2 * np.pi * np.arange(sides) / sides
    cost = torch.tensor(2 - 2 * np.cos(angle[:, None] - angle[None, :]))
    for t in (1.0, 2.0):

        def repulsion(logs, t=t):
            mass = torch.softmax(logs, dim=0)
            drawn = mass * torch.exp(-t * cost)
            return -(mass * (drawn * cost).sum(dim=1) / drawn.sum(dim=1)).sum()

        even = repulsion(torch.zeros(sides, dtype=torch.float64)).item()
        for _ in range(3):
            value, logs = least(repulsion, 2 * RNG.normal(size=sides))
            close(value, even, rtol=1e-9)
            close(special.softmax(logs), 1 / sides, atol=1e-3)
        assert all(repulsion(torch.tensor(3 * RNG.normal(size=sides))).item() > even for _ in range(200))


@fact("S116.1")
def _():
    a, t, far = sp.symbols("a t far", positive=True)
    weight = 2 * a / (1 + sp.exp(t * far))
    assert sp.limit(weight, t, sp.oo) == 0
    assert weight.subs(far, 0) == a  # so with a = 1 the weights become the hard ones, with another a times them
    distance = RNG.uniform(0.5, 2, size=(6, 4))
    distance[np.arange(6), np.arange(6) % 4] = 0
    z = RNG.normal(size=(6, 4))
    soft = get("listnet")(z, 2 * 0.5 * sigmoid(-200 * distance))
    close(soft, 0.5 * get("cross_entropy")(z, np.arange(6) % 4), rtol=1e-9)


@fact("S118.1")
def _():
    # All negatives cost at least e^(-(1 + s) / tau) each, so s >= -1 - tau log((e^L - 1) / (N - 1)), which bounds the
    # squared distance 2 - 2 s; the bound is concave in L, so it holds for the means too (Jensen).
    for rows, width, tau in ((2, 2, 0.5), (8, 4, 0.5), (30, 3, 0.07), (5, 5, 2.0)):
        a, b = RNG.normal(size=(2, rows, width))
        for noise in (0.0, 0.1, 1.0):
            near = a + noise * b
            loss, distance = get("info_nce")(a, near, tau=tau), get("alignment")(a, near)
            for one, other in ((distance, loss), (distance.mean(), loss.mean())):
                assert (one <= 4 + 2 * tau * np.log(np.expm1(other) / (rows - 1)) + 1e-9).all()
    # Equality: one negative, opposite to the anchor.
    a, b = np.array([[1.0, 0.0], [-1.0, 0.0]]), np.array([[1.0, 0.0], [-1.0, 0.0]])
    close(get("alignment")(a, b), 4 + 2 * 0.5 * np.log(np.expm1(get("info_nce")(a, b, tau=0.5))), atol=1e-12)
    # Barlow Twins: of standardised columns the mean distance is 2 sum(1 - C_ii) <= 2 sqrt(D L) (Cauchy and Schwarz).
    for noise in (0.0, 0.3, 3.0):
        a = RNG.normal(size=(40, 5))
        b = a + noise * RNG.normal(size=(40, 5))
        one, other = ((e - e.mean(axis=0)) / np.sqrt(e.var(axis=0) + 1e-5) for e in (a, b))
        distance = ((one - other) ** 2).sum(axis=1).mean()
        assert distance <= 2 * math.sqrt(5 * get("barlow_twins")(a, b)) + 1e-12


@fact("S122.2")
def _():
    # The score of the authors' code: the mean of lambda, near neighbours of the own and far ones of other classes, over
    # the largest of the batch, and gamma, the share of the own class among the neighbours.
    def score(e, y, neighbours):
        far = np.linalg.norm(e[:, None] - e[None], axis=2)
        np.fill_diagonal(far, np.inf)
        places = np.argsort(far, axis=1)[:, :neighbours]
        far, same = np.take_along_axis(far, places, axis=1), y[places] == y[:, None]
        scaled = (far - far[:, :1]) / (far[:, -1:] - far[:, :1] + 1e-6)
        each = np.where(same, 1 - scaled, scaled).sum(axis=1)
        return (np.sqrt(each / (each.max() + 1e-6)).mean() + np.sqrt(same.mean(axis=1)).mean()) / 2

    values = []
    for spread in (0.0, 0.1, 1.0, 5.0):
        for seed in range(25):
            rng = np.random.default_rng(seed)
            y = rng.integers(0, 4, size=20)
            values.append(score(rng.normal(size=(20, 3)) + spread * np.eye(4, 3)[y] * 4, y, int(rng.integers(2, 6))))
    assert (np.array(values) >= 0).all()
    assert (np.array(values) <= 1).all()
    assert max(values) > 0.9
    # Rows of one place whose neighbours are all of another class: the score is 0, and the loss -log 0.
    assert score(np.zeros((2, 3)), np.array([0, 1]), 1) == 0


def hardest(distance, same, margin):
    """The largest hinge of a row's farthest of its class against its nearest of another."""
    far, near = np.where(same, distance, 0).max(axis=1), np.where(same, np.inf, distance).min(axis=1)
    return np.maximum(0, far - near + margin).max()


def distances(e):
    """All distances of rows."""
    return np.linalg.norm(e[:, None] - e[None], axis=2)


@fact("S125.1")
def _():
    # F*: the maps without loss; the distance of two maps: the most a distance of two rows differs. A map at d from F*
    # has loss <= 2 d. A map of loss L < m, scaled by 1 / (1 - L / m), is in F*, so d <= R L / (m - L), R its diameter.
    y, margin = np.array([0, 0, 0, 1, 1, 2, 2]), 1.0
    same = y[:, None] == y[None, :]
    small = 0
    for _ in range(300):
        e = 1.3 * np.eye(3)[y] + 0.25 * RNG.normal(size=(7, 3))
        loss = hardest(distances(e), same, margin)
        if small < 3:  # it is the largest of the triplet losses; the distance of torch's is guarded by 1e-6
            triples = itertools.product(range(7), repeat=3)
            kept = np.array([each for each in triples if same[each[:2]] and not same[each[::2]]]).T
            assert math.isclose(triplet_margin(*(e[places] for places in kept), margin).max(), loss, abs_tol=2e-5)
        if 0 < loss < margin:
            small += 1
            other = e / (1 - loss / margin)
            assert hardest(distances(other), same, margin) <= 1e-9
            apart = np.abs(distances(other) - distances(e)).max()
            assert loss / 2 <= apart + 1e-9
            assert apart <= distances(e).max() * loss / (margin - loss) + 1e-9
    assert small > 50


@fact("S129.1")
def _():
    # Exact: every pair and every draw of two negatives on three by three symbols, for critics of all kinds.
    joint = RNG.dirichlet(np.ones(9)).reshape(3, 3)
    own, other = joint.sum(axis=1), joint.sum(axis=0)
    information = (joint * np.log(joint / np.outer(own, other))).sum()

    def loss(critic, size):
        total = 0.0
        for x, y in itertools.product(range(3), repeat=2):
            for rest in itertools.product(range(3), repeat=size - 1):
                share = joint[x, y] * np.prod(other[list(rest)])
                total += share * (np.logaddexp.reduce(critic[x, [y, *rest]]) - critic[x, y])
        return total

    best = np.log(joint / np.outer(own, other))
    for size in (2, 4):
        assert all(math.log(size) - loss(RNG.normal(size=(3, 3)) * 2, size) < information for _ in range(15))
        assert math.log(size) - loss(best, size) < information
    assert math.log(5) - loss(best, 5) > math.log(2) - loss(best, 2)  # the bound tightens with their number


@fact("S133.1")
def _():
    t, rate, start = sp.symbols("t rate start", positive=True)
    size = sp.exp(4 * rate * t) / sp.sqrt(start**-2 + (sp.exp(8 * rate * t) - 1) * rate)
    assert size.subs(t, 0) == start
    assert sp.simplify(sp.diff(size, t) - 4 * rate * size * (1 - rate * size**2)) == 0
    # Descent in small steps on data of second moment diag(rates), from an aligned start.
    rates, starts, step = np.array([1.0, 0.5, 0.2]), np.array([0.02, 0.01, 0.03]), 5e-3
    data = torch.tensor(np.kron(np.diag(np.sqrt(3 * rates)), [[1.0], [-1.0]]))
    assert np.allclose(data.T @ data / len(data), np.diag(rates))
    turn = np.linalg.qr(RNG.normal(size=(3, 3)))[0]
    w = torch.tensor(turn @ np.diag(starts), requires_grad=True)
    for count in range(1, 601):
        (slope,) = torch.autograd.grad(get("second_moment_identity")(data @ w.T), w)
        w = (w - step * slope).detach().requires_grad_()
        if count in (200, 600):
            closed = [
                float(size.subs({t: step * count, rate: r, start: s})) for r, s in zip(rates, starts, strict=True)
            ]
            close((turn.T @ w.detach().numpy()), np.diag(closed), rtol=0.05, atol=1e-6)


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    RNG.bit_generator.state = START  # the same numbers alone and among the others
    FACTS[name]()
