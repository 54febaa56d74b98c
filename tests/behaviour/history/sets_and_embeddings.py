"""Sets, distributions, pairs and triplets. Defects that libraries had, and their repairs."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional

from tests.behaviour.history.pair import Pair


def jaccard_twice(p: Any, y: Any, s: float = 1e-5) -> Any:
    i = (p * y).sum(1)
    d = p.sum(1) + y.sum(1) - i
    return (1 - (2 * i + s) / (d + s)).mean()


def jaccard_twice_repaired(p: Any, y: Any, s: float = 1e-5) -> Any:
    i = (p * y).sum(1)
    d = p.sum(1) + y.sum(1) - i
    return (1 - (i + s) / (d + s)).mean()


def tversky_true_negatives(p: Any, y: Any, a: float = 0.5, b: float = 0.5) -> Any:
    tp, fp, fn = (p * y).sum(1), ((1 - p) * (1 - y)).sum(1), ((1 - p) * y).sum(1)
    return (1 - (tp + 1) / (tp + a * fp + b * fn + 1)).mean()


def tversky_true_negatives_repaired(p: Any, y: Any, a: float = 0.5, b: float = 0.5) -> Any:
    tp, fp, fn = (p * y).sum(1), (p * (1 - y)).sum(1), ((1 - p) * y).sum(1)
    return (1 - (tp + 1) / (tp + a * fp + b * fn + 1)).mean()


def dice_smooth_numerator(p: Any, y: Any, smooth: float = 1.0) -> Any:
    return (1 - (2 * (p * y).sum(1) + smooth) / (p.sum(1) + y.sum(1))).mean()


def dice_smooth_numerator_repaired(p: Any, y: Any, smooth: float = 1.0) -> Any:
    return (1 - (2 * (p * y).sum(1) + smooth) / (p.sum(1) + y.sum(1) + smooth)).mean()


def lovasz_unsorted(p: Any, y: Any) -> Any:
    e, _ = torch.sort((y - p).abs(), descending=True)
    g = y
    inter, union = y.sum() - g.cumsum(0), y.sum() + (1 - g).cumsum(0)
    j = 1 - inter / union
    return (e * torch.cat([j[:1], j[1:] - j[:-1]])).sum()


def lovasz_unsorted_repaired(p: Any, y: Any) -> Any:
    e, o = torch.sort((y - p).abs(), descending=True)
    g = y[o]
    inter, union = y.sum() - g.cumsum(0), y.sum() + (1 - g).cumsum(0)
    j = 1 - inter / union
    return (e * torch.cat([j[:1], j[1:] - j[:-1]])).sum()


def jsd_midpoint(p: Any, q: Any) -> Any:
    m = p + q
    return 0.5 * (p * (p / m).log() + q * (q / m).log()).sum(1).mean()


def jsd_midpoint_repaired(p: Any, q: Any) -> Any:
    m = (p + q) / 2
    return 0.5 * (p * (p / m).log() + q * (q / m).log()).sum(1).mean()


def emd_no_abs(p: Any, q: Any) -> Any:
    return torch.cumsum(p - q, 1).sum(1).mean()


def emd_no_abs_repaired(p: Any, q: Any) -> Any:
    return torch.cumsum(p - q, 1).abs().sum(1).mean()


def bernoulli_eps_sign(p: Any, y: Any, e: float = 1e-6) -> Any:
    return -(y * torch.log(p + e) + (1 - y) * torch.log(1 - p - e)).mean()


def bernoulli_eps_sign_repaired(p: Any, y: Any, e: float = 1e-6) -> Any:
    return -(y * torch.log(p + e) + (1 - y) * torch.log(1 - p + e)).mean()


def supcon_no_positive(f: Any, y: Any, temperature: float = 0.5) -> Any:
    f = functional.normalize(f, dim=1)
    s = f @ f.T / temperature
    eye = torch.eye(len(y), dtype=torch.bool)
    m = ((y[:, None] == y[None]) & ~eye).to(s.dtype)
    lp = s - torch.logsumexp(s.masked_fill(eye, -1e9), 1, keepdim=True)
    return -((m * lp).sum(1) / m.sum(1)).mean()


def supcon_no_positive_repaired(f: Any, y: Any, temperature: float = 0.5) -> Any:
    f = functional.normalize(f, dim=1)
    s = f @ f.T / temperature
    eye = torch.eye(len(y), dtype=torch.bool)
    m = ((y[:, None] == y[None]) & ~eye).to(s.dtype)
    lp = s - torch.logsumexp(s.masked_fill(eye, -1e9), 1, keepdim=True)
    return -((m * lp).sum(1) / m.sum(1).clamp(min=1)).mean()


def triplet_diagonal_inf(a: Any, p: Any) -> Any:
    s = functional.normalize(a, dim=1) @ functional.normalize(p, dim=1).T
    pos = 1 - s.diagonal()
    eye = torch.eye(len(a), dtype=torch.bool)
    neg = (1 - s.masked_fill(eye, -float("inf"))).max(1).values
    return functional.relu(pos - neg + 0.5).mean()


def triplet_diagonal_inf_repaired(a: Any, p: Any) -> Any:
    s = functional.normalize(a, dim=1) @ functional.normalize(p, dim=1).T
    pos = 1 - s.diagonal()
    eye = torch.eye(len(a), dtype=torch.bool)
    neg = (1 - s.masked_fill(eye, -2.0)).min(1).values
    return functional.relu(pos - neg + 0.5).mean()


def moco_temperature(pos: Any, neg: Any, temperature: float = 0.5) -> Any:
    z = torch.cat([pos[:, None] / temperature, neg], 1)
    return (torch.logsumexp(z, 1) - z[:, 0]).mean()


def moco_temperature_repaired(pos: Any, neg: Any, temperature: float = 0.5) -> Any:
    z = torch.cat([pos[:, None], neg], 1) / temperature
    return (torch.logsumexp(z, 1) - z[:, 0]).mean()


def target_temperature(a: Any, b: Any, temperature: float = 2.0) -> Any:
    z = a @ b.T / temperature
    q = functional.softmax((a @ a.T + b @ b.T) / 2 * temperature, -1)
    return -(q * functional.log_softmax(z, -1)).sum(1).mean()


def target_temperature_repaired(a: Any, b: Any, temperature: float = 2.0) -> Any:
    z = a @ b.T / temperature
    q = functional.softmax((a @ a.T + b @ b.T) / 2 / temperature, -1)
    return -(q * functional.log_softmax(z, -1)).sum(1).mean()


def triplet_margin_sign(a: Any, p: Any, n: Any, margin: float = 1.0) -> Any:
    def d(x: Any, y: Any) -> Any:
        return torch.linalg.vector_norm(x - y, dim=1)

    return functional.relu(d(a, p) - d(a, n) - margin).mean()


def triplet_margin_sign_repaired(a: Any, p: Any, n: Any, margin: float = 1.0) -> Any:
    def d(x: Any, y: Any) -> Any:
        return torch.linalg.vector_norm(x - y, dim=1)

    return functional.relu(d(a, p) - d(a, n) + margin).mean()


def cosine_zero_vector(a: Any, b: Any) -> Any:
    return (1 - (a * b).sum(1) / (a.norm(dim=1) * b.norm(dim=1))).mean()


def cosine_zero_vector_repaired(a: Any, b: Any) -> Any:
    return (1 - functional.cosine_similarity(a, b, dim=1)).mean()


def ntxent_exp(a: Any, b: Any, temperature: float = 0.005) -> Any:
    s = functional.normalize(a, dim=1) @ functional.normalize(b, dim=1).T
    e = torch.exp(s / temperature)
    return -torch.log(e.diagonal() / e.sum(1)).mean()


def ntxent_exp_repaired(a: Any, b: Any, temperature: float = 0.005) -> Any:
    s = functional.normalize(a, dim=1) @ functional.normalize(b, dim=1).T / temperature
    return (torch.logsumexp(s, 1) - s.diagonal()).mean()


def rkd_mean_of_none(s: Any, t: Any) -> Any:
    def d(x: Any) -> Any:
        return ((x[:, None] - x[None]) ** 2).sum(-1).clamp(min=1e-12).sqrt()

    ds, dt = d(s), d(t)
    return functional.smooth_l1_loss(ds / ds[ds > 1e-5].mean(), dt / dt[dt > 1e-5].mean())


def rkd_mean_of_none_repaired(s: Any, t: Any) -> Any:
    def d(x: Any) -> Any:
        return ((x[:, None] - x[None]) ** 2).sum(-1).clamp(min=1e-12).sqrt()

    ds, dt = d(s), d(t)
    return functional.smooth_l1_loss(ds / ds.mean().clamp(min=1e-6), dt / dt.mean().clamp(min=1e-6))


def perceptual_same_twice(out: Any, comp: Any, gt: Any) -> Any:
    return (out - gt).abs().mean() + (out - gt).abs().mean()


def perceptual_same_twice_repaired(out: Any, comp: Any, gt: Any) -> Any:
    return (out - gt).abs().mean() + (comp - gt).abs().mean()


def cox_no_event(r: Any, time: Any, e: Any) -> Any:
    o = torch.argsort(time, descending=True)
    r, e = r[o], e[o]
    return -((r - torch.logcumsumexp(r, 0)) * e).sum() / e.sum()


def cox_no_event_repaired(r: Any, time: Any, e: Any) -> Any:
    o = torch.argsort(time, descending=True)
    r, e = r[o], e[o]
    return -((r - torch.logcumsumexp(r, 0)) * e).sum() / e.sum().clamp(min=1)


PAIRS = (
    Pair("target_is_best", "p:(N,M):unit y:(N,M):{0,1}", jaccard_twice, jaccard_twice_repaired, "MONAI#644"),
    Pair(
        "target_is_best",
        "p:(N,M):unit y:(N,M):{0,1}",
        tversky_true_negatives,
        tversky_true_negatives_repaired,
        "false positives counted as true negatives",
    ),
    Pair(
        "target_is_best",
        "p:(N,M):unit y:(N,M):{0,1}",
        dice_smooth_numerator,
        dice_smooth_numerator_repaired,
        "smooth only in the numerator",
    ),
    Pair(
        "batch_consistent", "p:(M,):unit y:(M,):{0,1}", lovasz_unsorted, lovasz_unsorted_repaired, "pytorch-toolbelt#62"
    ),
    Pair(
        "target_is_best",
        "p:(N,K):simplex+ q:(N,K):simplex+",
        jsd_midpoint,
        jsd_midpoint_repaired,
        "midpoint without one half",
    ),
    Pair(
        "target_is_best",
        "p:(N,K):simplex q:(N,K):simplex",
        emd_no_abs,
        emd_no_abs_repaired,
        "1-d Wasserstein without the absolute value",
    ),
    Pair(
        "value_finite",
        "p:(N,):unit y:(N,):{0,1}",
        bernoulli_eps_sign,
        bernoulli_eps_sign_repaired,
        "VariationalRecurrentNeuralNetwork#10",
    ),
    Pair(
        "value_finite", "f:(B,D):real y:(B,):index", supcon_no_positive, supcon_no_positive_repaired, "SupContrast#142"
    ),
    Pair("parameters", "a:(B,D):real p:(B,D):real", triplet_diagonal_inf, triplet_diagonal_inf_repaired, "PaAno#1"),
    Pair(
        "parameters",
        "pos:(N,):real neg:(N,M):real",
        moco_temperature,
        moco_temperature_repaired,
        "temperature on the positive only",
    ),
    Pair("parameters", "a:(B,D):real b:(B,D):real", target_temperature, target_temperature_repaired, "BLEEP#5"),
    Pair(
        "parameters",
        "a:(N,D):real p:(N,D):real n:(N,D):real",
        triplet_margin_sign,
        triplet_margin_sign_repaired,
        "learning_data_science#3441-like",
    ),
    Pair(
        "value_finite",
        "a:(N,D):real b:(N,D):real",
        cosine_zero_vector,
        cosine_zero_vector_repaired,
        "no epsilon in the norm",
    ),
    Pair(
        "value_finite",
        "a:(B,D):real b:(B,D):real",
        ntxent_exp,
        ntxent_exp_repaired,
        "exp of similarities over a small temperature",
    ),
    Pair(
        "value_finite",
        "s:(B,D):real t:(B,D):real",
        rkd_mean_of_none,
        rkd_mean_of_none_repaired,
        "mean over positive distances",
    ),
    Pair(
        "parameters",
        "out:(N,D):real comp:(N,D):real gt:(N,D):real",
        perceptual_same_twice,
        perceptual_same_twice_repaired,
        "chainer-partial_convolution#10",
    ),
    Pair(
        "value_finite",
        "r:(B,):real time:(B,):positive e:(B,):{0,1}",
        cox_no_event,
        cox_no_event_repaired,
        "partial likelihood divided by events",
    ),
)
