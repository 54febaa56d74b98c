"""Soft labels, weights, teachers, and what a call leaves behind. Defects that libraries had, and their repairs."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tests.behaviour.history.pair import Pair


def soft_label_argmax(z: Any, q: Any) -> Any:
    return functional.cross_entropy(z, q.argmax(1))


def soft_label_argmax_repaired(z: Any, q: Any) -> Any:
    return functional.cross_entropy(z, q)


def kd_softmax_input(z: Any, q: Any) -> Any:
    return functional.kl_div(functional.softmax(z, 1), q, reduction="batchmean")


def kd_softmax_input_repaired(z: Any, q: Any) -> Any:
    return functional.kl_div(functional.log_softmax(z, 1), q, reduction="batchmean")


def kd_mean_classes(s: Any, t: Any, temperature: float = 2.0) -> Any:
    q = functional.softmax(t / temperature, 1).detach()
    return (
        functional.kl_div(functional.log_softmax(s / temperature, 1), q, reduction="none").mean(1).mean()
        * temperature**2
    )


def kd_mean_classes_repaired(s: Any, t: Any, temperature: float = 2.0) -> Any:
    q = functional.softmax(t / temperature, 1).detach()
    return (
        functional.kl_div(functional.log_softmax(s / temperature, 1), q, reduction="none").sum(1).mean()
        * temperature**2
    )


def mean_over_last_axis(z: Any, y: Any, reduction: str = "mean") -> Any:
    cost = functional.binary_cross_entropy_with_logits(z, y, reduction="none")
    return cost if reduction == "none" else cost.sum() / (z.shape[-1] if reduction == "mean" else 1)


def mean_over_last_axis_repaired(z: Any, y: Any, reduction: str = "mean") -> Any:
    cost = functional.binary_cross_entropy_with_logits(z, y, reduction="none")
    return cost if reduction == "none" else cost.sum() / (z.numel() if reduction == "mean" else 1)


def weight_by_prediction(z: Any, t: Any, w: Any) -> Any:
    k = w[z.argmax(1)]
    return (k * functional.cross_entropy(z, t, reduction="none")).sum() / k.sum()


def weight_by_prediction_repaired(z: Any, t: Any, w: Any) -> Any:
    k = w[t]
    return (k * functional.cross_entropy(z, t, reduction="none")).sum() / k.sum()


def pos_weight_both(z: Any, y: Any, pos_weight: Any) -> Any:
    return (pos_weight * functional.binary_cross_entropy_with_logits(z, y, reduction="none")).mean()


def pos_weight_both_repaired(z: Any, y: Any, pos_weight: Any) -> Any:
    return functional.binary_cross_entropy_with_logits(z, y, pos_weight=pos_weight)


def weights_times_mean(y: Any, p: Any, w: Any) -> Any:
    return (w * -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()).mean()


def weights_times_mean_repaired(y: Any, p: Any, w: Any) -> Any:
    return (w * -(y * np.log(p) + (1 - y) * np.log(1 - p))).mean()


def asl_grad_mode(z: Any, y: Any, gamma: float = 4.0) -> Any:
    lp = functional.logsigmoid(torch.where(y > 0.5, z, -z))
    torch.set_grad_enabled(False)
    w = (1 - lp.exp()) ** gamma
    torch.set_grad_enabled(True)
    return -(w * lp).sum(1).mean()


def asl_grad_mode_repaired(z: Any, y: Any, gamma: float = 4.0) -> Any:
    lp = functional.logsigmoid(torch.where(y > 0.5, z, -z))
    with torch.no_grad():
        w = (1 - lp.exp()) ** gamma
    return -(w * lp).sum(1).mean()


def shift_in_place(z: Any, t: Any) -> Any:
    z -= z.detach().max(1, keepdim=True).values
    return (z.exp().sum(1).log() - z.gather(1, t[:, None])[:, 0]).mean()


def shift_in_place_repaired(z: Any, t: Any) -> Any:
    z = z - z.detach().max(1, keepdim=True).values
    return (z.exp().sum(1).log() - z.gather(1, t[:, None])[:, 0]).mean()


def hinge_relabels_in_place(y: Any, z: Any) -> Any:
    y[y == 0] = -1
    return np.maximum(0, 1 - y * z).mean()


def hinge_relabels_in_place_repaired(y: Any, z: Any) -> Any:
    y = np.where(y == 0, -1, y)
    return np.maximum(0, 1 - y * z).mean()


def mixup_same_target(z: Any, ya: Any, yb: Any, lam: float = 0.3) -> Any:
    return lam * functional.cross_entropy(z, ya) + (1 - lam) * functional.cross_entropy(z, ya)


def mixup_same_target_repaired(z: Any, ya: Any, yb: Any, lam: float = 0.3) -> Any:
    return lam * functional.cross_entropy(z, ya) + (1 - lam) * functional.cross_entropy(z, yb)


def labels_dtype_buffer(y: Any, p: Any) -> Any:
    out = np.zeros_like(y)
    out[:] = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    return out.mean()


def labels_dtype_buffer_repaired(y: Any, p: Any) -> Any:
    out = np.zeros_like(p)
    out[:] = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    return out.mean()


def prediction_cast_to_label(p: Any, t: Any) -> Any:
    return ((p.to(t.dtype) - t) ** 2).double().mean().to(p.dtype)


def prediction_cast_to_label_repaired(p: Any, t: Any) -> Any:
    return ((p - t.to(p.dtype)) ** 2).mean()


def corn_denominator(z: Any, t: Any) -> Any:
    total = z.sum() * 0
    for k in range(z.shape[1] - 1):
        m = t > k - 1
        total = (
            total
            + (functional.binary_cross_entropy_with_logits(z[:, k], (t > k).to(z.dtype), reduction="none") * m).sum()
        )
        n = m.sum()
    return total / n


def corn_denominator_repaired(z: Any, t: Any) -> Any:
    total, n = z.sum() * 0, 0
    for k in range(z.shape[1] - 1):
        m = t > k - 1
        total = (
            total
            + (functional.binary_cross_entropy_with_logits(z[:, k], (t > k).to(z.dtype), reduction="none") * m).sum()
        )
        n = n + m.sum()
    return total / n


PAIRS = (
    Pair(
        "soft_side",
        "z:(N,C):real q:(N,C):simplex",
        soft_label_argmax,
        soft_label_argmax_repaired,
        "soft labels hardened",
    ),
    Pair(
        "soft_side",
        "z:(N,C):real q:(N,C):simplex",
        kd_softmax_input,
        kd_softmax_input_repaired,
        "SSD-Knowledge-Distillation#8",
    ),
    Pair("reduction_consistent", "s:(N,C):real t:(N,C):real", kd_mean_classes, kd_mean_classes_repaired, "LD#74"),
    Pair(
        "reduction_consistent",
        "z:(N,C):real y:(N,C):{0,1}",
        mean_over_last_axis,
        mean_over_last_axis_repaired,
        "mean divides by the classes alone",
    ),
    Pair(
        "weights",
        "z:(N,C):real t:(N,):index w:(C,):positive",
        weight_by_prediction,
        weight_by_prediction_repaired,
        "weights looked up by argmax",
    ),
    Pair(
        "weights",
        "z:(N,):real y:(N,):{0,1} pos_weight:(N,):positive",
        pos_weight_both,
        pos_weight_both_repaired,
        "weight multiplies both terms",
    ),
    Pair(
        "weights",
        "y:(N,):{0,1} p:(N,):(0,1) w:(N,):positive",
        weights_times_mean,
        weights_times_mean_repaired,
        "keras#594",
    ),
    Pair("pure", "z:(N,C):real y:(N,C):{0,1}", asl_grad_mode, asl_grad_mode_repaired, "python-chebai#178"),
    Pair("pure", "z:(N,C):real t:(N,):index", shift_in_place, shift_in_place_repaired, "logits shifted in place"),
    Pair(
        "pure",
        "y:(N,):{0,1} z:(N,):real",
        hinge_relabels_in_place,
        hinge_relabels_in_place_repaired,
        "labels turned to -1 in place",
    ),
    Pair(
        "parameters",
        "z:(N,C):real ya:(N,):index yb:(N,):index",
        mixup_same_target,
        mixup_same_target_repaired,
        "mixup of a target with itself",
    ),
    Pair(
        "integer_safe",
        "y:(N,):{0,1} p:(N,):(0,1)",
        labels_dtype_buffer,
        labels_dtype_buffer_repaired,
        "buffer like the labels truncates",
    ),
    Pair(
        "integer_safe",
        "p:(N,):real t:(N,):real",
        prediction_cast_to_label,
        prediction_cast_to_label_repaired,
        "prediction cast to the dtype of the target",
    ),
    Pair("value_finite", "z:(N,C):real t:(N,):index", corn_denominator, corn_denominator_repaired, "coral-pytorch#22"),
)
