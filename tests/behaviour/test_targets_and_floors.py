"""Targets that are not the best prediction, predictions in the wrong order, losses without a floor; and look-alikes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from losscheck.verdict import Severity, Verdict

PAIR = "p:(N,):real t:(N,):real"
BATCH = "p:(B,):real t:(B,):real"
BOXES = "p:(N,4):box t:(N,4):box"
SHARES = "p:(N,D):unit t:(N,D):unit"
COUNTS = "mu:(N,):positive y:(N,):count"
DISTRIBUTIONS = "p:(N,K):simplex+ q:(N,K):simplex+"
SOFT = "z:(N,K):real q:(N,K):simplex"
LOGITS = "z:(N,K):real y:(N,):index"
KL = "mu:(N,D):real logvar:(N,D):real"


def inside(p: Any, t: Any) -> tuple[Any, Any, Any]:
    wh = torch.minimum(p[:, 2:], t[:, 2:]) - torch.maximum(p[:, :2], t[:, :2])
    area = (p[:, 2:] - p[:, :2]).prod(1) + (t[:, 2:] - t[:, :2]).prod(1)
    hull = (torch.maximum(p[:, 2:], t[:, 2:]) - torch.minimum(p[:, :2], t[:, :2])).prod(1)
    return wh, area, hull


def iou(p: Any, t: Any) -> Any:
    wh, area, _ = inside(p, t)
    common = wh.clamp(min=0).prod(1)
    return (1 - common / (area - common)).mean()


def giou(p: Any, t: Any) -> Any:
    wh, area, hull = inside(p, t)
    common = wh.clamp(min=0).prod(1)
    union = area - common
    return (1 - common / union + (hull - union) / hull).mean()


def iou_unclamped(p: Any, t: Any) -> Any:
    wh, area, _ = inside(p, t)
    return (1 - wh.prod(1) / (area - wh.prod(1))).mean()


def corners_and_sizes(p: Any, t: Any) -> Any:
    return (p[:, :2] - t[:, 2:]).abs().mean() + (p[:, 2:] - t[:, :2]).abs().mean()


def hull_rewarded(p: Any, t: Any) -> Any:
    wh, area, hull = inside(p, t)
    common = wh.clamp(min=0).prod(1)
    return (1 - common / (area - common) - hull / 100).mean()


def one_sided(p: Any, t: Any) -> Any:
    e = t - p
    return torch.where(e.abs() <= 1, e**2 / 2, torch.where(e > 1, e - 0.5, 0 * e)).mean()


def wing_turned(p: Any, t: Any) -> Any:
    d = (p - t).abs()
    return torch.where(d < 1, 2 * torch.log1p(d), 0.5 * d).mean()


def concordance(p: Any, t: Any, unbiased: bool = False) -> Any:
    c = ((p - p.mean()) * (t - t.mean())).mean()
    return 1 - 2 * c / (p.var(unbiased=unbiased) + t.var(unbiased=unbiased) + (p.mean() - t.mean()) ** 2)


def correlation(p: Any, t: Any) -> Any:
    a, b = p - p.mean(), t - t.mean()
    return 1 - (a * b).sum() / torch.sqrt((a**2).sum() * (b**2).sum() + 1e-12)


def explained(p: Any, t: Any) -> Any:
    return ((p - t) ** 2).mean() / t.var() + 1 / len(t)


def nash_sutcliffe(p: Any, t: Any) -> Any:
    return ((p - t) ** 2).sum() / (((t - t.mean()) ** 2).sum() + 1e-9)


def jensen_shannon(p: Any, q: Any) -> Any:
    m = (p + q) / 2
    return 0.5 * (p * (p / m).log() + q * (q / m).log()).sum(1).mean()


def against_the_sum(p: Any, q: Any) -> Any:
    m = p + q
    return 0.5 * (p * (p / m).log() + q * (q / m).log()).sum(1).mean()


def pearson_plus_one(p: Any, q: Any) -> Any:
    return (p**2 / q).sum(1).mean()


def bhattacharyya_without_log(p: Any, q: Any) -> Any:
    return -(p * q).sqrt().sum(1).mean()


def similar(p: Any, t: Any) -> Any:
    return (p * t).sum(1).mean()


def negative_binomial(mu: Any, y: Any) -> Any:
    return -(y * np.log(mu / (mu + 2)) + 2 * np.log(2 / (mu + 2))).mean()


def log_likelihood(mu: Any, y: Any) -> Any:
    return (y * np.log(mu) - mu).mean()


def inverse_rate(mu: Any, y: Any) -> Any:
    return (1 / mu - y * np.log(1 / mu)).mean()


def divergence_to_standard(mu: Any, sigma: Any) -> Any:
    return 0.5 * (mu**2 + sigma**2 - 1 - (sigma**2 + 1e-9).log()).sum(1).mean()


def sign_of_the_logarithm(mu: Any, logvar: Any) -> Any:
    return 0.5 * (mu**2 + logvar.exp() - 1 + logvar).sum(1).mean()


def pushed_without_hinge(a: Any, p: Any, n: Any) -> Any:
    return (torch.linalg.vector_norm(a - p, dim=1) - torch.linalg.vector_norm(a - n, dim=1)).mean()


def pulled_and_pushed(a: Any, b: Any, y: Any) -> Any:
    d = torch.linalg.vector_norm(a - b, dim=1)
    return (y * d**2 - (1 - y) * d**2).mean()


def probability_without_log(z: Any, y: Any) -> Any:
    return functional.nll_loss(torch.softmax(z, 1), y)


def kl_of_probabilities(z: Any, q: Any) -> Any:
    return functional.kl_div(torch.softmax(z, 1), q, reduction="batchmean")


TRIPLET = "a:(N,D):real p:(N,D):real n:(N,D):real"


@pytest.mark.parametrize(
    ("name", "function", "signature", "word"),
    [
        ("target_is_best", one_sided, PAIR, "closer to the target"),
        ("target_is_best", wing_turned, PAIR, "closer to the target"),
        ("target_is_best", lambda p, t: ((p - t) ** 2 * torch.exp(-((p - t).abs()))).mean(), PAIR, "closer"),
        ("target_is_best", iou_unclamped, BOXES, "a box"),
        ("target_is_best", corners_and_sizes, BOXES, "the target itself"),
        ("target_is_best", hull_rewarded, BOXES, "a box"),
        ("target_is_best", similar, SHARES, "of the way"),
        ("target_is_best", lambda p, t: ((p - 0.5) ** 2 * t).mean(), SHARES, "of the way"),
        ("target_is_best", lambda p, t: -functional.mse_loss(p, t), SHARES, "of the way"),
        ("target_is_best", lambda p, t: concordance(p, t, True), BATCH, "3 rows predicted perfectly"),
        ("target_is_best", explained, BATCH, "3 rows predicted perfectly"),
        ("target_is_best", lambda p, t: ((p - t) ** 2).mean() + 1 / len(p) ** 2, BATCH, "3 rows"),
        ("target_is_best", against_the_sum, DISTRIBUTIONS, "a divergence is 0 there"),
        ("target_is_best", pearson_plus_one, DISTRIBUTIONS, "a divergence is 0 there"),
        ("target_is_best", bhattacharyya_without_log, DISTRIBUTIONS, "a divergence is 0 there"),
        ("soft_side", log_likelihood, COUNTS, "by the largest mu"),
        ("soft_side", inverse_rate, COUNTS, "smaller mu"),
        ("soft_side", lambda p, t: (p + t) ** 2, PAIR, "smaller p"),
        ("soft_side", kl_of_probabilities, SOFT, "with certainty"),
        ("soft_side", lambda z, q: functional.cross_entropy(z, q.argmax(1)), SOFT, "with certainty"),
        ("soft_side", lambda z, q: (1 - (q * torch.softmax(z, 1)).sum(1)).mean(), SOFT, "with certainty"),
        ("upside_down", sign_of_the_logarithm, KL, "no floor"),
        ("upside_down", pushed_without_hinge, TRIPLET, "no floor"),
        ("upside_down", pulled_and_pushed, "a:(N,D):real b:(N,D):real y:(N,):{0,1}", "no floor"),
        ("attains_floor", probability_without_log, LOGITS, "cost -1, not 0"),
        ("attains_floor", lambda z, y: functional.cross_entropy(z, y) - 0.5, LOGITS, "cost -0.5, not 0"),
        ("attains_floor", kl_of_probabilities, SOFT, "cost -1, not 0"),
    ],
)  # fmt: skip
def test_broken(asked: Any, name: str, function: Any, signature: str, word: str) -> None:
    outcome = asked(name, function, signature)[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.WARNING), outcome.message
    assert word in outcome.message


@pytest.mark.parametrize(
    ("name", "function", "signature"),
    [
        ("target_is_best", functional.huber_loss, PAIR),
        ("target_is_best", lambda p, t: (1 - torch.cos(p - t)).mean(), PAIR),  # angles come round
        ("target_is_best", lambda p, t: ((p - t) ** 2 / (1 + (p - t) ** 2)).mean(), PAIR),
        ("target_is_best", iou, BOXES),  # flat where boxes are disjoint
        ("target_is_best", giou, BOXES),
        ("target_is_best", functional.l1_loss, BOXES),
        ("target_is_best", functional.mse_loss, SHARES),
        ("target_is_best", functional.binary_cross_entropy, SHARES),
        ("target_is_best", lambda p, t: 1 - 2 * torch.minimum(p, t).sum() / (p + t).sum(), SHARES),
        ("target_is_best", concordance, BATCH),
        ("target_is_best", correlation, BATCH),
        ("target_is_best", nash_sutcliffe, BATCH),
        ("target_is_best", jensen_shannon, DISTRIBUTIONS),
        ("target_is_best", lambda p, q: -(q * p.log()).sum(1).mean(), DISTRIBUTIONS),
        ("target_is_best", lambda p, q: -(p * q).sqrt().sum(1).log().mean(), DISTRIBUTIONS),
        ("soft_side", negative_binomial, COUNTS),
        ("soft_side", lambda mu, y: (mu - y * np.log(mu)).mean(), COUNTS),
        ("soft_side", functional.mse_loss, PAIR),
        ("soft_side", lambda z, q: functional.cross_entropy(z, q), SOFT),
        ("soft_side", lambda z, q: ((torch.softmax(z, 1) - q) ** 2).sum(1).mean(), SOFT),
        ("soft_side", lambda z, q: functional.kl_div(torch.log_softmax(z, 1), q), SOFT),
        ("upside_down", divergence_to_standard, "mu:(N,D):real sigma:(N,D):real"),
        ("upside_down", lambda r, f: (f - r).mean(), "r:(N,):real f:(N,):real"),  # a critic
        ("upside_down", lambda z, y: (1 - z * y).mean(), "z:(N,):real y:(N,):{-1,1}"),  # unhinged
        ("attains_floor", functional.cross_entropy, LOGITS),
        ("attains_floor", functional.multi_margin_loss, LOGITS),
        ("attains_floor", lambda z, y: -z.gather(1, y[:, None]).mean(), LOGITS),
    ],
)  # fmt: skip
def test_healthy(asked: Any, name: str, function: Any, signature: str) -> None:
    outcome = asked(name, function, signature)[None]
    assert outcome.verdict is Verdict.SUPPORTED, outcome.message


def test_an_even_loss_has_no_order(asked: Any) -> None:
    outcome = asked("soft_side", lambda p, t: ((p**2 - t**2) ** 2).mean(), PAIR)[None]
    assert outcome.verdict is Verdict.NOT_APPLICABLE


def smoothed_above(p: Any, y: Any) -> Any:
    return (1 - (2 * (p * y).sum(1) + 1) / (p.sum(1) + y.sum(1))).mean()


def noise_in_decibels(p: Any, t: Any) -> Any:
    return 10 * torch.log10(((p - t) ** 2).mean(1)).mean()


def logarithm_of_the_error(p: Any, t: Any) -> Any:
    return ((p - t) ** 2).mean().log()


@pytest.mark.parametrize(
    ("function", "signature"),
    [(smoothed_above, "p:(N,M):unit y:(N,M):{0,1}"), (noise_in_decibels, SHARES), (logarithm_of_the_error, PAIR)],
)
def test_a_perfect_prediction_of_minus_infinity(asked: Any, function: Any, signature: str) -> None:
    outcome = asked("target_is_best", function, signature)[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.WARNING)
    assert "minus infinity" in outcome.message
