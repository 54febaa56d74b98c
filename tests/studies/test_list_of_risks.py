"""Claims of the literature list about minimisers of conditional risks: exact arguments, checked on finite problems."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import optimize

from losscheck.arrays import softmax
from losscheck.catalogue import find
from tests.studies.facts import collection, get, slopes

RNG = np.random.default_rng(90)
START = RNG.bit_generator.state
close = np.testing.assert_allclose
FACTS, fact = collection()


@fact("S002.2")
def _():
    # At one input, with perturbations x and x': H holds every pair of score vectors of a grid, so it is symmetric and
    # holds an h whose gaps are all at least rho around x, in every order (locally rho-consistent). Least is then
    # sum_r p_(r) Phi(r) for p in decreasing order. Lemma: the regret in the adversarial zero-one loss is at most the
    # regret in sup_x' Phi(sum_{y' != y} ramp(h_y - h_y')) over Phi(1). Where another class is on top at x' than at x,
    # every label loses Phi(1) somewhere; else putting k first costs (p_max - p_k) Phi(1) at least. In expectation over
    # inputs it is the bound with both minimisability gaps. Here: every h, every p of a grid, three Phi.
    scores = np.array(list(itertools.product((0.0, 0.5, 1.0, 2.0), repeat=3)))
    gaps = scores[:, :, None] - scores[:, None, :]
    ramps = np.clip(1 - gaps, 0, 1).sum(axis=2) - 1  # rho = 1; without the class itself, whose ramp is 1
    wrong = (gaps <= 0).sum(axis=2) > 1
    shares = np.array([(a, b, 6 - a - b) for a in range(7) for b in range(7 - a)]) / 6
    for outer in (lambda u: u, np.log1p, lambda u: u / (1 + u)):
        losses = outer(ramps)
        both = np.maximum(losses[:, None], losses[None]).reshape(-1, 3) @ shares.T
        adversarial = (wrong[:, None] | wrong[None]).reshape(-1, 3) @ shares.T
        ordered = -np.sort(-shares, axis=1)
        close(both.min(axis=0), ordered @ outer(np.arange(3.0)))
        close(adversarial.min(axis=0), 1 - ordered[:, 0])
        regrets = both - both.min(axis=0), adversarial - adversarial.min(axis=0)
        assert (regrets[1] <= regrets[0] / outer(np.array(1.0)) + 1e-12).all()
        # The factor is the best possible: for p with one class it is attained.
        assert np.isclose(regrets[1], regrets[0] / outer(np.array(1.0)))[regrets[1] > 0].any()


@fact("S005.3")
def _():
    # False as it is said: 1 - (z_y - mean) / |z - mean| adds up to K over the labels, is bounded, and its risk
    # 1 - <p - 1/K, n> is least where the direction n of the scores is that of p - 1/K, in the order of p.
    def loss(z):
        deviation = z - z.mean(axis=1, keepdims=True)
        return 1 - deviation / np.linalg.norm(deviation, axis=1, keepdims=True)

    z = RNG.normal(size=(4000, 4))
    close(loss(z).sum(axis=1), 4)
    assert ((loss(z) >= 0) & (loss(z) <= 2)).all()
    for p in RNG.dirichlet(np.ones(4), size=20):
        least = 1 - np.linalg.norm(p - 0.25)
        close(loss(p[None])[0] @ p, least)
        risks = loss(z) @ p
        assert (risks >= least - 1e-12).all()
        # Off the order of p in any pair (a, b) the risk is at least that with n_a = n_b, which is larger.
        order = np.sign(z[:, :, None] - z[:, None, :]) == np.sign(p[:, None] - p[None, :])
        nearest = min(abs(a - b) for a, b in itertools.combinations(p, 2))
        tied = 1 - math.sqrt(np.linalg.norm(p - 0.25) ** 2 - nearest**2 / 2)
        assert tied > least
        assert (risks[~order.all(axis=(1, 2))] >= tied - 1e-12).all()


@fact("S006.1")
def _():
    # l(z, y) = H(z + c (1 - e_y)) - z_y with H convex, symmetric, and H(z + t) = H(z) + t. Let p_a > p_b. Were
    # z_a < z_b, swapping them would lower the risk by (p_a - p_b) (z_b - z_a + H(z - c e_a) - H(z - c e_b) (+ c)), and
    # (z_a - c, z_b) majorises (z_a, z_b - c). At z_a = z_b the slope towards e_a - e_b is at most p_b - p_a < 0.
    # So scores of least risk have the order of p, for the supremum over temperatures as for any set of them.
    lam0, alpha, c = 1.0, 2.0, 1.0

    def values(z):
        x = z[None] - z[:, None] + c * (1 - np.eye(z.size))
        price = alpha * math.log(z.size) / (2 * lam0)
        low, high = np.full(z.size, lam0 * (1 - 1 / alpha)), np.full(z.size, lam0)
        for _ in range(45):  # the slope in the temperature falls
            lam = (low + high) / 2
            p = softmax(x / lam[:, None])
            divergence = (p * np.log(z.size * np.maximum(p, 1e-300))).sum(axis=1)
            rising = -divergence - 2 * price * (lam - lam0) > 0
            low, high = np.where(rising, lam, low), np.where(rising, high, lam)
        top = x.max(axis=1)
        means = top + lam * np.log(np.exp((x - top[:, None]) / lam[:, None]).mean(axis=1))
        slopes_of_labels = softmax(x / lam[:, None]) - np.eye(z.size)
        return means - price * (lam - lam0) ** 2, slopes_of_labels

    many = find("aldr").function(
        np.array([[1.0, -0.5, 0.2]] * 3), np.arange(3), lam0=lam0, alpha=alpha, c=c, levels=129
    )
    close(many, values(np.array([1.0, -0.5, 0.2]))[0], atol=1e-4)
    for classes in (3, 4):
        for p in RNG.dirichlet(np.ones(classes), size=3):
            found = optimize.minimize(lambda z, p=p: tuple(p @ each for each in values(z)), np.zeros(classes), jac=True)
            assert (np.argsort(found.x) == np.argsort(p)).all()


@fact("S008.3")
def _():
    # With sum_k l_k = 1 the noisy risk at label y is 1 - eta_y - sum_{k != y} (1 - eta_y - eta_yk) l_k: all weights
    # are positive, so over 0 <= l_k <= 1 / (K - 1) it is least only where every l_k is largest and l_y = 0.
    for classes in (2, 3, 4, 5):
        for _ in range(10):
            flips = RNG.dirichlet(np.ones(classes - 1)) * RNG.uniform(0, 1)
            kept = 1 - flips.sum()
            cost, bound = np.concatenate([[kept], flips]), 1 / (classes - 1)
            noisy = optimize.linprog(cost, A_eq=np.ones((1, classes)), b_eq=[1.0], bounds=[(0, bound)] * classes)
            clean = np.concatenate([[0.0], np.full(classes - 1, bound)])
            if flips.max() < kept - 1e-9:
                close(noisy.x, clean, atol=1e-9)
            elif flips.max() > kept + 1e-9:  # the hypothesis is needed
                assert noisy.fun < cost @ clean - 1e-12
    # A loss of the catalogue with these bounds: the noisy risk falls to its infimum where the clean one does.
    z, y = RNG.normal(size=(2000, 3)) * 4, np.zeros(2000, dtype=int)
    losses = np.stack([get("normalised_absolute")(z, y + k) for k in range(3)], axis=1)
    close(losses.sum(axis=1), 1)
    assert losses.max() <= 0.5
    noisy = losses @ np.array([0.5, 0.45, 0.05])
    sure = np.array([get("normalised_absolute")(np.array([[40.0, 0.0, 0.0]]), np.array([k]))[0] for k in range(3)])
    assert (noisy >= sure @ [0.5, 0.45, 0.05] - 1e-12).all()


@fact("S010.2")
def _():
    # u - l is the range. Symmetric noise: R~ = (1 - eta K / (K - 1)) R + eta / (K - 1) E sum_k l_k, so the excess of
    # the noisy minimiser is at most eta K (u - l) / (K - 1 - eta K). Any noise with flips eta_y <= eta < 1: compare
    # (1 - eta_y) l_y + sum_k eta_yk l_k at both: at most eta (u - l) / (1 - eta).
    tau, classes, inputs = 1.5, 3, 2
    loss = find("logit_clip_cross_entropy").function
    wide = math.log1p((classes - 1) * math.exp(tau * math.sqrt(2)))
    span = wide - math.log1p((classes - 1) * math.exp(-tau * math.sqrt(2)))
    for _ in range(30):
        tables = RNG.normal(size=(300, inputs, classes)) * 3  # a finite class of hypotheses on two inputs
        rows = tables.reshape(-1, classes)
        losses = np.stack([loss(rows, np.full(len(rows), k), tau=tau) for k in range(classes)], axis=1)
        losses = losses.reshape(300, inputs, classes)
        joint = RNG.dirichlet(np.ones(inputs * classes)).reshape(inputs, classes)
        clean = (losses * joint).sum(axis=(1, 2))
        for eta in (0.1, 0.4, 0.6):
            symmetric = np.full((classes, classes), eta / (classes - 1)) + (1 - eta * classes / (classes - 1)) * np.eye(
                3
            )
            flips = RNG.dirichlet(np.ones(classes - 1), size=classes) * RNG.uniform(0, eta, size=(classes, 1))
            skew = np.diag(1 - flips.sum(axis=1))
            skew[~np.eye(classes, dtype=bool)] = flips.ravel()
            bounds = [(skew, eta * span / (1 - eta))]
            bounds.append(
                (symmetric, min(eta * classes * span / (classes - 1 - eta * classes), eta * span / (1 - eta)))
            )
            for noise, bound in bounds:
                noisy = (losses * (joint @ noise)).sum(axis=(1, 2))
                excess = clean[noisy.argmin()] - clean.min()
                assert 0 <= excess <= bound + 1e-12


@fact("S027.4")
def _():
    # On the sphere |z|^2 = K, sum z = 0 the risk is sum p_y phi(z_y), phi convex and falling. For p_a > p_b swapping
    # z_a < z_b lowers it, and z_a = z_b contradicts p_a phi'(z_a) - p_b phi'(z_b) = 2 nu (z_a - z_b). So the minimiser
    # has the order of p for every k, whatever a and b are.
    turn, height = np.meshgrid(np.linspace(0, 2 * math.pi, 300), np.linspace(-1, 1, 301))
    width = np.sqrt(1 - height**2)
    sphere = np.stack([width * np.cos(turn), width * np.sin(turn), height], axis=2).reshape(-1, 3)
    plane = np.linalg.svd(np.eye(4) - 0.25)[0][:, :3]
    z, p = sphere @ plane.T, np.array([[0.5, 0.28, 0.15, 0.07], [0.1, 0.2, 0.3, 0.4], [0.05, 0.75, 0.13, 0.07]])
    for a, b in ((1.0, 1.0), (3.0, 0.5), (0.5, 3.0)):
        losses = [find("z_loss").function(z, np.full(len(z), k), a=a, b=b) for k in range(4)]
        best = z[(p @ np.array(losses)).argmin(axis=1)]
        assert (np.argsort(best) == np.argsort(p)).all()


@fact("S036.4")
def _():
    # Stationary: p_k = 1 - (1 - softmax(z)_k) / (1 + c z_k) with c = 2 / (K - 1), and 1 + c z_k > 0 since p_k < 1.
    # The right side grows with softmax(z)_k and with z_k, so the order of z is that of p.
    for classes in (2, 3, 6):
        c = 2 / (classes - 1)
        for p in RNG.dirichlet(np.ones(classes), size=4):
            found = optimize.minimize(
                lambda z, p=p, n=classes: p @ get("squentropy")(np.tile(z, (n, 1)), np.arange(n)),
                np.zeros(classes),
                jac=lambda z, p=p, c=c: softmax(z[None])[0] - p + c * (1 - p) * z,
                options={"gtol": 1e-9},
            )
            close(1 - (1 - softmax(found.x[None])[0]) / (1 + c * found.x), p, atol=1e-5)
            assert (1 + c * found.x > 0).all()
            assert (np.argsort(found.x) == np.argsort(p)).all()


def allocation(p, n):
    """The shares q of least sum p_y (-log(1 - (1 - q_y)^n)): p_y n (1 - q)^(n - 1) / (1 - (1 - q)^n) is one number."""

    def shares(level):
        return np.array(
            [
                optimize.brentq(lambda q, w=w: w * n * (1 - q) ** (n - 1) - level * (1 - (1 - q) ** n), 1e-12, 1)
                for w in p
            ]
        )

    return shares(math.exp(optimize.brentq(lambda power: shares(math.exp(power)).sum() - 1, -60, 7)))


@fact("S041.5")
def _():
    p = np.array([0.8, 0.15, 0.05])
    before = p
    for n in (2, 4, 8, 64):
        q = allocation(p, n)
        # Flatter for every further guess: every sum of the largest shares falls (majorised), towards uniform.
        assert (np.cumsum(q)[:-1] < np.cumsum(before)[:-1]).all()
        before = q
        z = np.log(q)
        risk = [
            p @ find("pass_at_n").function(np.tile(z + d, (3, 1)), np.arange(3), n=n) for d in RNG.normal(size=(20, 3))
        ]
        assert p @ find("pass_at_n").function(np.tile(z, (3, 1)), np.arange(3), n=n) <= min(risk)
    assert before.max() < 0.37
    close(allocation(np.array([0.8, 0.2]), 8)[0], 0.549, atol=1e-3)


@fact("S043.2")
def _():
    outcomes, chances = (
        [Fraction(1, 8), Fraction(5, 8), Fraction(6, 8)],
        [Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)],
    )
    ones = [sum(w for y, w in zip(outcomes, chances, strict=True) if int(y * 2**j) % 2) for j in (1, 2, 3)]
    mean = sum(y * w for y, w in zip(outcomes, chances, strict=True))
    assert sum(q * Fraction(1, 2**j) for j, q in enumerate(ones, start=1)) == mean
    best = np.array([[math.log(q / (1 - q)) for q in ones]])
    at = sum(
        float(w) * slopes(get("bit_cross_entropy"), best, np.array([float(y)]))
        for y, w in zip(outcomes, chances, strict=True)
    )
    close(at, 0, atol=1e-8)


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    RNG.bit_generator.state = START  # whatever ran before
    FACTS[name]()
