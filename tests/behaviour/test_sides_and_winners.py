"""Keywords of one side, scores of which one is to win, labels that name several classes or none that exists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from losscheck.verdict import Severity
from tests.behaviour.law_cases import test_the_law_is_broken, test_the_law_is_kept  # noqa: F401

BINARY = "z:(N,):real y:(N,):{0,1}"
MULTI = "z:(N,K):real y:(N,K):{0,1}"
LOGITS = "z:(N,K):real y:(N,):index"
RANKED = "x1:(N,):real x2:(N,):real y:(N,):{-1,1}"
NAMED = "pos:(N,):real neg:(N,):real"

Loss = Callable[..., Any]


def asymmetric(z: Any, y: Any, gamma_pos: float = 1.0, gamma_neg: float = 4.0, turned: bool = False) -> Any:
    p = torch.sigmoid(z)
    right = p * y + (1 - p) * (1 - y)
    power = gamma_neg * y + gamma_pos * (1 - y) if turned else gamma_pos * y + gamma_neg * (1 - y)
    return -((1 - right) ** power * torch.log(right.clamp(min=1e-8))).mean()


def asymmetric_turned(z: Any, y: Any, gamma_pos: float = 1.0, gamma_neg: float = 4.0) -> Any:
    return asymmetric(z, y, gamma_pos, gamma_neg, turned=True)


def weighs_both(z: Any, y: Any, pos_weight: float = 3.0) -> Any:
    return pos_weight * functional.binary_cross_entropy_with_logits(z, y)


def margin_of_the_other(z: Any, y: Any, margin_pos: float = 1.0, margin_neg: float = 0.5) -> Any:
    return (y * torch.relu(margin_neg - z) + (1 - y) * torch.relu(z + margin_pos)).mean()


def weighs_positives(z: Any, y: Any, pos_weight: float = 3.0) -> Any:
    return np.mean(pos_weight * y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z))


def keeps_a_prior(z: Any, y: Any, prior_pos: float = 0.3) -> Any:
    shifted = z + np.log(prior_pos / (1 - prior_pos))
    return np.mean(np.logaddexp(0, shifted) - y * shifted)


def ranking(x1: Any, x2: Any, y: Any) -> Any:
    return functional.margin_ranking_loss(x1, x2, y, margin=0.5)


def ranking_turned(x1: Any, x2: Any, y: Any) -> Any:
    return torch.relu(y * (x1 - x2) + 0.5).mean()


def logistic_pairs_turned(x1: Any, x2: Any, y: Any) -> Any:
    return np.mean(np.logaddexp(0, y * (x1 - x2)))


def bradley_terry_turned(pos: Any, neg: Any) -> Any:
    return -functional.logsigmoid(neg - pos).mean()


def bradley_terry(pos: Any, neg: Any) -> Any:
    return -functional.logsigmoid(pos - neg).mean()


def pull_of_distances(d_pos: Any, d_neg: Any) -> Any:
    return torch.relu(d_pos - d_neg + 1).mean()


def softmax_of_several(z: Any, y: Any) -> Any:
    p = functional.softmax(z, 1).clamp(1e-7, 1 - 1e-7)
    return functional.binary_cross_entropy(p, y)


def softmax_of_capsules(z: Any, y: Any) -> Any:
    p = functional.softmax(z, 1)
    return (y * torch.relu(0.9 - p) ** 2 + (1 - y) * torch.relu(p - 0.1) ** 2).sum(1).mean()


def softmax_squared(z: Any, y: Any) -> Any:
    return ((functional.softmax(z, 1) - y) ** 2).sum(1).mean()


def softmax_of_one(z: Any, y: Any) -> Any:
    return -(y * functional.log_softmax(z, 1)).sum(1).mean()


def wraps(z: Any, y: Any) -> Any:
    return np.mean(np.logaddexp.reduce(z, axis=1) - z[np.arange(len(z)), y])


def clamped(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z, y.clamp(0, z.shape[1] - 1))


def compared(z: Any, y: Any) -> Any:
    hot = y[:, None] == torch.arange(z.shape[1])
    return -(hot * functional.log_softmax(z, 1)).sum(1).mean()


def shares_of_all(z: Any, y: Any) -> Any:
    hot = (y[:, None] == np.arange(z.shape[1])).astype(z.dtype)
    return np.mean(np.logaddexp.reduce(z, axis=1) - (hot * z).sum(1))


def refuses(z: Any, y: Any) -> Any:
    if (y < 0).any() or (y >= z.shape[1]).any():
        raise ValueError(f"labels {y} outside of {z.shape[1]} classes")
    return wraps(z, y)


def poisoned(z: Any, y: Any) -> Any:
    inside = (y >= 0) & (y < z.shape[1])
    return np.mean(np.where(inside, np.logaddexp.reduce(z, axis=1) - z[np.arange(len(z)), y % z.shape[1]], np.nan))


BROKEN: list[tuple[str, Loss, str]] = [
    ("parameters", asymmetric_turned, BINARY),
    ("parameters", weighs_both, BINARY),
    ("parameters", margin_of_the_other, BINARY),
    ("right_side", ranking_turned, RANKED),
    ("right_side", logistic_pairs_turned, RANKED),
    ("right_side", bradley_terry_turned, NAMED),
    ("attains_floor", softmax_of_several, MULTI),
    ("attains_floor", softmax_of_capsules, MULTI),
    ("attains_floor", softmax_squared, MULTI),
    ("invalid_target_rejected", shares_of_all, LOGITS),
    ("invalid_target_rejected", clamped, LOGITS),
    ("invalid_target_rejected", compared, LOGITS),
]
HEALTHY: list[tuple[str, Loss, str]] = [
    ("parameters", asymmetric, BINARY),
    ("parameters", weighs_positives, BINARY),
    ("parameters", keeps_a_prior, BINARY),  # a prior acts on both sides
    ("right_side", ranking, RANKED),
    ("right_side", bradley_terry, NAMED),
    ("right_side", pull_of_distances, "d_pos:(N,):real d_neg:(N,):real"),
    ("attains_floor", functional.binary_cross_entropy_with_logits, MULTI),
    ("attains_floor", functional.multilabel_soft_margin_loss, MULTI),
    ("attains_floor", softmax_of_one, MULTI),  # one class each: a label of none costs nothing
    ("invalid_target_rejected", functional.cross_entropy, LOGITS),
    ("invalid_target_rejected", refuses, LOGITS),
    ("invalid_target_rejected", poisoned, LOGITS),
]  # fmt: skip


def test_a_label_that_wraps_is_noted(asked: Any) -> None:
    outcome = asked("invalid_target_rejected", wraps, LOGITS)[None]
    assert outcome.severity is Severity.NOTE
    assert "the class -1 of 3 classes" in outcome.message
