"""Small claims of the literature list about softmax as a gate: temperatures, memories, slopes and experts."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp
from scipy import special

from losscheck.arrays import softmax
from tests.studies.facts import collection, get, slopes

RNG = np.random.default_rng(47)
START = RNG.bit_generator.state
close = np.testing.assert_allclose
FACTS, fact = collection()


@fact("S164.3")
def _():
    # The rule as published: a polynomial in the entropy, at least 1, where the entropy exceeds 1/2.
    polynomial = [-0.037, 0.481, -2.3, 4.917, -1.791]

    def inverse(z):
        p = softmax(z)
        entropy = -(p * np.log(p + 1e-9)).sum(axis=1)
        return np.where(entropy > 0.5, np.maximum(np.polyval(polynomial, entropy), 1), 1)

    for count, spread in ((2, 1.0), (10, 0.1), (10, 3.0), (500, 5.0), (3000, 1.0), (4, 100.0)):
        z = spread * RNG.normal(size=(100, count))
        beta = inverse(z)
        assert (beta >= 1).all()
        top = get("tempered_softmax")(beta[:, None] * z, temperature=1.0)
        assert (top.max(axis=1) >= softmax(z).max(axis=1) - 1e-15).all()
        assert (special.entr(top).sum(axis=1) <= special.entr(softmax(z)).sum(axis=1) + 1e-12).all()
    # The bound by 1 is needed: the polynomial itself is below it just above 1/2, and for long rows.
    assert np.polyval(polynomial, 0.51) < 1
    assert np.polyval(polynomial, math.log(3000)) < 1


@fact("S165.2")
def _():
    # Two queries at a small angle, one of which must be sure of its key and the other nearly even. One bilinear map has
    # to undo the angle, so that its norm grows as 1 / angle; with a temperature for each query it need not.
    keys, norms = np.eye(5), []
    sharp, even = np.array([0.96, 0.01, 0.01, 0.01, 0.01]), np.array([0.24, 0.19, 0.19, 0.19, 0.19])
    scores = [np.log(p) - np.log(p).mean() for p in (sharp, even)]
    for angle in (1.0, 0.1, 0.01):
        queries = np.array([[1.0, 0.0], [math.cos(angle), math.sin(angle)]])
        one = np.linalg.solve(queries, np.array(scores)).T  # the only map to these scores
        close(softmax(queries @ one.T @ keys), [sharp, even], rtol=1e-9)
        ratio = scores[0][0] / scores[1][0]
        close(scores[0], ratio * scores[1])
        # The same scores for both, times each query's inverse temperature: the least map is of rank one.
        best = np.outer(scores[1], np.linalg.lstsq(queries, np.ones(2), rcond=None)[0])
        for row, inverse, target in zip(queries, (ratio, 1.0), (sharp, even), strict=True):
            close(get("tempered_softmax")((best @ row)[None], temperature=1 / inverse)[0], target, rtol=1e-9)
        norms.append([np.linalg.norm(one), np.linalg.norm(best)])
        # Any map to these scores takes their difference from that of the queries.
        assert norms[-1][0] >= np.linalg.norm(scores[0] - scores[1]) / np.linalg.norm(queries[0] - queries[1]) - 1e-9
    norms = np.array(norms)
    assert norms[2, 0] > 9 * norms[1, 0] > 80 * norms[0, 0] / 2
    assert norms[:, 1].max() < 1.2 * np.linalg.norm(scores[1])


@fact("S169.1")
def _():
    # Scores N(0, s^2), values of variance 1: the memory reads sum_i w_i v_i, of variance sum_i E w_i^2.
    x, s = sp.symbols("x s", positive=True)
    law = sp.exp(-(x**2) / (2 * s**2)) / (s * sp.sqrt(2 * sp.pi))
    first, second = (sp.integrate(x**power * law, (x, 0, sp.oo)) for power in (1, 2))
    assert sp.simplify(first - s / sp.sqrt(2 * sp.pi)) == 0
    assert sp.simplify(second - s**2 / 2) == 0  # so ReLU's memory has variance n s^2 / 2: it grows with n
    u = sp.symbols("u", real=True)
    mean, square = (sp.integrate(sp.exp(k * u) * law.subs(x, u), (u, -sp.oo, sp.oo)) for k in (1, 2))
    assert (
        sp.simplify((square / mean**2 - sp.exp(s**2)).rewrite(sp.erf)) == 0
    )  # and softmax's e^(s^2) / n in the limit: it vanishes
    for spread in (0.5, 1.0):
        read = []
        for count in (100, 2000):
            z, v = spread * RNG.normal(size=(600, count)), RNG.normal(size=(600, count))
            weight = get("softmax_map")(z)
            close(count * (weight**2).sum(axis=1).mean(), math.exp(spread**2), rtol=6 / math.sqrt(count) + 0.01)
            read.append(((weight * v).sum(axis=1).std(), (np.maximum(z, 0) * v).sum(axis=1).std()))
            close(read[-1][1], spread * math.sqrt(count / 2), rtol=0.15)
        # A layer norm behind it takes the scale away: the ratio of the two is sqrt(n^2 s^2 / 2) e^(-s^2 / 2).
        close(read[1][1] / read[1][0], 2000 * spread / math.sqrt(2) * math.exp(-(spread**2) / 2), rtol=0.15)


@fact("S175.3")
def _():
    # d/da_i = p_i (1 + a_i - y). At (0, x) the first slope is 1/4 + 1/4 at x = 0 and below 0 at x = 2.
    def slope(x):
        row = np.array([[0.0, x]])
        closed = softmax(row)[0, 0] * (1 - get("boltzmann_operator")(row)[0])
        close(slopes(get("boltzmann_operator"), row)[0, 0], closed, atol=1e-9)
        return closed

    assert slope(0.0) == 0.5
    assert slope(2.0) < -0.09
    zero = 1.0
    for _ in range(60):
        zero = 1 + math.exp(-zero)  # x e^x = 1 + e^x: a contraction
    assert math.isclose(zero, 1.2784645427610738, rel_tol=1e-14)
    assert abs(slope(zero)) < 1e-15


@fact("S181.2")
def _():
    rng = np.random.default_rng(12)

    def experts(n):
        """Top-1 of two linear experts, the right number: the most likely gate and experts. Error of the slopes."""
        x = np.sort(rng.uniform(-1, 1, size=n))
        y = np.where(x < 0.2, 1 + x, -1 - 2 * x) + 0.3 * rng.normal(size=n)
        sums = np.cumsum(np.stack([np.ones(n), x, x * x, y, x * y, y * y]), axis=1)

        def fit(s):
            size, sx, sxx, sy, sxy, syy = s
            slope = (size * sxy - sx * sy) / np.maximum(size * sxx - sx * sx, 1e-9)
            level = (sy - slope * sx) / size
            return slope, syy - slope * sxy - level * sy

        left, right = sums[:, 4:-5], sums[:, -1:] - sums[:, 4:-5]
        best = (fit(left)[1] + fit(right)[1]).argmin()
        return math.hypot(fit(left)[0][best] - 1, fit(right)[0][best] + 2)

    def spare(n):
        """Two experts that are both selected where one is true: the best distance of their means from it."""
        y, means = rng.normal(size=n), np.linspace(0, 1.2, 121)
        y = y - y.mean()
        kinds = np.histogram(y, bins=400, range=(-5, 5))
        at = (kinds[1][:-1] + kinds[1][1:]) / 2
        return means[(np.log(np.cosh(means[:, None] * at)) @ kinds[0] / n - means**2 / 2).argmax()]

    def error(fit, n, times):
        return math.sqrt(np.mean([fit(n) ** 2 for _ in range(times)]))

    # Sixteen times the sample: a quarter of the error at the rate n^(-1/2), half of it at n^(-1/4).
    exact = error(experts, 250, 150) / error(experts, 4000, 150)
    over = error(spare, 1000, 300) / error(spare, 16000, 300)
    assert 3.2 < exact < 5
    assert 1.6 < over < 2.5

    # The density is estimated at n^(-1/2) all the same: Hellinger's distance falls as the square of that of the means.
    def hellinger(mean):
        x = np.linspace(-8, 8, 2001)
        p = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
        return math.sqrt(1 - (p * np.sqrt(np.exp(-(mean**2) / 2) * np.cosh(mean * x))).sum() * (x[1] - x[0]))

    close(hellinger(0.2) / hellinger(0.1), 4, rtol=0.05)


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    RNG.bit_generator.state = START  # the same numbers alone and among the others
    FACTS[name]()
