"""Losses that are others in disguise: members of families, and functions written twice in the literature."""

import math

import numpy as np
import pytest

import losscheck
from losscheck.arrays import log_softmax, softmax
from losscheck.catalogue.wrappers import label_smoothing, logit_adjustment, temperature

RNG = np.random.default_rng(11)
Z = RNG.normal(size=(200, 4)) * 3
Y = RNG.integers(0, 4, size=200)
V = RNG.normal(size=400) * 3
BITS = RNG.integers(0, 2, size=400)
get = losscheck.catalogue.__getitem__


def same(ours, theirs):
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=1e-10, atol=1e-12)


CE = get("cross_entropy")(Z, Y)
MAE = get("mean_absolute_softmax")(Z, Y)

LOGITS = {
    "comp-sum at tau = 2 is mean absolute error": (get("comp_sum")(Z, Y, tau=2.0), MAE),
    "comp-sum at tau = 0 is the sum-exponential": (get("comp_sum")(Z, Y, tau=0.0), get("sum_exponential")(Z, Y)),
    "comp-sum at tau = 1 + q is generalised cross-entropy": (get("comp_sum")(Z, Y, tau=1.7), get("gce")(Z, Y)),
    "generalised cross-entropy at q = 1": (get("gce")(Z, Y, q=1.0), MAE),
    "focal loss at gamma = 0": (get("focal")(Z, Y, gamma=0), CE),
    "Poly-1 at eps = 0": (get("poly1")(Z, Y, eps=0.0), CE),
    "pass@1": (get("pass_at_n")(Z, Y, n=1), CE),
    "pass@3 by its formula": (get("pass_at_n")(Z, Y, n=3), -np.log(1 - (1 - np.exp(-CE)) ** 3)),
    "LDR at lam = 1, c = 0 is cross-entropy less log K": (get("ldr")(Z, Y, lam=1.0, c=0.0), CE - math.log(4)),
    "TempNet's robust loss is a shifted LDR": (
        get("ldr")(Z, Y, lam=0.5, c=0.0) + 0.5 * 0.3,
        0.5 * get("cross_entropy")(Z / 0.5, Y) + (0.3 - math.log(4)) * 0.5,
    ),
    "normalised MAE is normalised reverse cross-entropy": (
        get("normalised_absolute")(Z, Y),
        get("reverse_cross_entropy")(Z, Y) / sum(get("reverse_cross_entropy")(Z, np.full(200, k)) for k in range(4)),
    ),
    "AGCE at q = 1 is mean absolute error": (get("asymmetric_gce")(Z, Y, q=1), MAE),
    "soft bootstrapping at beta = 1": (get("soft_bootstrap")(Z, Y, beta=1.0), CE),
    "Huberised cross-entropy above 1 / tau": (get("huberised_cross_entropy")(Z, Y, tau=1e12), CE),
    "logit adjustment with a uniform prior": (get("logit_adjusted")(Z, Y, prior=[0.25] * 4), CE),
    "LDAM without margin is cross-entropy of s z": (
        get("ldam")(Z, Y, largest=0.0, s=2.0),
        get("cross_entropy")(2 * Z, Y),
    ),
    "vector scaling at gamma = 0 is logit adjustment": (
        get("vector_scaling")(Z, Y, gamma=0.0),
        get("logit_adjusted")(Z, Y),
    ),
    "the wrapper and the entry of logit adjustment": (
        logit_adjustment("cross_entropy", [0.5, 0.25, 0.125, 0.125])(Z, Y),
        get("logit_adjusted")(Z, Y),
    ),
    "encouraging loss is cross-entropy plus log(1 - p)": (
        get("encouraging")(Z, Y),
        CE + np.log1p(-np.exp(-CE)),
    ),
    "negative learning is -log(1 - p)": (get("negative_learning")(Z, Y), -np.log1p(-np.exp(-CE))),
    "squared softmax is the Brier score": (get("squared_softmax")(Z, Y), get("brier")(softmax(Z), Y)),
    "label smoothing of cross-entropy is cross-entropy of the smoothed label": (
        label_smoothing("cross_entropy", 0.2)(Z, Y),
        -((0.8 * np.eye(4)[Y] + 0.05) * log_softmax(Z)).sum(1),
    ),
    "temperature": (temperature("cross_entropy", 2.0)(Z, Y), get("cross_entropy")(Z / 2, Y)),
    "CosFace without margin is NormFace": (get("cosface")(Z / 20, Y, m=0.0), get("normface")(Z / 20, Y)),
    "ArcFace without margin is NormFace": (get("arcface")(Z / 20, Y, m=0.0), get("normface")(Z / 20, Y)),
    "top-1 hinge losses are Crammer and Singer's": (get("topk_hinge_alpha")(Z, Y, k=1), get("crammer_singer")(Z, Y)),
    "truncated top-1 entropy is cross-entropy": (get("topk_truncated_entropy")(Z, Y, k=1), CE),
    "MultiMargin is Weston and Watkins' over K": (get("multi_margin")(Z, Y, p=1), get("weston_watkins")(Z, Y) / 4),
}
MARGINS = {
    "LUM at a = c = 1 is distance weighted discrimination": (get("lum")(V), get("dwd")(V)),
    "huberised hinge of width 1 is the smoothed hinge": (get("huberised_hinge")(V, gamma=1.0), get("smooth_hinge")(V)),
    "the hinge to the power 2": (get("power_hinge")(V, q=2), get("squared_hinge")(V)),
    "rejecting at cost 1/2 never pays": (get("reject_hinge")(V, d=0.5), get("hinge")(V)),
    "alpha-loss at 1/2 is the exponential loss": (get("alpha_margin")(V, alpha=0.5), get("exponential")(V)),
    "focal loss at gamma = 0 is logistic": (get("focal_margin")(V, gamma=0), get("logistic")(V)),
    "DPO is a logistic loss": (get("dpo")(V, beta=1.0), get("logistic")(V)),
    "conservative DPO without noise": (get("conservative_dpo")(V, eps=0.0), get("dpo")(V)),
    "the mean of robust DPO over swaps is DPO": (
        0.9 * get("robust_dpo")(V) + 0.1 * get("robust_dpo")(-V),
        get("dpo")(V),
    ),
    "savage is the squared sigmoid of twice the margin": (
        get("savage")(V),
        get("squared_sigmoid")(2 * V, 1 + 0 * BITS),
    ),
    "binary cross-entropy is logistic in (2 y - 1) z": (
        get("binary_cross_entropy_logits")(V, BITS),
        get("logistic")((2 * BITS - 1) * V),
    ),
    "self-calibrating cross-entropy depends on alpha beta": (
        get("self_calibrating_bce")(V, BITS, alpha=0.4, beta=0.25),
        get("self_calibrating_bce")(V, BITS, alpha=0.2, beta=0.5),
    ),
    "the asymmetric loss without shift and with equal powers is focal": (
        get("binary_asymmetric")(V, BITS, positive=2, negative=2, m=0.0),
        2 * get("sigmoid_focal")(V, BITS, alpha=0.5),
    ),
    "the Gumbel loss of positives is exponential": (
        get("gumbel_optimised")(V, 1 + 0 * BITS),
        get("exponential")(V),
    ),
}


