"""Small claims of the literature list about bounds, limits and maps: evidence on seeded numbers, not proof."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize

from losscheck.arrays import log_softmax, sigmoid, softmax
from losscheck.catalogue import find
from losscheck.catalogue.wrappers import bag_instance, canonical, smooth_adversarial
from tests.studies.facts import collection, get, slopes

RNG = np.random.default_rng(33)
Z = RNG.normal(size=(300, 4)) * 3
Y = RNG.integers(0, 4, size=300)
ROWS, ONE_HOT = np.arange(300), np.eye(4)[Y]
close = np.testing.assert_allclose
FACTS, fact = collection()


@fact("S001.4")
def _():
    b = np.linspace(0, 1, 200)[:-1]
    for tau in (0.0, 0.5, 0.9):
        mean = ((1 + b) ** (1 / (2 - tau)) + (1 - b) ** (1 / (2 - tau))) / 2
        transform = 2 ** (1 - tau) / (1 - tau) * (1 - mean ** (2 - tau))
        assert (transform >= b**2 / (2**tau * (2 - tau)) - 1e-12).all()
    # Between 1 and 2 the list has sqrt(2 n^(tau - 1) (2 - tau) t), recalled: false at tau = 3/2, where
    # T(1) = 2 (sqrt 2 - 1) / sqrt n lies below 1 / sqrt n. Without the factor 2 - tau it holds.
    assert 2 * (math.sqrt(2) - 1) < 1
    for tau, n in ((1.2, 3), (1.5, 3), (1.9, 5)):
        mean = ((1 + b) ** (1 / (2 - tau)) + (1 - b) ** (1 / (2 - tau))) / 2
        transform = (mean ** (2 - tau) - 1) / ((tau - 1) * n ** (tau - 1))
        assert (transform >= b**2 / (2 * n ** (tau - 1)) - 1e-12).all()


@fact("S002.1")
def _():
    v = Z + RNG.normal(size=Z.shape) * 2
    for rho, nu in ((1.0, 1.0), (2.0, 0.5)):  # cross-entropy is 1-Lipschitz in the margins
        assert (smooth_adversarial("cross_entropy", rho, nu)(Z, v, Y) >= get("cross_entropy")(v / rho, Y) - 1e-12).all()


@fact("S002.3")
def _():
    z, v = RNG.normal(size=(2, *Z.shape)) * 3, RNG.normal(size=Z.shape)
    loss = smooth_adversarial("cross_entropy")
    assert (loss((z[0] + z[1]) / 2, v, Y) <= (loss(z[0], v, Y) + loss(z[1], v, Y)) / 2 + 1e-12).all()


@fact("S007.3")
def _():
    yhat, y = RNG.normal(size=(50, 6)), RNG.normal(size=50)
    for name in ("squared_error", "huber", "log_cosh"):
        bag, alone = (bag_instance(name, rho)(yhat, y) for rho in (0.0, 1.0))
        assert (bag <= alone + 1e-12).all()


@fact("S008.4")
def _():
    for name in ("normalised_cross_entropy", "normalised_focal", "normalised_absolute"):
        value = get(name)(Z, Y)
        assert ((value >= 0) & (value <= 1)).all()


@fact("S010.1")
def _():
    for tau in (0.5, 2.0):
        value = find("logit_clip_cross_entropy").function(Z * 5, Y, tau=tau)
        assert (value >= math.log1p(3 * math.exp(-2 * tau))).all()
        assert (value <= math.log1p(3 * math.exp(2 * tau))).all()
        assert (value <= math.log1p(3 * math.exp(tau * math.sqrt(2)))).all()


@fact("S010.3")
def _():
    def clip(z):
        return z * np.minimum(1, 1.5 / np.linalg.norm(z, axis=1, keepdims=True))

    other = Z + RNG.normal(size=Z.shape)
    assert (np.linalg.norm(clip(Z) - clip(other), axis=1) <= np.linalg.norm(Z - other, axis=1) + 1e-12).all()
    close(clip(clip(Z)), clip(Z))
    assert (clip(Z).argmax(axis=1) == Z.argmax(axis=1)).all()


@fact("S013.1")
def _():
    loss = canonical([[0.75, 0.25, 0.0, 0.0], [0.0, 0.5, 0.5, 0.0], [0.25, 0.25, 0.25, 0.25]])
    z, y = Z[:1] / 3, np.array([0])
    inverse = slopes(loss, z, y) + np.eye(4)[:1]
    jacobian = np.stack([(slopes(loss, z + 1e-4 * e, y) - slopes(loss, z - 1e-4 * e, y))[0] / 2e-4 for e in np.eye(4)])
    close(jacobian, jacobian.T, atol=1e-4)
    assert np.linalg.eigvalsh((jacobian + jacobian.T) / 2).min() > -1e-4
    assert (inverse > 0).all()
    close(inverse.sum(), 1, atol=1e-6)


@fact("S013.3")
def _():
    loss = canonical([[0.75, 0.25, 0.0, 0.0], [0.25, 0.25, 0.25, 0.25], [0.0, 0.0, 0.5, 0.5]])
    inverse = slopes(loss, Z / 2, Y) + ONE_HOT
    assert ((inverse > -1e-6) & (inverse < 1 + 1e-6)).all()
    close(inverse.sum(axis=1), 1, atol=1e-5)


@fact("S014.2")
def _():
    z = np.array([[30.0, 0.0, 0.0]])
    small = z.astype(np.float32)
    assert get("cross_entropy")(small, np.array([0]))[0] == 0
    assert softmax(small)[0, 0] - np.float32(1) == 0
    assert math.isclose(-math.expm1(log_softmax(z)[0, 0]), 2 * math.exp(-30), rel_tol=0.1)  # float64 still sees it


@fact("S014.3")
def _():
    z = np.array([[20.0, 0.0, 0.0]], dtype=np.float32)
    assert all(get("cross_entropy")(np.float32(c) * z, np.array([0]))[0] == 0 for c in (1, 2, 100))


@fact("S015.4")
def _():
    p = np.array([0.6, 0.3, 0.1])
    best = p / p.max() * 2 - 1  # s(z) = z + 1 above 0, 1 / (1 - z) below, in the shares of p
    best = np.where(p / p.max() * 2 >= 1, best, 1 - 1 / (p / p.max() * 2))

    def risk(z):
        return sum(p[y] * get("stablemax_cross_entropy")(z[None], np.array([y]))[0] for y in range(3))

    assert all(risk(best) < risk(best + 0.3 * RNG.normal(size=3)) for _ in range(50))


@fact("S017.2")
def _():
    # Gradient descent on separable points: in the end the step only lengthens the weights.
    x = np.array([[2.0, 1.0], [1.0, 2.0], [1.5, 0.5]])
    w, cosines = np.array([0.3, -0.2]), []
    for step in range(20000):
        slope = -(x * sigmoid(-(x @ w))[:, None]).mean(axis=0)
        if step in (0, 200, 19999):
            cosines.append(-slope @ w / (np.linalg.norm(slope) * np.linalg.norm(w)))
        w = w - 0.5 * slope
    assert cosines[2] > max(0.97, cosines[0])


@fact("S020.2")
def _():
    total = np.exp(Z - Z.max(axis=1, keepdims=True)).sum(axis=1)
    assert ((total >= 1) & (total <= 4)).all()


@fact("S023.2")
def _():
    # V - 1 entries just below eps = 2^-12 are all dropped: together nearly the whole row.
    classes, eps = 4096, 2.0**-12
    z = np.zeros((1, classes))
    z[0, 0] = 1e-3
    slope = softmax(z)[0]
    assert (slope[1:] < eps).all()
    assert slope[1:].sum() > 0.99


@fact("S027.1")
def _():
    close(get("z_loss")(3.5 * Z - 2, Y), get("z_loss")(Z, Y))


@fact("S027.2")
def _():
    # A rotation of the other scores about their mean keeps their sum and their sum of squares.
    others = RNG.normal(size=(1, 3))
    mean = others.mean()
    axis = np.ones(3) / math.sqrt(3)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    turn = np.eye(3) + math.sin(1.0) * cross + (1 - math.cos(1.0)) * cross @ cross
    rows = [np.concatenate([[[0.7]], each], axis=1) for each in (others, mean + (others - mean) @ turn.T)]
    close(get("z_loss")(rows[0], np.array([0])), get("z_loss")(rows[1], np.array([0])))


@fact("S027.3")
def _():
    deviation = Z - Z.mean(axis=1, keepdims=True)
    z = deviation / np.sqrt((deviation**2).mean(axis=1, keepdims=True))
    assert (np.abs(z) <= math.sqrt(3) + 1e-12).all()


@fact("S029.3")
def _():
    assert (sigmoid(Z) * sigmoid(-Z)).max() <= 0.25
    p = softmax(Z)
    worst = max(np.linalg.eigvalsh(np.diag(row) - np.outer(row, row)).max() for row in p)
    assert 0.25 < worst <= 0.5


@fact("S029.4")
def _():
    close(sigmoid(Z), 0.5 * (1 + np.tanh(Z / 2)), atol=2**-53 * 4)


@fact("S031.1")
def _():
    p, f, noise = RNG.dirichlet(np.ones(5)), RNG.normal(size=5), RNG.dirichlet(np.ones(5))
    exact = np.log(np.exp(f).sum()) - p @ f
    weights = np.log(np.exp(f) / noise)
    drawn = np.repeat(weights, np.round(noise * 200000).astype(int))[None]  # every point as often as the noise has it
    near = np.array([get("compositional_likelihood")(f[x : x + 1], drawn)[0] for x in range(5)]) @ p
    close(near, exact, atol=1e-4)


@fact("S032.2")
def _():
    z = np.array([[1.0, 0.8, -0.5, 0.6]])
    jacobian = np.stack(
        [(get("sparsemax")(z + 1e-6 * e) - get("sparsemax")(z - 1e-6 * e))[0] / 2e-6 for e in np.eye(4)]
    )
    s = (get("sparsemax")(z)[0] > 0).astype(float)
    close(jacobian, np.diag(s) - np.outer(s, s) / s.sum(), atol=1e-6)


@fact("S032.4")
def _():
    others = np.where(ONE_HOT == 1, -np.inf, Z).max(axis=1)
    clear = np.abs(Z[ROWS, Y] - others - 1) > 1e-6
    zero = get("sparsemax_loss")(Z, Y) < 1e-9
    assert (zero == (Z[ROWS, Y] >= 1 + others))[clear].all()


@fact("S032.5")
def _():
    t = np.linspace(-3, 3, 200)
    value = get("sparsemax_loss")(np.stack([t, 0 * t], axis=1), np.zeros(200, dtype=int))
    close(value, np.where(t >= 1, 0, np.where(t <= -1, -t, (t - 1) ** 2 / 4)), atol=1e-12)


@fact("S037.2")
def _():
    near = [get("harmonic")(np.array([[d, 1.0, 2.0]]), np.array([0]))[0] for d in (1e-1, 1e-3, 1e-6)]
    assert near[0] > near[1] > near[2]
    assert near[2] < 1e-11


@fact("S037.4")
def _():
    d = RNG.uniform(0.1, 3, size=(50, 3))
    total = sum(get("harmonic")(d, np.full(50, y)) for y in range(3))
    assert np.ptp(total) > 0.1
    p = np.array([0.5, 0.3, 0.2])
    best = p ** (-1 / 2)

    def risk(x):
        return sum(p[y] * get("harmonic")(x[None], np.array([y]))[0] for y in range(3))

    assert all(risk(best) <= risk(best * np.exp(0.3 * RNG.normal(size=3))) for _ in range(50))


@fact("S042.4")
def _():
    y = RNG.uniform(-1, 1, size=300)
    for name in ("two_hot", "hl_gauss"):
        assert np.abs(slopes(get(name), Z, y)).max() <= 1 + 1e-6


@fact("S042.3")
def _():
    outcomes, share, bins = np.array([-0.7, 0.1, 0.8]), np.array([0.2, 0.5, 0.3]), np.linspace(-1, 1, 5)
    from losscheck.catalogue.bins import two_hot_target
    from losscheck.catalogue.hl_gauss import histogram_target

    exact = share @ two_hot_target(outcomes, 5, -1.0, 1.0) @ bins  # cross-entropy is least at the mean target
    smooth = share @ histogram_target(outcomes, 5, 0.75) @ bins
    close(exact, share @ outcomes)
    assert abs(smooth - share @ outcomes) > 1e-3


@fact("S044.2")
def _():
    v = np.linspace(-50, 50, 2001)
    value = get("entropy_maximising")(v, np.zeros(2001, dtype=int))
    assert ((value >= -0.2 * math.log(2) - 1e-12) & (value <= 1e-12)).all()


@fact("S060.3")
def _():
    z, y = RNG.normal(size=(1, 3, 4)), np.array([1])
    moved = []
    for member in range(3):
        step = np.zeros((1, 3, 4))
        step[0, member, 2] = 1e-6
        moved.append((get("odd_one_out")(z + step, y) - get("odd_one_out")(z - step, y))[0] / 2e-6)
    close(moved, moved[0], atol=1e-8)


@fact("S059.1")
def _():
    right, grid = 0.37, np.linspace(0, 1, 1001)
    risk = right * (grid - 1) ** 2 + (1 - right) * grid**2
    assert math.isclose(grid[risk.argmin()], right)


@fact("S073.2")
def _():
    p, q, r = RNG.dirichlet(np.ones(4), size=(3, 200))
    for name in ("total_variation", "hellinger", "jensen_shannon_distance"):
        assert (get(name)(p, r) <= get(name)(p, q) + get(name)(q, r) + 1e-12).all()


@fact("S074.1")
def _():
    # dz/dt = -slope on one sample of two classes, by the margin; exponential ends: both margins grow as log t.
    ratios = []
    for time in (1e2, 1e4, 1e7):
        # Cross-entropy: z_y rises at e^-m / (1 + e^-m) and the other falls as fast: m' = 2 / (1 + e^m).
        ce = optimize.brentq(lambda m, t=time: m + math.exp(m) - 1 - 2 * t, 0, 40)
        # One against the rest: each score obeys z' = 1 / (1 + e^z) by itself, and the margin is twice that.
        ovr = 2 * optimize.brentq(lambda z, t=time: z + math.exp(z) - 1 - t, 0, 40)
        ratios.append(ovr / ce)
    assert ratios[0] < ratios[1] < ratios[2] < 2
    assert ratios[2] > 1.7


@fact("S085.3")
def _():
    # With the teacher's whole distribution both squared error of log-probabilities and KL are least at the teacher.
    t = np.log(np.array([[0.5, 0.3, 0.2]]))
    for name in ("log_probability_matching", "knowledge_distillation"):
        at = get(name)(t, t)[0]
        assert all(at <= get(name)(t + 0.3 * RNG.normal(size=(1, 3)), t)[0] + 1e-12 for _ in range(50))


@fact("S090.1")
def _():
    p, q = np.array([[0.5, 0.3, 0.2]]), np.array([[0.4, 0.4, 0.2]])
    close(find("mixce").function(p, q, eta=1.0), -(p * np.log(q)).sum(axis=1))
    corner = np.array([[1 - 2e-9, 1e-9, 1e-9]])
    grid = RNG.dirichlet(np.ones(3), size=200)
    assert (-(grid * np.log(p)).sum(axis=1) >= -(corner * np.log(p)).sum(axis=1) - 1e-6).all()


@fact("S108.3")
def _():
    z = np.array([[3.0, -1.0, 2.0, 0.5]])
    close(find("soft_topk").function(1e3 * z, kept=2.0), [[1, 0, 1, 0]], atol=1e-6)


@fact("S112.1")
def _():
    s = RNG.normal(size=(5, 4))
    close(softmax(-s).sum(axis=1), 1)


@fact("S134.3")
def _():
    r = np.linspace(0.01, 10, 200)
    for h in (np.ones(200), r, r / (r + 1)):
        assert (np.diff(h) >= 0).all()


@fact("S141.1")
def _():
    p, q = RNG.dirichlet(np.ones(4), size=(2, 200))
    value = get("cauchy_schwarz_divergence")(p, q)
    assert (value > 0).all()
    close(value, get("cauchy_schwarz_divergence")(q, p))
    close(get("cauchy_schwarz_divergence")(p, p), 0, atol=1e-12)


@fact("S147.2")
def _():
    y = np.array([0.0, 0.0, 1.0])
    grid = np.linspace(-0.2, 1.0, 241)
    risk = [get("pseudo_huber_premetric")(np.full((3, 1), g), y[:, None]).mean() for g in grid]
    assert grid[np.argmin(risk)] < 0.3  # between the median 0 and the mean 1/3


@fact("S166.1")
def _():
    for name in ("softplus_normalised", "reweighted_softplus"):
        assert np.isfinite(get(name)(np.array([[3e4, -3e4, 0.0]], dtype=np.float32))).all()


@fact("S174.1")
def _():
    gap = np.array([[3.0, 0.0, 0.0, 0.0]])
    values = [get("boltzmann_operator")(c * gap)[0] for c in (1, 2, 4)]
    assert (np.diff(values) > 0).all()


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    FACTS[name]()
