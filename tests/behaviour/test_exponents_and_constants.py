"""An exponent of one label, a constant beside a sum, a scale turned over without a named target; and look-alikes."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tests.behaviour.law_cases import test_the_law_is_broken, test_the_law_is_kept  # noqa: F401

PROBABILITIES = "p:(N,):unit y:(N,):{0,1}"
SCORES = "z:(N,):real y:(N,):{0,1}"
MASKS = "p:(N,M):unit y:(N,M):{0,1}"
PAIR = "p:(N,):real t:(N,):real"
SCALED = "x:(N,):real mu:(N,):real sig:(N,):positive"
ROWS = "x:(N,):real mu:(N,):real w:(N,):positive"


def inside(p: Any) -> Any:
    return p.clamp(1e-6, 1 - 1e-6)


def times_for_positives(p: Any, y: Any, gamma: float = 2.0) -> Any:
    p = inside(p)
    return (-y * (1 - p) * gamma * p.log() - (1 - y) * p**gamma * torch.log1p(-p)).mean()


def added_for_negatives(p: Any, y: Any, gamma: float = 2.0) -> Any:
    p = inside(p)
    return (-y * (1 - p) ** gamma * p.log() - (1 - y) * (p + gamma) * torch.log1p(-p)).mean()


def shifted_for_positives(z: Any, y: Any, gamma: float = 2.0) -> Any:
    q = torch.sigmoid(z)
    return (y * functional.softplus(gamma - z) + (1 - y) * q**gamma * functional.softplus(z)).mean()


def focal(p: Any, y: Any, gamma: float = 2.0) -> Any:
    p = inside(p)
    return (-y * (1 - p) ** gamma * p.log() - (1 - y) * p**gamma * torch.log1p(-p)).mean()


def negatives_only(p: Any, y: Any, gamma: float = 2.0) -> Any:
    p = inside(p)
    return (-y * p.log() - (1 - y) * p**gamma * torch.log1p(-p)).mean()


def sharpness(z: Any, y: Any, gamma: float = 2.0) -> Any:
    return functional.softplus(gamma * torch.where(y > 0.5, -z, z)).mean()


def one_less_sum(p: Any, y: Any) -> Any:
    return 1 - ((2 * (p * y).sum(1) + 1) / (p.sum(1) + y.sum(1) + 1)).sum()


def sum_and_one(p: Any, t: Any) -> Any:
    return ((p - t) ** 2).sum() + 1


def sum_less_log(p: Any, t: Any) -> Any:
    return np.sum(np.abs(p - t)) - np.log(2.0)


def mean_and_one(p: Any, t: Any) -> Any:
    return ((p - t) ** 2).mean() + 1


def sum_of_all(p: Any, y: Any) -> Any:
    return (1 - (2 * (p * y).sum(1) + 1) / (p.sum(1) + y.sum(1) + 1)).sum()


def of_the_whole_batch(p: Any, y: Any) -> Any:
    return 1 - (2 * (p * y).sum() + 1) / (p.sum() + y.sum() + 1)


def inverse_scale(x: Any, mu: Any, sig: Any) -> Any:
    return (0.5 * sig**2 * (x - mu) ** 2 + torch.log(sig)).mean()


def scale_not_squared(x: Any, mu: Any, sig: Any) -> Any:
    return (0.5 * (x - mu) ** 2 / sig + torch.log(sig)).mean()


def no_logarithm(x: Any, mu: Any, sig: Any) -> Any:
    return np.mean(0.5 * (x - mu) ** 2 / sig**2)


def normal(x: Any, mu: Any, sig: Any) -> Any:
    return (0.5 * (x - mu) ** 2 / sig**2 + torch.log(sig)).mean()


def laplace(x: Any, mu: Any, sig: Any) -> Any:
    return np.mean(np.abs(x - mu) / sig + np.log(sig))


def weighted(x: Any, mu: Any, w: Any) -> Any:
    return (w * (x - mu) ** 2).mean()


BROKEN = [
    ("parameters", times_for_positives, PROBABILITIES),
    ("parameters", added_for_negatives, PROBABILITIES),
    ("parameters", shifted_for_positives, SCORES),
    ("reduction_consistent", one_less_sum, MASKS),
    ("reduction_consistent", sum_and_one, PAIR),
    ("reduction_consistent", sum_less_log, PAIR),
    ("parameters", inverse_scale, SCALED),
    ("parameters", scale_not_squared, SCALED),
    ("parameters", no_logarithm, SCALED),
]
HEALTHY = [
    ("parameters", focal, PROBABILITIES),
    ("parameters", negatives_only, PROBABILITIES),
    ("parameters", sharpness, SCORES),
    ("reduction_consistent", mean_and_one, PAIR),
    ("reduction_consistent", sum_of_all, MASKS),
    ("reduction_consistent", of_the_whole_batch, MASKS),
    ("parameters", normal, SCALED),
    ("parameters", laplace, SCALED),
    ("parameters", weighted, ROWS),
]
