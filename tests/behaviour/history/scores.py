"""Scores of classes and of two sides. Defects that libraries had, and their repairs."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch.nn import functional

from tests.behaviour.history.pair import Pair


def smoothing_k_minus_one(z: Any, t: Any, smoothing: float = 0.1) -> Any:
    k = z.shape[1]
    q = functional.one_hot(t, k).to(z.dtype) * (1 - smoothing) + smoothing / (k - 1)
    return -(q * functional.log_softmax(z, 1)).sum(1).mean()


def smoothing_k_minus_one_repaired(z: Any, t: Any, smoothing: float = 0.1) -> Any:
    k = z.shape[1]
    q = functional.one_hot(t, k).to(z.dtype) * (1 - smoothing) + smoothing / k
    return -(q * functional.log_softmax(z, 1)).sum(1).mean()


def binary_smoothing(z: Any, y: Any, label_smoothing: float = 0.1) -> Any:
    return functional.binary_cross_entropy_with_logits(z, y * (1 - label_smoothing) + label_smoothing)


def binary_smoothing_repaired(z: Any, y: Any, label_smoothing: float = 0.1) -> Any:
    return functional.binary_cross_entropy_with_logits(z, y * (1 - label_smoothing) + 0.5 * label_smoothing)


def focal_on_mean(z: Any, t: Any, gamma: float = 2.0) -> Any:
    ce = functional.cross_entropy(z, t)
    return (1 - torch.exp(-ce)) ** gamma * ce


def focal_on_mean_repaired(z: Any, t: Any, gamma: float = 2.0) -> Any:
    ce = functional.cross_entropy(z, t, reduction="none")
    return ((1 - torch.exp(-ce)) ** gamma * ce).mean()


def arcface_condition(c: Any, t: Any, m: float = 0.5, s: float = 8.0) -> Any:
    sin = torch.sqrt((1 - c**2).clamp(min=1e-7))
    phi = c * math.cos(m) - sin * math.sin(m)
    th = math.cos(math.pi - m)
    phi = torch.where(c - th > 0, c - m * math.sin(m), phi)
    return functional.cross_entropy(s * torch.where(functional.one_hot(t, c.shape[1]).bool(), phi, c), t)


def arcface_condition_repaired(c: Any, t: Any, m: float = 0.5, s: float = 8.0) -> Any:
    sin = torch.sqrt((1 - c**2).clamp(min=1e-7))
    phi = c * math.cos(m) - sin * math.sin(m)
    th = math.cos(math.pi - m)
    phi = torch.where(c - th <= 0, c - m * math.sin(m), phi)
    return functional.cross_entropy(s * torch.where(functional.one_hot(t, c.shape[1]).bool(), phi, c), t)


def hinge_zero_one(z: Any, y: Any) -> Any:
    return functional.relu(1 - y * z).mean()


def hinge_zero_one_repaired(z: Any, y: Any) -> Any:
    return functional.relu(1 - (2 * y - 1) * z).mean()


def softmax_over_batch(z: Any, t: Any) -> Any:
    return functional.nll_loss(functional.log_softmax(z, 0), t)


def softmax_over_batch_repaired(z: Any, t: Any) -> Any:
    return functional.nll_loss(functional.log_softmax(z, 1), t)


def double_sigmoid(z: Any, y: Any) -> Any:
    return functional.binary_cross_entropy_with_logits(torch.sigmoid(z), y)


def double_sigmoid_repaired(z: Any, y: Any) -> Any:
    return functional.binary_cross_entropy_with_logits(z, y)


def nll_of_probabilities(z: Any, t: Any) -> Any:
    return functional.nll_loss(functional.softmax(z, 1), t)


def nll_of_probabilities_repaired(z: Any, t: Any) -> Any:
    return functional.nll_loss(functional.log_softmax(z, 1), t)


def hinge_counts_true_class(z: Any, t: Any) -> Any:
    return functional.relu(1 + z - z.gather(1, t[:, None])).sum(1).mean()


def hinge_counts_true_class_repaired(z: Any, t: Any) -> Any:
    return (functional.relu(1 + z - z.gather(1, t[:, None])).sum(1) - 1).mean()


def focal_of_p(z: Any, t: Any, gamma: float = 2.0) -> Any:
    lp = functional.log_softmax(z, 1).gather(1, t[:, None])[:, 0]
    return -(lp.exp() ** gamma * lp).mean()


def focal_of_p_repaired(z: Any, t: Any, gamma: float = 2.0) -> Any:
    lp = functional.log_softmax(z, 1).gather(1, t[:, None])[:, 0]
    return -((1 - lp.exp()) ** gamma * lp).mean()


def squared_hinge_min(z: Any, y: Any) -> Any:
    return torch.clamp(1 - y * z, max=0).pow(2).mean()


def squared_hinge_min_repaired(z: Any, y: Any) -> Any:
    return torch.clamp(1 - y * z, min=0).pow(2).mean()


def coral_sign(z: Any, y: Any) -> Any:
    return -(functional.logsigmoid(z) * y + (functional.logsigmoid(z) + z) * (1 - y)).sum(1).mean()


def coral_sign_repaired(z: Any, y: Any) -> Any:
    return -(functional.logsigmoid(z) * y + (functional.logsigmoid(z) - z) * (1 - y)).sum(1).mean()


def class_mean_absent(z: Any, t: Any) -> Any:
    ce = functional.cross_entropy(z, t, reduction="none")
    return torch.stack([ce[t == k].mean() for k in range(z.shape[1])]).mean()


def class_mean_absent_repaired(z: Any, t: Any) -> Any:
    ce = functional.cross_entropy(z, t, reduction="none")
    return torch.stack([ce[t == k].mean() for k in t.unique()]).mean()


def reshape_without_permute(z: Any, t: Any) -> Any:
    return functional.cross_entropy(z.reshape(-1, z.shape[1]), t.reshape(-1))


def reshape_without_permute_repaired(z: Any, t: Any) -> Any:
    return functional.cross_entropy(z.transpose(1, 2).reshape(-1, z.shape[1]), t.reshape(-1))


def softplus_where(z: Any, y: Any) -> Any:
    v = (1 - 2 * y) * z
    return torch.where(v > 20, v, torch.log1p(torch.exp(v))).mean()


def softplus_where_repaired(z: Any, y: Any) -> Any:
    return functional.softplus((1 - 2 * y) * z).mean()


def bpr_eps(p: Any, n: Any, e: float = 1e-10) -> Any:
    return -torch.log(e + torch.sigmoid(p - n)).mean()


def bpr_eps_repaired(p: Any, n: Any) -> Any:
    return -functional.logsigmoid(p - n).mean()


def ldam_margin_broadcast(z: Any, t: Any, max_m: float = 0.5) -> Any:
    m = torch.full((z.shape[1],), max_m, dtype=z.dtype)[t][:, None]
    return functional.cross_entropy(z - m, t)


def ldam_margin_broadcast_repaired(z: Any, t: Any, max_m: float = 0.5) -> Any:
    m = torch.full((z.shape[1],), max_m, dtype=z.dtype)[t][:, None]
    return functional.cross_entropy(z - m * functional.one_hot(t, z.shape[1]), t)


PAIRS = (
    Pair(
        "label_smoothing",
        "z:(N,C):real t:(N,):index",
        smoothing_k_minus_one,
        smoothing_k_minus_one_repaired,
        "pytorch-randaugment#30, fastai#1814",
    ),
    Pair(
        "label_smoothing",
        "z:(N,):real y:(N,):{0,1}",
        binary_smoothing,
        binary_smoothing_repaired,
        "smoothing moves only negatives",
    ),
    Pair("batch_consistent", "z:(N,C):real t:(N,):index", focal_on_mean, focal_on_mean_repaired, "LDAM-DRW#6"),
    Pair(
        "right_side",
        "c:(N,C):[-1,1] t:(N,):index",
        arcface_condition,
        arcface_condition_repaired,
        "InsightFace_Pytorch#6",
    ),
    Pair(
        "attains_floor",
        "z:(N,):real y:(N,):{0,1}",
        hinge_zero_one,
        hinge_zero_one_repaired,
        "keras hinge with 0/1 labels",
    ),
    Pair(
        "batch_consistent",
        "z:(N,C):real t:(N,):index",
        softmax_over_batch,
        softmax_over_batch_repaired,
        "softmax(dim=0)",
    ),
    Pair(
        "attains_floor",
        "z:(N,):real y:(N,):{0,1}",
        double_sigmoid,
        double_sigmoid_repaired,
        "sigmoid before a loss with logits",
    ),
    Pair(
        "attains_floor",
        "z:(N,C):real t:(N,):index",
        nll_of_probabilities,
        nll_of_probabilities_repaired,
        "nll_loss of softmax, the log forgotten",
    ),
    Pair(
        "attains_floor",
        "z:(N,C):real t:(N,):index",
        hinge_counts_true_class,
        hinge_counts_true_class_repaired,
        "Weston-Watkins over all classes",
    ),
    Pair("right_side", "z:(N,C):real t:(N,):index", focal_of_p, focal_of_p_repaired, "p ** gamma for (1 - p) ** gamma"),
    Pair("right_side", "z:(N,):real y:(N,):{-1,1}", squared_hinge_min, squared_hinge_min_repaired, "min for max"),
    Pair(
        "right_side", "z:(N,C):real y:(N,C):{0,1}", coral_sign, coral_sign_repaired, "1 - sigmoid with the wrong sign"
    ),
    Pair(
        "value_finite",
        "z:(N,C):real t:(N,):index",
        class_mean_absent,
        class_mean_absent_repaired,
        "mean of the means per class",
    ),
    Pair(
        "batch_consistent",
        "z:(B,C,L):real t:(B,L):index",
        reshape_without_permute,
        reshape_without_permute_repaired,
        "view(-1, C) of channels-first logits",
    ),
    Pair(
        "gradient_finite",
        "z:(N,):real y:(N,):{0,1}",
        softplus_where,
        softplus_where_repaired,
        "where picks after exp overflowed",
    ),
    Pair("collapse_free", "p:(N,):real n:(N,):real", bpr_eps, bpr_eps_repaired, "RecBole-style BPR"),
    Pair(
        "parameters",
        "z:(N,C):real t:(N,):index",
        ldam_margin_broadcast,
        ldam_margin_broadcast_repaired,
        "LDAM margin subtracted from all classes",
    ),
)
