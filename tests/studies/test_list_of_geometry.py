"""Claims of the literature list about distances, densities on the circle, sets and normalisers."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import optimize, special
from scipy.spatial.distance import directed_hausdorff

from losscheck.arrays import softmax
from losscheck.catalogue import find
from tests.studies.facts import collection, get

RNG = np.random.default_rng(94)
START = RNG.bit_generator.state
close = np.testing.assert_allclose
FACTS, fact = collection()


@fact("S019.2")
def _():
    # Pass 3 either computes the exponentials anew or reads those of pass 2. With one exponential and multiplication by
    # the reciprocal both give the same bits, however the rows are cut into blocks; a division does not.
    differs = False
    for dtype in (np.float32, np.float64):
        for _ in range(50):
            x = (RNG.normal(size=101) * 10).astype(dtype)
            shifted = x - x.max()
            stored = np.concatenate([np.exp(part) for part in np.array_split(shifted, 7)])
            scale = dtype(1) / stored.sum()
            anew = np.concatenate([np.exp(part) * scale for part in np.array_split(shifted, 3)])
            assert (anew == stored * scale).all()
            differs |= bool((stored / stored.sum() != stored * scale).any())
    assert differs


@fact("S030.2")
def _():
    # Three points, noise uniform, one draw of noise per draw of data: score s_i - log Z - log(1/3) against 0. Free
    # scores absorb any constant: the least risk is at s_i - log Z = log p_i. Scores t f_i that cannot are biased unless
    # the constant is the exact Z(t).
    f = np.array([0.0, 0.7, 2.0])
    p = special.softmax(f)  # t = 1

    def risk(scores, log_z):
        ratio = scores - log_z + math.log(3)
        data = [get("noise_contrastive")(np.array([r]), np.zeros((1, 0)))[0] for r in ratio]
        noise = np.mean([get("noise_contrastive")(np.array([60.0]), np.array([[r]]))[0] for r in ratio])
        return p @ data + noise

    exact = special.logsumexp(f)
    for log_z in (exact, exact + 1.0):
        free = optimize.minimize(lambda s, c=log_z: risk(s, c), np.zeros(3), options={"gtol": 1e-8}).x
        close(softmax(free[None])[0], p, atol=1e-5)
        tied = optimize.minimize_scalar(lambda t, c=log_z: risk(t * f, c), bounds=(0, 4)).x
        assert (abs(tied - 1) < 1e-4) == (log_z == exact)
        assert (tied > 1.2) == (log_z > exact)
    # Z estimated from m draws is right in the mean; its logarithm is too low, by about the relative variance over 2 m.
    draws = np.exp(f)[RNG.integers(0, 3, size=(20_000, 50))].mean(axis=1) * 3
    relative = np.exp(f).var() / np.exp(f).mean() ** 2 / 100
    assert abs(draws.mean() - math.exp(exact)) < 5 * draws.std() / math.sqrt(20_000)
    close(exact - np.log(draws).mean(), relative, rtol=0.15)


@fact("S040.2")
def _():
    # Its Fourier coefficients are rho^|n|, so the convolution of two wrapped Cauchy densities is the one of rho rho'.
    angle = np.linspace(-math.pi, math.pi, 2000, endpoint=False)
    step = angle[1] - angle[0]

    def cauchy(rho):
        return (1 - rho**2) / (2 * math.pi * (1 + rho**2 - 2 * rho * np.cos(angle)))

    def normal(width):
        turns = angle[:, None] + 2 * math.pi * np.arange(-4, 5)
        return np.exp(-((turns / width) ** 2) / 2).sum(axis=1) / (width * math.sqrt(2 * math.pi))

    spectra = np.fft.rfft(np.fft.ifftshift([cauchy(0.6), cauchy(0.7), cauchy(0.42)], axes=1)) * step
    close(spectra[0, :20].real, 0.6 ** np.arange(20), atol=1e-12)
    close(spectra[0] * spectra[1], spectra[2], atol=1e-12)

    def least(mixture, family, bounds):
        def divergence(parameter):
            return float((mixture * np.log(mixture / family(parameter))).sum() * step)

        return optimize.minimize_scalar(divergence, bounds=bounds).fun

    # Mixtures of Gaussian kernels: nearer to a wrapped Cauchy density than to a wrapped normal one, by Kullback and
    # Leibler, once their widths differ by a factor of 5; kernels of one width are normal, and of nearly one width near.
    for widths, better in (((0.1, 0.5), True), ((0.1, 1.0), True), ((0.1, 0.3, 1.0, 2.0), True), ((0.3, 0.6), False)):
        mixture = np.mean([normal(width) for width in widths], axis=0)
        apart = least(mixture, cauchy, (0.01, 0.99)), least(mixture, normal, (0.03, 3))
        assert (apart[0] < apart[1] / 2) == better
        assert (apart[0] < apart[1]) == better


@fact("S053.2")
def _():
    # arccos falls and |a - b|^2 = 2 - 2 cos on the sphere: three orders of the prototypes that are one.
    prototypes, x = RNG.normal(size=(40, 8)), RNG.normal(size=(20, 8))
    prototypes /= np.linalg.norm(prototypes, axis=1, keepdims=True)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    cosine = x @ prototypes.T
    order = np.argsort(-cosine, axis=1)
    assert (np.argsort(np.arccos(cosine), axis=1) == order).all()
    assert (np.argsort(((x[:, None] - prototypes[None]) ** 2).sum(axis=2), axis=1) == order).all()


@fact("S054.2")
def _():
    def loss(w, x, y):
        cosine = (x @ w.T) / np.linalg.norm(w, axis=1) / np.linalg.norm(x, axis=1, keepdims=True)
        return find("normface").function(cosine, y, s=16.0)

    w, x, y = RNG.normal(size=(5, 3)), RNG.normal(size=(30, 3)), RNG.integers(0, 5, size=30)
    base = loss(w, x, y)
    close(loss(w * RNG.uniform(0.1, 9, size=(5, 1)), x * RNG.uniform(0.1, 9, size=(30, 1)), y), base)
    assert not np.allclose(find("cross_entropy").function(x @ w.T, y), find("cross_entropy").function(3 * x @ w.T, y))


@fact("S060.1")
def _():
    # False as it is said. One kind of input per class, scores s at the own class: a set of two of class y and one of
    # class o has scores 2 s and s there, 0 elsewhere, and for label y the loss log(1 + e^-s + (K - 2) e^-2s), which
    # falls to 0 as s grows: no finite optimum. The soft label (2/3, 1/3) has one; for two classes at s = log 2.
    def hard(s, classes):
        rows = s * np.eye(classes)[[[0, 0, 1]]]
        return get("odd_one_out")(rows, np.array([0]))[0]

    for classes in (2, 3, 10):
        values = [hard(s, classes) for s in (0.0, 1.0, 5.0, 20.0, 35.0)]
        assert (np.diff(values) < 0).all()
        assert values[-1] < 1e-14
        close(hard(1.0, classes), math.log(1 + math.exp(-1) + (classes - 2) * math.exp(-2)))

        def soft(s, classes=classes):
            total = np.array([2 * s, s] + [0.0] * (classes - 2))
            return special.logsumexp(total) - (2 * total[0] + total[1]) / 3

        best = optimize.minimize_scalar(soft, bounds=(0, 50)).x
        assert best < 5
        if classes == 2:
            close(best, math.log(2), atol=1e-5)
    # Where labels are wrong with chance e, independently, hard labels have a finite optimum too, and lower scores than
    # the calibrated log((1 - e) / e): here for two classes, over all ways the three labels of a set can be wrong.
    for wrong in (0.05, 0.01):

        def noisy(s, wrong=wrong):
            total = 0.0
            for flips in np.ndindex(2, 2, 2):
                lead = (1 - 2 * flips[0]) + (1 - 2 * flips[1]) - (1 - 2 * flips[2])
                chance = np.prod([wrong if flip else 1 - wrong for flip in flips])
                total += chance * np.logaddexp(0, -s * lead)
            return total

        best = optimize.minimize_scalar(noisy, bounds=(0, 50)).x
        assert 0.3 * math.log((1 - wrong) / wrong) < best < 0.9 * math.log((1 - wrong) / wrong)


@fact("S062.4")
def _():
    # No: with s > 0 added to numerator and denominator both losses are the unsmoothed ones of vectors with one more
    # coordinate, the same in both: s / 2 in JML1, the root of s in JML2 (at most 1 for s <= 1). All axioms stay.
    def smoothed(x, y, s):
        apart, total, product = (
            sum(each) for each in zip(*((abs(a - b), a + b, a * b) for a, b in zip(x, y, strict=True)), strict=True)
        )
        return 1 - (total - apart + s) / (total + apart + s), 1 - (product + s) / (product + apart + s)

    def tenths():
        return [Fraction(int(v), 10) for v in RNG.integers(0, 11, size=3)]

    for root in (Fraction(1, 30), Fraction(1, 2), Fraction(1)):
        s = root**2
        for _ in range(120):
            x, y, z = tenths(), tenths(), tenths()
            ours, through, on = smoothed(x, y, s), smoothed(x, z, s), smoothed(z, y, s)
            assert ours[0] == smoothed([*x, s / 2], [*y, s / 2], 0)[0]
            assert ours[1] == smoothed([*x, root], [*y, root], 0)[1]
            assert all(a <= b + c for a, b, c in zip(ours, through, on, strict=True))
            assert (ours[0] == 0) == (ours[1] == 0) == (x == y)
            longer = [np.array([[float(v) for v in [*row, root]]]) for row in (x, y)]
            close(get("jaccard_metric_2")(*longer)[0], float(ours[1]))


@fact("S065.2")
def _():
    def hausdorff(a, b):
        return max(directed_hausdorff(a, b)[0], directed_hausdorff(b, a)[0])

    one_way = 0
    for _ in range(200):
        a, b, c = (RNG.normal(size=(int(RNG.integers(1, 8)), 2)) for _ in range(3))
        assert hausdorff(a, c) <= hausdorff(a, b) + hausdorff(b, c) + 1e-12
        assert directed_hausdorff(a, c)[0] <= directed_hausdorff(a, b)[0] + directed_hausdorff(b, c)[0] + 1e-12
        one_way += directed_hausdorff(a, c)[0] != directed_hausdorff(c, a)[0]
        assert hausdorff(a, a[::-1]) == 0
    assert one_way > 60  # only the symmetric form is a distance


@fact("S087.2")
def _():
    # E[-sum p log q] - H(mean p) = E[KL(p, q) + H(p)] - H(mean p) >= -I(input; class), with equality where q = p.
    for _ in range(50):
        z, q = RNG.normal(size=(12, 4)) * 2, RNG.dirichlet(np.ones(4), size=12)
        p = softmax(z)
        information = special.entr(p.mean(axis=0)).sum() - special.entr(p).sum(axis=1).mean()
        marginal = special.entr(p.mean(axis=0)).sum()
        flipped = find("flipped_cross_entropy").function
        assert flipped(z, q, epsilon=0.0).mean() - marginal >= -information
        close(flipped(z, p, epsilon=0.0).mean() - marginal, -information)
        # With the 1e-3 of the published code the bound can fail by at most log(1 + 4e-3).
        assert flipped(z, q).mean() - marginal >= -information - math.log1p(4e-3)


@pytest.mark.parametrize("name", FACTS)
def test_it_holds(name):
    RNG.bit_generator.state = START  # whatever ran before
    FACTS[name]()
