"""Marks taken for labels, mistakes that cost nothing, soft labels that are rounded; and losses that look alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tests.behaviour.law_cases import test_the_law_is_broken, test_the_law_is_kept  # noqa: F401

MARKED = "p:(N,):unit y:(N,):{0,1}|255"
SCORED = "z:(N,):real y:(N,):{0,1}|-100"
MASKS = "p:(N,M):unit y:(N,M):{0,1}"
SOFT = "z:(N,):real y:(N,):unit"


def clamped_mark(p: Any, y: Any) -> Any:
    return functional.binary_cross_entropy(p.clamp(1e-6, 1 - 1e-6), y.clamp(max=1.0))


def compared_mark(z: Any, y: Any) -> Any:
    return functional.softplus(torch.where(y > 0.5, -z, z)).mean()


def truthy_mark(p: Any, y: Any) -> Any:
    return np.mean((p - (y != 0)) ** 2)


def mark_left_out(p: Any, y: Any) -> Any:
    known = (y != 255).to(p.dtype)
    rows = functional.binary_cross_entropy(p.clamp(1e-6, 1 - 1e-6), y.clamp(max=1.0), reduction="none")
    return (rows * known).sum() / known.sum().clamp(min=1)


def mark_weighs_half(z: Any, y: Any) -> Any:
    known = (y != -100).to(z.dtype)
    return ((1 + known) * functional.softplus(torch.where(y > 0.5, -z, z))).mean()


def minus_one_is_zero(z: Any, y: Any) -> Any:
    return functional.softplus(torch.where(y > 0.5, -z, z)).mean()


def tversky(p: Any, y: Any, misses: float, alarms: float) -> Any:
    hit, alarm, miss = (p * y).sum(1), (p * (1 - y)).sum(1), ((1 - p) * y).sum(1)
    return (1 - (hit + 1) / (hit + alarms * alarm + misses * miss + 1)).mean()


def misses_forgotten(p: Any, y: Any) -> Any:
    return tversky(p, y, 0.0, 1.0)


def alarms_forgotten(p: Any, y: Any) -> Any:
    return tversky(p, y, 0.9, 0.0)


def negatives_only(p: Any, y: Any) -> Any:
    return -((1 - y) * torch.log1p(-p.clamp(max=1 - 1e-6))).mean()


def both_cost(p: Any, y: Any) -> Any:
    return tversky(p, y, 0.7, 0.3)


def misses_cost_little(p: Any, y: Any) -> Any:
    return tversky(p, y, 0.05, 0.95)


def hardest_elements(p: Any, y: Any) -> Any:
    return ((p - y) ** 2).topk(2, dim=1).values.mean()


def thresholded(z: Any, y: Any) -> Any:
    return functional.binary_cross_entropy_with_logits(z, (y > 0.5).to(z.dtype))


def rounded(z: Any, y: Any) -> Any:
    return functional.softplus(-(2 * torch.round(y) - 1) * z).mean()


def compared(z: Any, y: Any) -> Any:
    return np.mean(np.where(y >= 0.5, np.logaddexp(0, -z), np.logaddexp(0, z)))


def soft(z: Any, y: Any) -> Any:
    return functional.binary_cross_entropy_with_logits(z, y)


def of_probabilities(z: Any, y: Any) -> Any:
    return ((torch.sigmoid(z) - y) ** 2).mean()


def with_a_dead_zone(z: Any, y: Any) -> Any:
    return functional.relu((torch.sigmoid(z) - y).abs() - 0.05).mean()


BROKEN = [
    ("ignored_rows", clamped_mark, MARKED),
    ("ignored_rows", compared_mark, SCORED.replace("-100", "255")),
    ("ignored_rows", truthy_mark, MARKED),
    ("target_is_best", misses_forgotten, MASKS),
    ("target_is_best", alarms_forgotten, MASKS),
    ("target_is_best", negatives_only, MASKS),
    ("soft_side", thresholded, SOFT),
    ("soft_side", rounded, SOFT),
    ("soft_side", compared, SOFT),
]
HEALTHY = [
    ("ignored_rows", mark_left_out, MARKED),
    ("ignored_rows", mark_weighs_half, SCORED),
    ("ignored_rows", minus_one_is_zero, "z:(N,):real y:(N,):{0,1}|-1"),
    ("target_is_best", both_cost, MASKS),
    ("target_is_best", misses_cost_little, MASKS),
    ("target_is_best", hardest_elements, MASKS),
    ("soft_side", soft, SOFT),
    ("soft_side", of_probabilities, SOFT),
    ("soft_side", with_a_dead_zone, SOFT),
]
