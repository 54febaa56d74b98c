"""Affine minorants of convex powers: Young's inequality, and what breaks each of its hypotheses."""

from fractions import Fraction

import numpy as np
import pytest

import losscheck
from losscheck.verifier.certificate import CertificateRejected
from losscheck.verifier.minorant import convex_power, minorant
from losscheck.verifier.terms import Pool


def power(exponent, inside="max"):
    """``W`` times a power of ``max(0, 1 + z)``, of ``1 + z`` or of ``exp(z)``, with the function itself."""
    pool = Pool()
    z = pool.var("z")
    moved = pool.add(pool.one, z)
    base = {"max": pool.build("max", None, (pool.zero, moved)), "affine": moved, "exp": pool.exp(z)}[inside]
    read = {"max": lambda x: np.maximum(0, 1 + x), "affine": lambda x: 1 + x, "exp": np.exp}[inside]
    return pool.power(base, Fraction(exponent)), lambda x: read(x) ** float(Fraction(exponent))


def hints(inside, m):
    """The multiplier of the power, and what it hands on to the base."""
    return [[m], ["0", m]] if inside == "max" and m != "0" else [[m]]


@pytest.mark.parametrize("exponent", ["3", "3/2", "5/2", "4", "6/5"])
@pytest.mark.parametrize("m", ["0", "1/3", "2", "17/4"])
def test_the_minorant_lies_below_the_power_and_touches_it(exponent, m):
    node, read = power(exponent)
    low = minorant({node: Fraction(3, 2)}, hints("max", m), ["z"])
    z = np.linspace(-4, 96, 40_001)
    gap = 1.5 * read(z) - float(low.total.mid()) - float(low.slopes["z"]) * z
    assert gap.min() > -1e-9
    assert gap.min() < 1e-3


@pytest.mark.parametrize("m", ["-3", "-1/2", "0", "2"])
def test_an_even_power_may_slope_either_way(m):
    node, read = power("4", "affine")
    low = minorant({node: Fraction(1)}, [[m]], ["z"])
    z = np.linspace(-6, 6, 4001)
    gap = read(z) - float(low.total.mid()) - float(low.slopes["z"]) * z
    assert -1e-9 < gap.min() < 1e-3


def test_what_is_no_convex_power_takes_no_multiplier():
    assert not convex_power(power("3", "affine")[0])  # a cube of either sign is not convex
    assert not convex_power(power("1/2")[0])
    assert not convex_power(power("-1")[0])
    pool = Pool()
    shifted = pool.build("max", None, (pool.const(Fraction(-1)), pool.var("z")))
    assert not convex_power(pool.power(shifted, Fraction(3)))  # may be negative
    with pytest.raises(CertificateRejected):
        minorant({power("3", "affine")[0]: Fraction(1)}, [["1"]], ["z"])


@pytest.mark.parametrize("exponent", ["3", "3/2"])
def test_a_negative_multiplier_or_weight_is_rejected(exponent):
    node, _ = power(exponent)
    with pytest.raises(CertificateRejected, match="do not bound"):
        minorant({node: Fraction(1)}, hints("max", "-1"), ["z"])
    with pytest.raises(CertificateRejected, match="do not bound"):
        minorant({node: Fraction(-1)}, hints("max", "1"), ["z"])


def test_the_constrained_cubic_hinge_has_its_transform_enclosed():
    """No sample of scores has a regret far below the enclosure."""

    def loss(z, y):
        e = np.maximum(0, 1 + z) ** 3
        return e.sum(1) - e[np.arange(len(y)), y]

    over = losscheck.All(sum_to_zero=True)
    bound = losscheck.h_consistency(loss, kind="logits", n_classes=3, hypotheses=over)
    low, high = bound.bounds(0.6)
    assert high - low < 1e-4
    rng = np.random.default_rng(0)
    for p in ([0.8, 0.2, 0.0], [0.7, 0.1, 0.2], [0.65, 0.05, 0.3]):
        z = rng.normal(size=(200_000, 3))
        z -= z.mean(1, keepdims=True)
        z = np.vstack([z, 0.3 * z])
        risks = np.stack([loss(z, np.full(len(z), y)) for y in range(3)], axis=1) @ p
        wrong = risks[z[:, 1] >= z.max(1)].min()
        assert wrong - risks.min() > low - 1e-2


def test_a_loss_that_moves_with_the_mean_of_its_scores():
    """Squared scores: the best ones are p, the best wrong ones tie, so T(t) = t^2 / 2."""

    def loss(z, y):
        return (z**2).sum(1) - 2 * z[np.arange(len(y)), y] + 1

    bound = losscheck.h_consistency(loss, kind="logits", n_classes=3)
    for t in (0.1, 0.6, 0.9):
        low, high = bound.bounds(t)
        assert low <= t * t / 2 <= high + 1e-15
        assert high - low < 1e-4
    assert losscheck.verify(bound.certificate)
