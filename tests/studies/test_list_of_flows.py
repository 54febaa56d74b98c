"""Small claims of the literature list about diffusions, flows and Bayesian flows, on laws with closed forms."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import sympy as sp
from scipy import linalg, stats

from tests.studies.facts import collection, get

torch = pytest.importorskip("torch")
RNG = np.random.default_rng(45)
START = RNG.bit_generator.state
close = np.testing.assert_allclose
FACTS, fact = collection()
GRID = np.linspace(-12, 12, 4001)


def normal(x, mean, spread):
    """The density of a normal law."""
    return np.exp(-((x - mean) ** 2) / (2 * spread**2)) / (spread * math.sqrt(2 * math.pi))


def runge_kutta(field, x, times):
    """Follow x' = field(x, t) through the times."""
    for now, then in itertools.pairwise(times):
        h, middle = then - now, (now + then) / 2
        a = field(x, now)
        b = field(x + h / 2 * a, middle)
        c = field(x + h / 2 * b, middle)
        x = x + h / 6 * (a + 2 * b + 2 * c + field(x + h * c, then))
    return x


@fact("S144.1")
def _():
    # dx = -beta x / 2 dt + sqrt(beta) dw has variance v(t) = 1 + (v0 - 1) e^(-beta t) from N(0, v0).
    t, beta, v0, x0 = sp.symbols("t beta v0 x0", positive=True)
    v = 1 + (v0 - 1) * sp.exp(-beta * t)
    x = x0 * sp.sqrt(v / v0)  # the solution of the probability flow x' = -beta x / 2 + beta x / (2 v)
    assert sp.simplify(sp.diff(x, t) - (-beta * x / 2 + beta * x / (2 * v))) == 0
    spread = sp.log(v / v0) / 2  # the integral of its divergence (-beta + beta / v) / 2
    assert sp.simplify(sp.diff(spread, t) - (-beta + beta / v) / 2) == 0
    end, start = (-(place**2) / (2 * of) - sp.log(2 * sp.pi * of) / 2 for place, of in ((x, v), (x0, v0)))
    assert sp.simplify(sp.expand_log(end + spread - start, force=True)) == 0
    # In two dimensions by numbers, with the score -C(t)^-1 x.
    cover, point = np.array([[2.0, 0.8], [0.8, 0.5]]), np.array([0.7, -0.4])
    values, turn = np.linalg.eigh(cover)

    def field(state, now):
        inverse = turn @ np.diag(1 / (1 + (values - 1) * np.exp(-now))) @ turn.T
        return np.append(-0.5 * state[:2] + 0.5 * inverse @ state[:2], 0.5 * (np.trace(inverse) - 2))

    last = runge_kutta(field, np.append(point, 0.0), 6 * np.linspace(0, 1, 401) ** 2)
    law = stats.multivariate_normal(cov=turn @ np.diag(1 + (values - 1) * np.exp(-6)) @ turn.T)
    close(law.logpdf(last[:2]) + last[2], stats.multivariate_normal(cov=cover).logpdf(point), rtol=1e-8)


@fact("S145.1")
def _():
    # Data on three points, the straight path: the two losses differ by what does not depend on the velocity.
    data, share = np.array([-2.0, 0.5, 1.5]), np.array([0.2, 0.5, 0.3])
    for t in (0.2, 0.7):
        noise = (GRID[None] - t * data[:, None]) / (1 - t)
        weight = torch.tensor(share[:, None] * normal(noise, 0, 1) / (1 - t) * (GRID[1] - GRID[0]))
        target = torch.tensor(data[:, None] - noise)
        marginal = (weight * target).sum(dim=0) / weight.sum(dim=0)
        theta = torch.tensor(RNG.normal(size=4), requires_grad=True)
        x = torch.tensor(GRID)
        v = theta[0] * torch.sin(theta[1] * x) + theta[2] * x + theta[3]
        rows = [
            each.reshape(-1, 1)
            for each in (v.expand(3, -1), torch.tensor(data)[:, None].expand(3, len(x)), torch.tensor(noise))
        ]
        conditional = (weight.reshape(-1) * get("flow_matching")(*rows)).sum()
        whole = (weight.sum(dim=0) * (v - marginal) ** 2).sum()
        ours, theirs = (torch.autograd.grad(loss, theta, retain_graph=True)[0] for loss in (conditional, whole))
        torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-9)
        assert conditional > whole + 0.1