@pytest.mark.parametrize("name", [*LOGITS, *MARGINS])
def test_identities(name):
    same(*{**LOGITS, **MARGINS}[name])


def test_published_factor_of_reverse_cross_entropy():
    # (K - 1) / 4 in place of 1 / (4 (K - 1)), log 1e-4 in place of -4: what should be 1 is 186.5 at K = 10.
    z = np.zeros((1, 10))
    total = sum(get("normalised_reverse_published")(z, np.array([k])) for k in range(10))
    np.testing.assert_allclose(total, 186.5, atol=0.05)


def test_one_against_the_rest_is_at_least_cross_entropy():
    assert (get("one_vs_rest_logistic")(Z, Y) >= CE).all()


def test_arcface_jumps_where_its_fallback_begins():
    edge = math.cos(math.pi - 0.5)
    sides = np.array([[edge + 1e-9, 0.0, 0.0], [edge - 1e-9, 0.0, 0.0]])
    y = np.zeros(2, dtype=int)
    assert abs(np.diff(get("arcface")(sides, y))[0]) > 7
    assert abs(np.diff(get("arcface_continued")(sides, y))[0]) < 1e-5


def test_published_logit_clip_jumps():
    sides = np.array([[1.4999, 0.0, 0.0], [1.5001, 0.0, 0.0]])
    y = np.zeros(2, dtype=int)
    assert np.diff(get("logit_clip_published")(sides, y))[0] > 0.2
    assert abs(np.diff(get("logit_clip_cross_entropy")(sides, y, tau=1.5))[0]) < 1e-3
