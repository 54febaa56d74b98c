"""Claims of the literature list about training: flows with closed forms, risks of regressions, rates of learning."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy
from scipy import integrate, optimize, special, stats

from losscheck.arrays import sigmoid
from losscheck.catalogue.wrappers import ensemble_derivative
from tests.studies.facts import collection, get, slopes

RNG = np.random.default_rng(92)
START = RNG.bit_generator.state
close = np.testing.assert_allclose
FACTS, fact = collection()


@fact("S004.3")
def _():
    # Right of 1 the loss falls by the integral of its slope. A slope -1/v has none, and -log v has no bound; v^-(1 + a)
    # has the integral 1/a. The catalogue's draws have slope 0 right of their last knot, so every draw is bounded.
    v, a = sympy.symbols("v a", positive=True)
    assert sympy.integrate(1 / v, (v, 1, sympy.oo)) == sympy.oo
    assert sympy.simplify(sympy.integrate(v ** -(1 + a), (v, 1, sympy.oo)) - 1 / a) == 0
    for seed in range(20):
        values = ensemble_derivative(seed)(np.array([2.5, 10.0, 1e6]))
        assert (values == values[0]).all()


@fact("S004.4")
def _():
    # The i-th smallest of the margins gets the i-th smallest of n slopes -min(exp(xi), 1). The mean of each order
    # statistic is an integral; the mean update is that of a loss with these slopes: negative, not falling, so convex
    # and calibrated. It is one loss per batch: elsewhere a margin has another rank and another slope.
    margins = np.array([-1.3, -0.2, 0.4, 0.9])
    n, draws = margins.size, 200_000
    drawn = np.sort(-np.minimum(np.exp(RNG.normal(size=(draws, n))), 1), axis=1)
    means = np.array(
        [
            integrate.quad(lambda u, i=i: -min(math.exp(-special.ndtri(u)), 1) * stats.beta.pdf(u, i + 1, n - i), 0, 1)[
                0
            ]
            for i in range(n)
        ]
    )
    features = RNG.normal(size=(n, 3))
    updates = drawn @ features / n
    error = updates.std(axis=0) / math.sqrt(draws)
    assert (np.abs(updates.mean(axis=0) - means @ features / n) < 5 * error).all()
    assert (means < 0).all()
    assert (np.diff(means) > 0).all()


def bags(d, n, k, runs, r=1.0, sigma=0.5):
    """Mean squared errors of least squares on bag means, and of all rows on the mean label of their bag."""
    errors = []
    for _ in range(runs):
        x, theta = RNG.normal(size=(n, d)), RNG.normal(size=d)
        theta *= r / np.linalg.norm(theta)
        means = (x @ theta + sigma * RNG.normal(size=n)).reshape(-1, k).mean(axis=1)
        by_bag = np.linalg.lstsq(x.reshape(-1, k, d).mean(axis=1), means, rcond=None)[0]
        by_row = np.linalg.lstsq(x, np.repeat(means, k), rcond=None)[0]
        errors.append([np.sum((each - theta) ** 2) for each in (by_bag, by_row)])
    return np.array(errors)


@fact("S007.2")
def _():
    # Gaussian rows, m = n / k bags. Bags: r^2 (1 - m/d)_+ + sigma^2 min(m, d) / (|m - d| - 1), exact. Rows, in rotated
    # coordinates: m rows keep their labels, n - m have label 0, and the matrix-beta law, free from the scale, gives
    # r^2 ((1 - 1/k)^2 + (1/k)(1 - 1/k) d / (n - d)) + sigma^2 / k d / (n - d) as n / d is held.
    for d, n, k in ((30, 180, 3), (30, 180, 9)):
        errors, m = bags(d, n, k, 250), n // k
        by_bag = max(0.0, 1 - m / d) + 0.25 * min(m, d) / (abs(m - d) - 1)
        by_row = (1 - 1 / k) ** 2 + (1 - 1 / k) / k * d / (n - d) + 0.25 / k * d / (n - d)
        spread = errors.std(axis=0) / math.sqrt(250)
        assert abs(errors[:, 0].mean() - by_bag) < 4 * spread[0]
        assert abs(errors[:, 1].mean() - by_row) < 4 * spread[1] + 0.01


def ridge_error(ridge, xi, strength, eigenvalues, noise):
    """The expected error of a student of weight xi, direction by direction (see test_self_distillation.py)."""
    g = eigenvalues / (eigenvalues + ridge)
    h = g * (1 - xi * (1 - g))
    return float(np.sum((1 - h) ** 2 * strength + h**2 * noise / eigenvalues))


@fact("S011.2")
def _():
    # At the best ridge, xi = t and ridge (1 - t) move no coefficient to first order, and h_j by g_j^2 (1 - g_j) t^2 to
    # second. So a student helps near it where sum_j a_j (g_j - h*_j) g_j^2 (1 - g_j) < 0, with h* the best shrinkage
    # and a_j = strength_j + noise / eigenvalue_j: where strong directions hold the signal. With equal strengths the
    # best ridge is the best shrinkage of all, and nothing is gained.
    eigenvalues, noise = np.array([4.0, 1.0, 0.25]), 0.5
    for strength, gained in (([1.0, 0.5, 0.1], True), ([0.1, 0.5, 1.0], False), ([0.7, 0.7, 0.7], False)):
        given = np.array(strength), eigenvalues, noise
        alone = optimize.minimize_scalar(
            lambda power, given=given: ridge_error(math.exp(power), 0.0, *given),
            bounds=(-6, 6),
            options={"xatol": 1e-10},
        )
        ridge = math.exp(alone.x)
        g, a = eigenvalues / (eigenvalues + ridge), given[0] + noise / eigenvalues
        sign = np.sum(a * (g - given[0] / a) * g**2 * (1 - g))
        near = [
            ridge_error(ridge * (1 - t + c * t * t), t, *given)
            for t in (-0.4, -0.2, -0.05, 0.05, 0.2, 0.4)
            for c in np.linspace(-1, 2, 61)
        ]
        assert (sign < -1e-3) == gained
        assert (min(near) < alone.fun - 1e-6) == gained


def scores_of_class(right, wrong, share, similar=0.12, size=100, weight=5.0):
    """Scores of logistic regression at rows with the right label and with a flipped one, given their targets.

    Rows of a class have inner products ``similar``, of both classes 0; each row has the dual weight
    weight (target - sigmoid(score)).
    """

    def residual(f):
        dual = weight * (np.array([right, wrong]) - special.expit(f))
        common = similar * size * ((1 - share) * dual[0] + share * dual[1])
        return f - (1 - similar) * dual - common

    return optimize.fsolve(residual, np.array([0.5, 0.0]), xtol=1e-12)


@fact("S011.3")
def _():
    # The student learns from the teacher's chances. Below a first share of flipped labels both call every row rightly,
    # above a second one both call the flipped rows wrongly, and in between the student alone is right.
    def margin(share, student):
        f = scores_of_class(1.0, 0.0, share)
        if student:
            f = scores_of_class(*special.expit(f), share)
        assert f[0] > 0
        return f[1]

    first, second = (optimize.brentq(margin, 1e-6, 0.5, args=(student,)) for student in (False, True))
    assert 0.05 < first < second - 0.1 < 0.4
    for share in np.linspace(0.01, 0.49, 25):
        assert (margin(share, False) > 0) == (share < first)
        assert (margin(share, True) > 0) == (share < second)


@fact("S031.3")
def _():
    # Data from N(theta*, 1), model exp(-(x - theta)^2 / 2) without its constant, noise N(0, 1). The exact objective is
    # (x - theta)^2 / 2 in the mean plus a constant: Hessian 1 everywhere. NCE has at its minimiser theta* the Hessian
    # int p q / (p + q) (x - theta*)^2 dx, which falls as exp(-theta*^2 / 8), and is flat there and steep elsewhere.
    t, x = sympy.symbols("t x", real=True)
    normaliser = sympy.integrate(sympy.exp(-((x - t) ** 2) / 2), (x, -sympy.oo, sympy.oo))
    assert sympy.diff((x - t) ** 2 / 2 + sympy.log(sympy.simplify(normaliser)), t, 2) == 1

    def information(mean):
        def of(y):
            p, q = stats.norm.pdf(y, mean), stats.norm.pdf(y)
            return p * q / (p + q) * (y - mean) ** 2

        return integrate.quad(of, -12, mean + 12, points=[0, mean / 2, mean])[0]

    for mean in (0.5, 2.0, 4.0, 6.0):
        # p q / (p + q) <= sqrt(p q) / 2
        assert information(mean) <= (1 + mean**2 / 4) / 2 * math.exp(-(mean**2) / 8)

    def contrast(theta, mean):
        y = np.linspace(-14, mean + 14, 4001)
        ratio = y * theta - theta**2 / 2
        risk = stats.norm.pdf(y, mean) * np.logaddexp(0, -ratio) + stats.norm.pdf(y) * np.logaddexp(0, ratio)
        return np.trapezoid(risk, y)

    for mean, condition in ((4.0, 5), (6.0, 50)):
        grid = np.arange(mean - 1, mean + 8, 0.25)
        second = np.diff([contrast(theta, mean) for theta in grid], n=2) / 0.25**2
        assert abs(second[3] - information(mean)) < 0.02
        assert second.max() > condition * second[3]  # far off it is as curved as the objective


@fact("S050.2")
def _():
    # One-hot inputs, one per class c, of frequency pi_c: column c of the weights obeys w' = pi_c (e_c - softmax(w)),
    # the flow of a single class slowed by pi_c. With signs the margin is 2 t whatever pi_c is.
    frequencies, classes = np.array([0.9, 0.09, 0.01]), 3
    flow = integrate.solve_ivp(
        lambda _, w: (frequencies[:, None] * -slopes(get("cross_entropy"), w.reshape(3, 3), np.arange(3))).ravel(),
        (0, 200),
        np.zeros(9),
        rtol=1e-8,
        atol=1e-10,
        t_eval=[20.0, 200.0],
    )
    for i, time in enumerate((20.0, 200.0)):
        w = flow.y[:, i].reshape(3, 3)
        for c in range(classes):
            margin = w[c, c] - w[c, (c + 1) % 3]
            # m' = pi K / (K - 1 + e^m): (K - 1) m + e^m - 1 = K pi t
            close((classes - 1) * margin + math.expm1(margin), classes * frequencies[c] * time, rtol=1e-4)
    w = np.zeros((3, 3))
    for _ in range(50):
        w = w - 0.1 * np.sign(frequencies[:, None] * slopes(get("cross_entropy"), w, np.arange(3)))
    close(np.diag(w) - w[:, [1, 2, 0]][np.arange(3), np.arange(3)], 10.0)
    losses = get("cross_entropy")(w, np.arange(3))
    close(losses, losses[0])


@fact("S051.1")
def _():
    # Scores v = A theta for rows A of full rank. With decay on theta a stationary point couples all of them through
    # A A^T: v = A A^T sigmoid(-v) / lam. With the penalty lam |v|^2 / 2 on scores, A^T (sigmoid(-v) - lam v) = 0 forces
    # sigmoid(-v_i) = lam v_i for every i: one scalar equation, the same whatever A is.
    lam = 0.1
    alone = optimize.brentq(lambda v: special.expit(-v) - lam * v, 0, 10)
    fitted = []
    for scale in (np.ones(4), np.array([1.0, 0.5, 0.2, 0.1])):
        a = np.linalg.qr(RNG.normal(size=(6, 6)))[0][:4] * 1.0
        a = np.linalg.qr(RNG.normal(size=(4, 4)))[0] @ np.diag(scale) @ a
        free = optimize.minimize(
            lambda theta, a=a: get("spectral_decoupling")(a @ theta).sum(),
            np.zeros(6),
            jac=lambda theta, a=a: a.T @ (lam * (a @ theta) - special.expit(-(a @ theta))),
            options={"gtol": 1e-10, "maxiter": 5000},
        )
        close(a @ free.x, alone, rtol=1e-3)
        coupled = optimize.fsolve(lambda v, a=a: v - a @ a.T @ special.expit(-v) / lam, np.ones(4))
        fitted.append(np.sort(coupled))
    assert np.ptp(fitted[0]) < 1e-6  # orthonormal rows do not couple
    assert np.ptp(fitted[1]) > 0.3


@fact("S079.2")
def _():
    # Two Gaussian features of a class, means 1 and 0.2, attacked by at most 0.5 in each: the second weight of
    # the robust optimum is 0, since the attack reverses that feature. Training with attacks on the
    # current weights moves it down at a slope that does not vanish at 0, so a step ends below 0, where the robust
    # error is larger than at 0, and comes back.
    mean, reach = np.array([1.0, 0.2]), 0.5
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    weights = weights / weights.sum()

    def robust_error(w):
        return special.ndtr(-(w @ mean - reach * np.abs(w).sum()) / np.linalg.norm(w))

    def slope(w):
        # The mean of -sigmoid(-m) (y x - reach sign(w)) with margin m normal; by Stein, the noise part is w E sigmoid'.
        m = w @ mean - reach * np.abs(w).sum() + np.linalg.norm(w) * nodes
        pull, bend = weights @ sigmoid(-m), weights @ (sigmoid(m) * sigmoid(-m))
        return -pull * (mean - reach * np.sign(w)) + bend * w

    assert all(robust_error(np.array([1.0, v])) > robust_error(np.array([1.0, 0.0])) for v in (-0.3, -0.05, 0.05, 0.3))
    w, path = np.array([1.0, 0.4]), []
    for _ in range(400):
        w = w - 0.3 * slope(w)
        path.append(w)
    low = min(path, key=lambda each: each[1])
    assert low[1] < -0.01
    assert robust_error(low) > robust_error(np.array([low[0], 0.0]))
    signs = np.sign([each[1] for each in path[-50:]])
    assert set(signs) == {-1.0, 1.0}  # it goes on passing the optimum


@fact("S085.2")
def _():
    # EmpSEL matches the teacher's chances at every (s, a) that was drawn, so its error in total variation is at most
    # the mass that was not drawn: in the mean sum_i m_i (1 - m_i)^n over cells, at most cells / (e n), since
    # m (1 - m)^n <= 1 / (e n).
    # With whole rows of labels the cells are the states. Equal masses near 1 / n attain it up to a constant.
    def unseen(masses, n):
        return float(np.sum(masses * (1 - masses) ** n))

    states, actions = 5, 8
    for cells in (states * actions, states):
        worst = []
        for n in (200, 800, 3200):
            random = max(unseen(RNG.dirichlet(np.full(cells, c)), n) for c in (0.1, 0.5, 2) for _ in range(100))
            spread = np.append(np.full(cells - 1, 1 / n), 1 - (cells - 1) / n)  # as hard as it gets
            worst.append(unseen(spread, n))
            assert random <= cells / (math.e * n)
            assert 0.9 * (cells - 1) / (math.e * n) <= worst[-1] <= cells / (math.e * n)
        close(np.diff(np.log(worst)) / np.log(4), -1, atol=0.05)
    # By simulation: the estimate that spreads what is left over the actions not drawn.
    n, masses = 400, np.append(np.full(states * actions - 1, 1 / 400), 1 - (states * actions - 1) / 400)
    lost = []
    for _ in range(300):
        seen = RNG.multinomial(n, masses) > 0
        lost.append(masses[~seen].sum())
    close(np.mean(lost), unseen(masses, n), rtol=0.1)


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    RNG.bit_generator.state = START  # whatever ran before
    FACTS[name]()