@fact("S146.1")
def _():
    # From N(0, 1) to a mixture of two, drawn independently: the velocity E[X1 - X0 | X_t] in closed form.
    share, mean, spread = np.array([0.4, 0.6]), np.array([-2.0, 1.5]), np.array([0.3, 0.5])

    def velocity(x, t):
        wide = np.sqrt(t**2 * spread**2 + (1 - t) ** 2)
        odds = share * normal(x[:, None], t * mean, wide)
        each = mean + (t * spread**2 - (1 - t)) / wide**2 * (x[:, None] - t * mean)
        return (odds * each).sum(axis=1) / odds.sum(axis=1)

    start = stats.norm.ppf((np.arange(1000) + 0.5) / 1000)
    end = runge_kutta(velocity, start, np.linspace(0, 1, 201))
    law = (share * stats.norm.cdf(end[:, None], mean, spread)).sum(axis=1)
    close(law, (np.arange(1000) + 0.5) / 1000, atol=1e-4)  # the law of the data; in one dimension the map is monotone
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    for cost in (np.abs, np.square, lambda x: x**4, lambda x: np.maximum(x - 1, 0)):
        before = sum(
            s * weights @ cost(m + math.sqrt(1 + d * d) * nodes) for s, m, d in zip(share, mean, spread, strict=True)
        )
        assert cost(end - start).mean() < before / math.sqrt(2 * math.pi)
    # Normal laws in two dimensions, joined so that nothing commutes: a linear field.
    joint = np.cov(RNG.normal(size=(4, 12)) * np.array([[1], [2], [0.5], [1.5]]))
    first, cross, second = joint[:2, :2], joint[2:, :2], joint[2:, 2:]

    def field(m, t):
        middle = (1 - t) ** 2 * first + t * (1 - t) * (cross + cross.T) + t**2 * second
        return (t * second + (1 - t) * cross - t * cross.T - (1 - t) * first) @ linalg.inv(middle) @ m

    end = runge_kutta(field, np.eye(2), np.linspace(0, 1, 201))
    close(end @ first @ end.T, second, rtol=1e-6)
    moved = (end - np.eye(2)) @ first @ (end - np.eye(2)).T
    assert np.trace(moved) < np.trace(first + second - cross - cross.T)
    # A convex cost of other shape, |u.x|: of a normal law it grows with its spread along u.
    for u in RNG.normal(size=(20, 2)):
        assert u @ moved @ u <= u @ (first + second - cross - cross.T) @ u + 1e-9


@fact("S148.1")
def _():
    a, s, x0, noise, guess = sp.symbols("a s x0 noise guess", positive=True)
    xt = a * x0 + s * noise
    clean = (xt - s * guess) / a  # the noise's guess as a guess of the data, and of the score
    score = -guess / s
    assert sp.simplify(clean - (xt + s**2 * score) / a) == 0
    assert sp.simplify((x0 - clean) ** 2 * (a / s) ** 2 - (noise - guess) ** 2) == 0  # (a / s)^2 is the SNR
    assert sp.simplify((-noise / s - score) ** 2 * s**2 - (noise - guess) ** 2) == 0
    # Tweedie on three points: the mean of the data given x_t is (x_t + s^2 score) / a.
    data, share, scale, width = np.array([-2.0, 0.5, 1.5]), np.array([0.2, 0.5, 0.3]), 0.8, 0.6
    odds = share[:, None] * normal(GRID[None], scale * data[:, None], width)
    inside = odds.sum(axis=0) > 1e-8
    score = np.gradient(np.log(odds.sum(axis=0)), GRID)[inside]
    mean = (data @ odds / odds.sum(axis=0))[inside]
    close((GRID[inside] + width**2 * score) / scale, mean, atol=2e-3)
    # The catalogue's form is that of the noise: |w score + e|^2.
    drawn = RNG.normal(size=(5, 2))
    close(get("denoising_score")(-drawn / 0.6, drawn, np.full(5, 0.6)), 0, atol=1e-24)


