"""Small claims of the literature list about what is learnt from samples: rates, biases, views, densities."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from scipy import special

from losscheck.arrays import softmax
from losscheck.catalogue.wrappers import mixup
from tests.studies.facts import collection, get

torch = pytest.importorskip("torch")
RNG = np.random.default_rng(46)
START = RNG.bit_generator.state
close = np.testing.assert_allclose
FACTS, fact = collection()


@fact("S091.2")
def _():
    # The log-probability of target word i at place j, convolved with the identity matrix of size n.
    x, y = np.log(RNG.dirichlet(np.ones(5), size=(4, 7))), RNG.integers(0, 5, size=(4, 6))
    for n in (1, 2, 3, 4):
        table = np.stack(
            [np.take_along_axis(x, y[:, i, None, None] + np.zeros((4, 7, 1), int), 2)[..., 0] for i in range(6)], 1
        )
        kernel = torch.eye(n, dtype=torch.float64)[None, None]
        slid = torch.nn.functional.conv2d(torch.tensor(table)[:, None], kernel)[:, 0].numpy()  # batch, i, j
        sums = np.array(
            [
                [[sum(x[b, j + k, y[b, i + k]] for k in range(n)) for j in range(8 - n)] for i in range(7 - n)]
                for b in range(4)
            ]
        )
        close(slid, sums, rtol=1e-13)
        noise = RNG.normal(size=(4, 6, 7))
        weights = softmax((sums + noise[:, : 7 - n, : 8 - n]).reshape(-1, 8 - n)).reshape(sums.shape)
        close(get("edit_invariant")(x, y, noise, n=n), -(weights * sums).sum(axis=(1, 2)) / n)


@fact("S094.2")
def _():
    # k binary digits learnt by cross-entropy from N draws: a histogram of 2^k bins by relative frequencies.
    def bins(density, k):
        u = sp.symbols("u")
        ends = [Fraction(i, 2**k) for i in range(2**k + 1)]
        whole = sp.integrate(density(u), u)
        at = [
            Fraction(int(v.p), int(v.q))
            for v in (sp.Rational(whole.subs(u, sp.Rational(e.numerator, e.denominator))) for e in ends)
        ]
        return [b - a for a, b in itertools.pairwise(at)]

    for density, square, slope in (
        (lambda u: 2 * u, Fraction(4, 3), Fraction(4)),
        (lambda u: 6 * u * (1 - u), Fraction(6, 5), Fraction(12)),
    ):
        ratios = []
        for k in (1, 4, 7):
            p, draws = bins(density, k), 50 * 2**k
            risk = (
                square - 2**k * sum(each**2 for each in p) + Fraction(2**k, draws) * (1 - sum(each**2 for each in p))
            )  # exact
            # Wirtinger: the bias within a bin of width h is at most (h / pi)^2 times the square of the slope there.
            assert risk <= float(slope) / (4**k * math.pi**2) + 2**k / draws
            ratios.append(float(risk / (slope / (12 * 4**k) + Fraction(2**k, draws))))
        assert abs(ratios[-1] - 1) < abs(ratios[0] - 1)
        assert abs(ratios[-1] - 1) < 0.02  # the bound of the paper, to first order
    # The digits' best softmaxes are the relative frequencies, and the risk of drawn histograms is that.
    p = np.array([float(each) for each in bins(lambda u: 2 * u, 3)])
    counts = RNG.multinomial(100, p, size=3000)
    first = counts.reshape(-1, 2, 4).sum(axis=2) / 100
    second = counts.reshape(-1, 2, 2, 2).sum(axis=3) / np.maximum(counts.reshape(-1, 2, 4).sum(axis=2), 1)[..., None]
    third = counts.reshape(-1, 2, 2, 2) / np.maximum(counts.reshape(-1, 2, 2, 2).sum(axis=3), 1)[..., None]
    path = (first[:, :, None, None] * second[:, :, :, None] * third).reshape(-1, 8)
    close(path, counts / 100, atol=1e-12)
    exact = 4 / 3 - 8 * (p**2).sum() + 8 / 100 * (1 - (p**2).sum())
    bias = 4 / 3 - 8 * (p**2).sum()
    close((8 * ((path - p) ** 2).sum(axis=1)).mean() + bias, exact, rtol=0.05)


@fact("S095.2")
def _():
    # A density whose Fourier coefficients fall as 1 / k^2, cut at N. What Gaussian filters take away, of several widths
    # as in the paper, tends to its limit as N^-3, from below: s(N)^2 = C1 - C2 / N^3.
    k = np.arange(1, 200_001)
    coefficients = 0.3 / k**2.0
    widths = 0.02 * np.arange(1, 21)
    weights = 6 / (math.pi * np.arange(1, 21)) ** 2
    taken = 1 - np.exp(-((math.pi * widths[:, None] * k) ** 2) / 2)
    squares = np.cumsum(2 * (taken * coefficients) ** 2, axis=1)

    def roughness(n):
        return weights @ np.sqrt(squares[:, n - 1])

    limit = roughness(len(k)) ** 2
    gaps = [limit - roughness(n) ** 2 for n in (50, 100, 200, 400)]
    assert all(gap > 0 for gap in gaps)
    close([first / second for first, second in itertools.pairwise(gaps)], 8, rtol=0.06)
    # And more frequencies are more densities: the distance to the whole falls with N.
    tails = [2 * (coefficients[n:] ** 2).sum() for n in (4, 8, 16)]
    assert tails[0] > 4 * tails[1] > 16 * tails[2]


@fact("S097.2")
def _():
    def averages(losses, kept, task):
        tokens = (losses * kept).sum() / kept.sum()
        each = (losses * kept).sum(axis=1) / kept.sum(axis=1)
        of_task = [(losses * kept)[task == t].sum() / kept[task == t].sum() for t in np.unique(task)]
        return np.array([tokens, each.mean(), np.mean(of_task)])

    z, y, task = RNG.normal(size=(6, 5, 4)), RNG.integers(0, 4, size=(6, 5)), np.array([0, 0, 0, 1, 1, 2])
    kept = (np.arange(5) < RNG.integers(1, 6, size=6)[:, None]).astype(float)
    losses = get("cross_entropy")(z.reshape(-1, 4), y.ravel()).reshape(6, 5)
    values = averages(losses, kept, task)
    for more in (1, 3, 40):
        padded = [
            np.concatenate([a, b], axis=1)
            for a, b in ((losses, RNG.normal(size=(6, more)) * 100), (kept, np.zeros((6, more))))
        ]
        close(averages(*padded, task), values, rtol=1e-12)
        assert not math.isclose((padded[0] * padded[1]).mean(), (losses * kept).mean())  # a mean over places is not
    labels = torch.where(torch.tensor(kept) > 0, torch.tensor(y), -100)
    theirs = torch.nn.functional.cross_entropy(torch.tensor(z).reshape(-1, 4), labels.ravel())
    close(theirs, values[0])


@fact("S098.2")
def _():
    # Two states; from the first to the second with probability 1/n, and from there never back. The last of n symbols is
    # the l-th in the second state with probability (1 - 1/n)^(n-l-1) / n, and a rule that adds beta then still gives
    # beta / (l - 1 + 2 beta) to the way back: its risk is at least ((beta / e) log n + a constant) / n, which
    # is more than log log n / n.
    def scaled(n, beta):  # n times the exact sum over l, by gamma functions
        total = sum(sign * special.gammaln(x) for sign, x in
                    ((1, n - 1 + 2 * beta), (-1, n - 1 + beta), (-1, 2 * beta), (1, beta)))  # fmt: skip
        return math.exp((n - 1) * math.log1p(-1 / n)) * total

    for beta in (0.5, 1.0, 2.0):
        direct = sum(-math.log1p(-beta / (count - 1 + 2 * beta)) for count in range(1, 1000))
        close(scaled(1000, beta), math.exp(999 * math.log1p(-1 / 1000)) * direct)
        ratios = [scaled(10.0**power, beta) / math.log(math.log(10.0**power)) for power in (2, 4, 8, 12)]
        assert (np.diff(ratios) > 0).all()
        assert ratios[-1] > 2 * ratios[0]
        close(scaled(1e12, beta) - scaled(1e6, beta), beta / math.e * math.log(1e6), rtol=1e-3)
    # The rate itself is that of a rule which gives 1 / (l log n) there: in this family, for every chance of a way back.
    for n in (100, 3_000, 100_000):
        place = np.arange(2, n)
        told = 1 / (place * math.log(n))
        worst = 0.0
        for back in np.concatenate([[0.0], np.geomspace(0.01 / n, 0.5, 30)]):
            cost = special.rel_entr(back, told) + special.rel_entr(1 - back, 1 - told)
            worst = max(worst, (np.exp(place * math.log1p(-back)) * cost).sum())
        assert worst < 3 * math.log(math.log(n)) + 3


@fact("S151.2")
def _():
    p = np.array([0.4, 0.25, 0.2, 0.1, 0.05])
    remainders = []
    for n in (100, 400, 1600):
        k = np.arange(1, n)
        counts = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
        chances = np.exp(counts + k * np.log(p)[:, None] + (n - k) * np.log1p(-p)[:, None])
        bias = (
            -(chances * (k / n) * np.log(k / n)).sum() + (p * np.log(p)).sum()
        )  # exact: each symbol's count is binomial
        remainders.append(n * abs(bias + 4 / (2 * n)))
        assert bias < 0
    assert remainders[0] > 2 * remainders[1] > 4 * remainders[2]
    assert remainders[-1] < 0.01


def views(mixed, seed):
    """Two features per class, each learnt by two units of a small network: least share of the weaker one."""
    rng = np.random.default_rng(seed)
    y, strength = np.arange(16) % 4, rng.uniform(0.5, 1.5, size=16)
    x = np.zeros((16, 2, 8))
    x[np.arange(16), 0, 2 * y], x[np.arange(16), 1, 2 * y + 1] = strength, 2 - strength
    i, j = np.divmod(np.arange(256), 16) if mixed else (np.arange(16), np.arange(16))
    x, one, other = (torch.tensor(each) for each in ((x[i] + x[j]) / 2, y[i], y[j]))
    w = torch.tensor(0.2 * abs(rng.normal(size=(4, 2, 8))), requires_grad=True)

    def active(u):
        return torch.where(u < 0.7, u.clamp(min=0) ** 4 / (4 * 0.7**3), u - 0.75 * 0.7)

    loss = mixup("cross_entropy", 0.5)
    for _ in range(900):
        z = active(torch.einsum("npd,krd->nkpr", x, w)).sum(dim=(2, 3))
        (slope,) = torch.autograd.grad(loss(z, one, other).mean(), w)
        w = (w - 4 * slope).detach().requires_grad_()
    own = np.array([[active(w[k, :, 2 * k + f]).sum().item() for f in (0, 1)] for k in range(4)])
    return (own.min(axis=1) / own.max(axis=1)).min()


@fact("S161.1")
def _():
    assert views(False, 1) < 0.05
    assert views(True, 1) > 0.3


@fact("S162.2")
def _():
    def density(y, share, tau):
        k = y.shape[-1]
        total = (share / y**tau).sum(axis=-1)
        return math.gamma(k) * tau ** (k - 1) * total**-k * (share / y ** (tau + 1)).prod(axis=-1)

    # Two classes: the log-odds of y are those of the shares plus logistic noise, over tau.
    y, a, b, tau = sp.symbols("y a b tau", positive=True)
    odds = (y / (1 - y)) ** tau * b / a  # e^u for u = tau logit(y) - log(a / b)
    exact = tau * odds / (1 + odds) ** 2 / (y * (1 - y))
    formula = tau * (a / y**tau + b / (1 - y) ** tau) ** -2 * a / y ** (tau + 1) * b / (1 - y) ** (tau + 1)
    for point in ((0.3, 0.6, 0.4, 0.7), (0.8, 0.1, 0.9, 2.0), (0.01, 0.5, 0.5, 0.1)):
        values = dict(zip((y, a, b, tau), point, strict=True))
        close(float(exact.subs(values)), float(formula.subs(values)), rtol=1e-12)
    assert sp.simplify((exact / formula).subs(tau, 2)) == 1
    # Three: it adds up to 1, and so do the draws in half of the simplex.
    share = np.array([0.5, 0.3, 0.2])
    axis = np.linspace(-40, 40, 801)
    u = np.stack([*np.meshgrid(axis, axis), np.zeros((801, 801))], axis=-1)
    for tau in (0.7, 1.5):
        place = special.softmax(u, axis=-1)
        mass = density(place, share, tau) * place.prod(axis=-1) * 0.01
        close(mass.sum(), 1, rtol=1e-6)
        noise = -np.log(-np.log(np.random.default_rng(3).uniform(size=(60_000, 3))))
        drawn = get("gumbel_softmax")(np.broadcast_to(np.log(share), (60_000, 3)), noise, tau=tau)
        for inside in (lambda y: y[..., 0] > 0.55, lambda y: y[..., 1] < 0.2):
            close(inside(drawn).mean(), (mass * inside(place)).sum(), atol=0.015)


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    RNG.bit_generator.state = START  # the same numbers alone and among the others
    FACTS[name]()
