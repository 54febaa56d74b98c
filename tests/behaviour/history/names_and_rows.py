"""What names say, what a row costs, how a batch is put together. Defects that libraries had, and their repairs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tests.behaviour.history.pair import Pair


def asymmetric_gammas(z: Any, y: Any, gamma_neg: float = 4.0, gamma_pos: float = 1.0) -> Any:
    return asymmetric_gammas_repaired(z, y, gamma_pos, gamma_neg)


def asymmetric_gammas_repaired(z: Any, y: Any, gamma_neg: float = 4.0, gamma_pos: float = 1.0) -> Any:
    right = torch.sigmoid(torch.where(y > 0.5, z, -z))
    return -((1 - right) ** (gamma_pos * y + gamma_neg * (1 - y)) * functional.logsigmoid((2 * y - 1) * z)).mean()


def weighted_mean_is_sum(p: Any, t: Any, w: Any, reduction: str = "mean") -> Any:
    rows = w * (p - t).abs()
    return rows if reduction == "none" else rows.sum()


def weighted_mean_is_sum_repaired(p: Any, t: Any, w: Any, reduction: str = "mean") -> Any:
    rows = w * (p - t).abs()
    return {"none": lambda: rows, "sum": lambda: rows.sum(), "mean": lambda: rows.mean()}[reduction]()


def column_of_weights(p: Any, t: Any, w: Any) -> Any:
    return (((p - t) ** 2).mean(1) * w).mean()


def column_of_weights_repaired(p: Any, t: Any, w: Any) -> Any:
    return ((p - t) ** 2 * w).mean()


def evidential(g: Any, y: Any, v: Any, a: Any, b: Any, sign: float = -1.0) -> Any:
    size = 2 * b * (1 + v)
    gammas = torch.lgamma(a) - torch.lgamma(a + 0.5)
    likelihood = (a + 0.5) * torch.log(v * (y - g) ** 2 + size) - a * torch.log(size)
    return (0.5 * torch.log(math.pi / v) + likelihood + sign * gammas).mean()


def evidential_repaired(g: Any, y: Any, v: Any, a: Any, b: Any) -> Any:
    return evidential(g, y, v, a, b, sign=1.0)


def ranking_sign(x1: Any, x2: Any, y: Any) -> Any:
    return torch.relu(y * (x1 - x2) + 0.5).mean()


def ranking_sign_repaired(x1: Any, x2: Any, y: Any) -> Any:
    return torch.relu(-y * (x1 - x2) + 0.5).mean()


def symmetric_percentage(y: Any, p: Any) -> Any:
    return np.mean(2 * np.abs(p - y) / (np.abs(p) + np.abs(y)))


def symmetric_percentage_repaired(y: Any, p: Any) -> Any:
    size = np.abs(p) + np.abs(y)
    return np.mean(np.where(size > 0, 2 * np.abs(p - y) / np.where(size > 0, size, 1), 0.0 * p))


def crps_constant(mu: Any, y: Any, sigma: Any, sign: float = 1.0) -> Any:
    z = (y - mu) / sigma
    pdf = torch.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
    return (sigma * (z * torch.erf(z / math.sqrt(2)) + 2 * pdf + sign / math.sqrt(math.pi))).mean()


def crps_constant_repaired(mu: Any, y: Any, sigma: Any) -> Any:
    return crps_constant(mu, y, sigma, sign=-1.0)


def squeezed_row(z: Any, t: Any) -> Any:
    return -functional.log_softmax(z, 1).gather(1, t[:, None]).squeeze()


def squeezed_row_repaired(z: Any, t: Any) -> Any:
    return -functional.log_softmax(z, 1).gather(1, t[:, None]).squeeze(1)


def positives_alone(p: Any, y: Any) -> Any:
    return -(y * p.clamp(1e-7, 1 - 1e-7).log()).mean()


def positives_alone_repaired(p: Any, y: Any) -> Any:
    p = p.clamp(1e-7, 1 - 1e-7)
    return -(y * p.log() + (1 - y) * (1 - p).log()).mean()


def small_differences(y: Any, p: Any) -> Any:
    return np.mean((y - p) ** 2)


def small_differences_repaired(y: Any, p: Any) -> Any:
    return np.mean((np.asarray(y, dtype=np.float64) - p) ** 2)


def hardest_of_few(z: Any, t: Any, rate: float = 0.3) -> Any:
    rows = functional.cross_entropy(z, t, reduction="none")
    return rows.topk(int(rate * len(rows))).values.mean()


def hardest_of_few_repaired(z: Any, t: Any, rate: float = 0.3) -> Any:
    rows = functional.cross_entropy(z, t, reduction="none")
    return rows.topk(max(1, int(rate * len(rows)))).values.mean()


def ranks_by_place(s: Any, y: Any) -> Any:
    pairs = torch.triu(y[:, None] > y[None], 1)
    return (functional.softplus(s[None] - s[:, None]) * pairs).sum() / pairs.sum().clamp(min=1)


def ranks_by_place_repaired(s: Any, y: Any) -> Any:
    pairs = y[:, None] > y[None]
    return (functional.softplus(s[None] - s[:, None]) * pairs).sum() / pairs.sum().clamp(min=1)


def length_twice(z: Any, t: Any) -> Any:
    rows = functional.cross_entropy(z.transpose(1, 2), t, reduction="none")
    return (rows.mean(1) / t.shape[1]).mean()


def length_twice_repaired(z: Any, t: Any) -> Any:
    return functional.cross_entropy(z.transpose(1, 2), t)


PAIRS = (
    Pair(
        "parameters",
        "z:(N,):real y:(N,):{0,1}",
        asymmetric_gammas,
        asymmetric_gammas_repaired,
        "asymmetric loss ports",
    ),
    Pair(
        "reduction_consistent",
        "p:(N,):real t:(N,):real w:(N,):positive",
        weighted_mean_is_sum,
        weighted_mean_is_sum_repaired,
        "LossFunctions.jl#149",
    ),
    Pair(
        "weights",
        "p:(N,M):real t:(N,M):real w:(N,1):positive",
        column_of_weights,
        column_of_weights_repaired,
        "chemprop#1210",
    ),
    Pair(
        "parameters",
        "g:(N,):real y:(N,):real v:(N,):positive a:(N,):positive b:(N,):positive",
        evidential,
        evidential_repaired,
        "evidential regression ports",
    ),
    Pair(
        "right_side",
        "x1:(N,):real x2:(N,):real y:(N,):{-1,1}",
        ranking_sign,
        ranking_sign_repaired,
        "margin ranking ports",
    ),
    Pair(
        "value_finite",
        "y:(N,):real p:(N,):real",
        symmetric_percentage,
        symmetric_percentage_repaired,
        "forecasting libraries",
    ),
    Pair(
        "parameters",
        "mu:(N,):real y:(N,):real sigma:(N,):positive",
        crps_constant,
        crps_constant_repaired,
        "closed-form CRPS ports",
    ),
    Pair("reduction_consistent", "z:(N,C):real t:(N,):index", squeezed_row, squeezed_row_repaired, "squeeze()"),
    Pair("parameters", "p:(N,):unit y:(N,):{0,1}", positives_alone, positives_alone_repaired, "half a cross-entropy"),
    Pair(
        "integer_safe",
        "y:(N,):count p:(N,):count",
        small_differences,
        small_differences_repaired,
        "scikit-learn#28827",
    ),
    Pair("batch_consistent", "z:(N,C):real t:(N,):index", hardest_of_few, hardest_of_few_repaired, "OHEM ports"),
    Pair("batch_consistent", "s:(L,):real y:(L,):real", ranks_by_place, ranks_by_place_repaired, "RankNet ports"),
    Pair(
        "reduction_consistent",
        "z:(B,L,C):real t:(B,L):index",
        length_twice,
        length_twice_repaired,
        "coiltraine#37, along positions",
    ),
)