@fact("S149.2")
def _():
    # Two steps of a Bayesian flow on three points; y is sent with precision alpha, and the network's guess after each.
    data, prior, alphas = np.array([-1.0, 0.5, 2.0]), np.array([0.5, 0.2, 0.3]), (0.8, 1.5)
    y, width = np.linspace(-7, 8, 301), 0.05
    sent = [normal(y[None], data[:, None], 1 / math.sqrt(alpha)) for alpha in alphas]  # data, y

    def costs(power):
        guess = prior**power / (prior**power).sum()
        after = prior[:, None] * sent[0]
        after = (after / after.sum(axis=0)) ** power
        after /= after.sum(axis=0)  # data, y1
        last = prior[:, None, None] * sent[0][:, :, None] * sent[1][:, None, :]
        last = (last / last.sum(axis=0)) ** power
        last /= last.sum(axis=0)  # data, y1, y2
        received = [guess @ sent[0], after.T @ sent[1]]  # y1; y1, y2
        first = (sent[0] * np.log(sent[0] / received[0])).sum(axis=1) * width
        second = np.array(
            [(p[:, None] * q[None] * np.log(q[None] / received[1])).sum() for p, q in zip(*sent, strict=True)]
        )
        spell = -np.array([(p[:, None] * q[None] * np.log(r)).sum() for p, q, r in zip(*sent, last, strict=True)])
        told = (received[0][:, None] * received[1] * last).sum(axis=(1, 2)) * width**2
        return first + (second + spell) * width**2, -np.log(told)

    loss, length = costs(1.0)  # the network that knows the posterior: the loss is the length of the best code
    close(loss, -np.log(prior), rtol=1e-6)
    close(length, -np.log(prior), rtol=1e-6)
    for power in (0.4, 2.0, 5.0):
        loss, length = costs(power)
        assert (loss >= length - 1e-9).all()
        assert prior @ loss > -prior @ np.log(prior) + 1e-3


@fact("S150.1")
def _():
    # Tokens at three places, whose law depends on z. The best denoiser given z is the score of the law given z.
    places, laws = np.array([-1.0, 0.5, 2.0]), np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
    for law in laws:
        width = 0.7
        noise = (GRID[None] - places[:, None]) / width
        odds = law[:, None] * normal(noise, 0, 1)
        inside = odds.sum(axis=0) > 1e-8
        score = np.gradient(np.log(odds.sum(axis=0)), GRID)

        def risk(s, noise=noise, odds=odds, width=width):
            rows = [get("denoising_score")(s[:, None], e[:, None], np.full(len(s), width)) for e in noise]
            return (odds * np.array(rows)).sum(axis=0)

        at = risk(score)
        assert all((at <= risk(score + move))[inside].all() for move in (-0.1, 0.1))

        # And that score gives the tokens back: the flow from wide noise ends at each place as often as the law says.
        def field(x, t, law=law):
            wide = math.exp(-t)
            odds = law * normal(x[:, None], places, wide) + 1e-300
            return (odds * (places - x[:, None])).sum(axis=1) / odds.sum(axis=1)

        start = law @ places + math.sqrt(900 + 1) * stats.norm.ppf((np.arange(400) + 0.5) / 400)
        end = runge_kutta(field, start, np.linspace(-math.log(30), 3, 161))
        shares = [(abs(end - place) < 0.5).mean() for place in places]
        close(shares, law, atol=0.02)


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    RNG.bit_generator.state = START  # the same numbers alone and among the others
    FACTS[name]()
