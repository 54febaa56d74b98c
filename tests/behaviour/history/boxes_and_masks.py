"""Boxes, masks, lengths and ignored labels. Defects that libraries had, and their repairs."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional

from tests.behaviour.history.pair import Pair


def areas(p: Any, t: Any) -> tuple[Any, Any, Any]:
    wh = (torch.minimum(p[:, 2:], t[:, 2:]) - torch.maximum(p[:, :2], t[:, :2])).clamp(min=0)
    i = wh[:, 0] * wh[:, 1]
    a = (p[:, 2:] - p[:, :2]).prod(1)
    b = (t[:, 2:] - t[:, :2]).prod(1)
    hull = torch.maximum(p[:, 2:], t[:, 2:]) - torch.minimum(p[:, :2], t[:, :2])
    return i, a + b - i, hull


def iou_unclamped(p: Any, t: Any) -> Any:
    wh = torch.minimum(p[:, 2:], t[:, 2:]) - torch.maximum(p[:, :2], t[:, :2])
    i = wh.prod(1)
    u = (p[:, 2:] - p[:, :2]).prod(1) + (t[:, 2:] - t[:, :2]).prod(1) - i
    return (1 - i / (u + 1e-6)).mean()


def iou_unclamped_repaired(p: Any, t: Any) -> Any:
    i, u, _ = areas(p, t)
    return (1 - i / (u + 1e-6)).mean()


def iou_log_zero(p: Any, t: Any) -> Any:
    i, u, _ = areas(p, t)
    return -torch.log(i / u).mean()


def iou_log_zero_repaired(p: Any, t: Any) -> Any:
    i, u, _ = areas(p, t)
    return -torch.log((i / u.clamp(min=1e-6)).clamp(min=1e-6)).mean()


def vae_kl_sum_mask(mu: Any, logvar: Any, m: Any) -> Any:
    kl = -0.5 * torch.sum(1 + logvar - mu**2 - logvar.exp())
    return (kl * m).sum() / m.sum().clamp(min=1)


def vae_kl_sum_mask_repaired(mu: Any, logvar: Any, m: Any) -> Any:
    kl = -0.5 * torch.sum(1 + logvar - mu**2 - logvar.exp(), -1)
    return (kl * m).sum() / m.sum().clamp(min=1)


def masked_ce_total(z: Any, t: Any, m: Any) -> Any:
    return (functional.cross_entropy(z.transpose(1, 2), t, reduction="none") * m).mean()


def masked_ce_total_repaired(z: Any, t: Any, m: Any) -> Any:
    return (functional.cross_entropy(z.transpose(1, 2), t, reduction="none") * m).sum() / m.sum().clamp(min=1)


def listmle_padding(s: Any, y: Any, m: Any) -> Any:
    o = torch.argsort(y.masked_fill(~m, -1e9), 1, descending=True)
    z, k = s.masked_fill(~m, 1e-16).gather(1, o), m.gather(1, o)
    c = torch.flip(torch.logcumsumexp(torch.flip(z, [1]), 1), [1])
    return ((c - z) * k).sum(1).mean()


def listmle_padding_repaired(s: Any, y: Any, m: Any) -> Any:
    o = torch.argsort(y.masked_fill(~m, -1e9), 1, descending=True)
    z, k = s.masked_fill(~m, -1e9).gather(1, o), m.gather(1, o)
    c = torch.flip(torch.logcumsumexp(torch.flip(z, [1]), 1), [1])
    return torch.where(k, c - z, torch.zeros_like(z)).sum(1).mean()


def length_off_by_one(z: Any, t: Any, n: Any) -> Any:
    m = torch.arange(t.shape[1])[None] <= n[:, None]
    return (functional.cross_entropy(z.transpose(1, 2), t, reduction="none") * m).sum() / m.sum()


def length_off_by_one_repaired(z: Any, t: Any, n: Any) -> Any:
    m = torch.arange(t.shape[1])[None] < n[:, None]
    return (functional.cross_entropy(z.transpose(1, 2), t, reduction="none") * m).sum() / m.sum()


def smoothing_not_masked(z: Any, t: Any, label_smoothing: float = 0.1) -> Any:
    lp = functional.log_softmax(z, 1)
    nll = functional.nll_loss(lp, t, ignore_index=-100)
    return (1 - label_smoothing) * nll - label_smoothing * lp.mean(1).mean()


def smoothing_not_masked_repaired(z: Any, t: Any, label_smoothing: float = 0.1) -> Any:
    lp, k = functional.log_softmax(z, 1), (t != -100).to(z.dtype)
    nll = functional.nll_loss(lp, t, ignore_index=-100)
    return (1 - label_smoothing) * nll - label_smoothing * (lp.mean(1) * k).sum() / k.sum()


def focal_ignore_mean(z: Any, t: Any, gamma: float = 2.0) -> Any:
    ce = functional.cross_entropy(z, t, reduction="none", ignore_index=255)
    return ((1 - torch.exp(-ce)) ** gamma * ce).mean()


def focal_ignore_mean_repaired(z: Any, t: Any, gamma: float = 2.0) -> Any:
    k = t != 255
    ce = functional.cross_entropy(z, t, reduction="none", ignore_index=255)
    return ((1 - torch.exp(-ce)) ** gamma * ce).sum() / k.sum().clamp(min=1)


def ignored_counted_as_zero(z: Any, t: Any) -> Any:
    return functional.cross_entropy(z, t.clamp(min=0))


def ignored_counted_as_zero_repaired(z: Any, t: Any) -> Any:
    return functional.cross_entropy(z, t, ignore_index=-1)


def all_masked_nan(p: Any, t: Any, m: Any) -> Any:
    return ((p - t).abs() * m).sum() / m.sum()


def all_masked_nan_repaired(p: Any, t: Any, m: Any) -> Any:
    return ((p - t).abs() * m).sum() / m.sum().clamp(min=1)


PAIRS = (
    Pair("target_is_best", "p:(N,4):box t:(N,4):box", iou_unclamped, iou_unclamped_repaired, "many YOLO ports"),
    Pair("value_finite", "p:(N,4):box t:(N,4):box", iou_log_zero, iou_log_zero_repaired, "mmdetection#713"),
    Pair(
        "ignored_rows",
        "mu:(N,L,D):real logvar:(N,L,D):real m:(N,L):mask",
        vae_kl_sum_mask,
        vae_kl_sum_mask_repaired,
        "GNTPP#4",
    ),
    Pair(
        "ignored_rows",
        "z:(B,L,C):real t:(B,L):index m:(B,L):mask",
        masked_ce_total,
        masked_ce_total_repaired,
        "background_foreground_segmentation#25",
    ),
    Pair(
        "ignored_rows",
        "s:(B,L):real y:(B,L):real m:(B,L):mask",
        listmle_padding,
        listmle_padding_repaired,
        "sentence-transformers#3827",
    ),
    Pair(
        "ignored_rows",
        "z:(B,L,C):real t:(B,L):index n:(B,):length",
        length_off_by_one,
        length_off_by_one_repaired,
        "sequence mask <= length",
    ),
    Pair(
        "ignored_rows",
        "z:(N,C):real t:(N,):index*",
        smoothing_not_masked,
        smoothing_not_masked_repaired,
        "label smoother counts padding",
    ),
    Pair(
        "ignored_rows",
        "z:(N,C):real t:(N,):index*=255",
        focal_ignore_mean,
        focal_ignore_mean_repaired,
        "pytorch-multi-class-focal-loss#2",
    ),
    Pair(
        "ignored_rows",
        "z:(N,C):real t:(N,):index*=-1",
        ignored_counted_as_zero,
        ignored_counted_as_zero_repaired,
        "clamp without a mask",
    ),
    Pair(
        "empty_batch", "p:(B,L):real t:(B,L):real m:(B,L):mask", all_masked_nan, all_masked_nan_repaired, "masked mean"
    ),
)
