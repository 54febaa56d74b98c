"""Residuals, quantiles, likelihoods and objectives. Defects that libraries had, and their repairs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tests.behaviour.history.pair import Pair


def huber_one_sided(p: Any, t: Any, d: float = 1.0) -> Any:
    e = t - p
    a, b = (e.abs() <= d).to(e.dtype), (e > d).to(e.dtype)
    return (a * e**2 / 2 + b * d * (e.abs() - d / 2)).mean()


def huber_one_sided_repaired(p: Any, t: Any, d: float = 1.0) -> Any:
    e = t - p
    a, b = (e.abs() <= d).to(e.dtype), (e.abs() > d).to(e.dtype)
    return (a * e**2 / 2 + b * d * (e.abs() - d / 2)).mean()


def huber_normalised(p: Any, t: Any, d: float = 1.345) -> Any:
    v = p - t
    return torch.where(v.abs() < d, v * v / 2 / (1 + v * v), d * (v.abs() - d / 2)).mean()


def huber_normalised_repaired(p: Any, t: Any, d: float = 1.345) -> Any:
    v = p - t
    return torch.where(v.abs() < d, v * v / 2, d * (v.abs() - d / 2)).mean()


def wing_constant(p: Any, t: Any, w: float = 2.0, eps: float = 0.5) -> Any:
    d = (p - t).abs()
    c = w * math.log(1 + w / eps) - w
    return torch.where(d < w, w * torch.log(1 + d / eps), d - c).mean()


def wing_constant_repaired(p: Any, t: Any, w: float = 2.0, eps: float = 0.5) -> Any:
    d = (p - t).abs()
    c = w - w * math.log(1 + w / eps)
    return torch.where(d < w, w * torch.log(1 + d / eps), d - c).mean()


def smooth_l1_beta(p: Any, t: Any, beta: float = 0.1) -> Any:
    d = (p - t).abs()
    return torch.where(d < beta, 0.5 * d**2, d - 0.5 * beta).mean()


def smooth_l1_beta_repaired(p: Any, t: Any, beta: float = 0.1) -> Any:
    d = (p - t).abs()
    return torch.where(d < beta, 0.5 * d**2 / beta, d - 0.5 * beta).mean()


def cosine_proximity_sign(y: Any, p: Any) -> Any:
    return (functional.normalize(y, dim=-1) * functional.normalize(p, dim=-1)).sum(-1).mean()


def cosine_proximity_sign_repaired(y: Any, p: Any) -> Any:
    return -(functional.normalize(y, dim=-1) * functional.normalize(p, dim=-1)).sum(-1).mean()


def pinball_order(y: Any, p: Any, q: float = 0.9) -> Any:
    e = p - y
    return torch.maximum(q * e, (q - 1) * e).mean()


def pinball_order_repaired(y: Any, p: Any, q: float = 0.9) -> Any:
    e = y - p
    return torch.maximum(q * e, (q - 1) * e).mean()


def gauss_nll_half(mu: Any, y: Any, var: Any) -> Any:
    return (0.5 * (y - mu) ** 2 / var + var.log()).mean()


def gauss_nll_half_repaired(mu: Any, y: Any, var: Any) -> Any:
    return 0.5 * ((y - mu) ** 2 / var + var.log()).mean()


def poisson_stirling_zero(z: Any, y: Any) -> Any:
    st = y * y.log() - y + 0.5 * (2 * math.pi * y).log()
    return (z.exp() - y * z + st * (y > 1)).mean()


def poisson_stirling_zero_repaired(z: Any, y: Any) -> Any:
    s = y.clamp(min=1)
    st = s * s.log() - s + 0.5 * (2 * math.pi * s).log()
    return (z.exp() - y * z + torch.where(y > 1, st, torch.zeros_like(st))).mean()


def poisson_deviance_zero(y: Any, p: Any) -> Any:
    return 2 * np.mean(y * np.log(y / p) - (y - p))


def poisson_deviance_zero_repaired(y: Any, p: Any) -> Any:
    s = np.where(y > 0, y, 1.0)
    return 2 * np.mean(y * np.log(s / p) - (y - p))


def gamma_deviance_ratio(y: Any, p: Any) -> Any:
    return 2 * np.mean(np.log(y / p) + y / p - 1)


def gamma_deviance_ratio_repaired(y: Any, p: Any) -> Any:
    return 2 * np.mean(np.log(p / y) + y / p - 1)


def negbin_sign(mu: Any, y: Any, r: float = 2.0) -> Any:
    return (y * (mu / (mu + r)).log() + r * (r / (mu + r)).log()).mean()


def negbin_sign_repaired(mu: Any, y: Any, r: float = 2.0) -> Any:
    return -(y * (mu / (mu + r)).log() + r * (r / (mu + r)).log()).mean()


def sisdr_zero_target(x: Any, y: Any, eps: float = 1e-8) -> Any:
    a = (x * y).sum(-1, keepdim=True) / (y**2).sum(-1, keepdim=True)
    s, n = ((a * y) ** 2).sum(-1), ((x - a * y) ** 2).sum(-1)
    return -10 * torch.log10(s / (n + eps) + eps).mean()


def sisdr_zero_target_repaired(x: Any, y: Any, eps: float = 1e-8) -> Any:
    a = (x * y).sum(-1, keepdim=True) / ((y**2).sum(-1, keepdim=True) + eps)
    s, n = ((a * y) ** 2).sum(-1), ((x - a * y) ** 2).sum(-1)
    return -10 * torch.log10(s / (n + eps) + eps).mean()


def ccc_ddof(p: Any, t: Any) -> Any:
    c = ((p - p.mean()) * (t - t.mean())).mean()
    return 1 - 2 * c / (p.var() + t.var() + (p.mean() - t.mean()) ** 2 + 1e-8)


def ccc_ddof_repaired(p: Any, t: Any) -> Any:
    c = ((p - p.mean()) * (t - t.mean())).mean()
    return 1 - 2 * c / (p.var(unbiased=False) + t.var(unbiased=False) + (p.mean() - t.mean()) ** 2 + 1e-8)


def pearson_constant(p: Any, t: Any) -> Any:
    a, b = p - p.mean(), t - t.mean()
    return 1 - (a * b).sum() / (torch.sqrt((a**2).sum()) * torch.sqrt((b**2).sum()))


def pearson_constant_repaired(p: Any, t: Any) -> Any:
    a, b = p - p.mean(), t - t.mean()
    return 1 - (a * b).sum() / torch.sqrt((a**2).sum() * (b**2).sum() + 1e-8)


def crps_pairs(x: Any, y: Any) -> Any:
    return ((x - y[:, None]).abs().mean(1) - (x[:, :, None] - x[:, None]).abs().mean((1, 2))).mean()


def crps_pairs_repaired(x: Any, y: Any) -> Any:
    return ((x - y[:, None]).abs().mean(1) - 0.5 * (x[:, :, None] - x[:, None]).abs().mean((1, 2))).mean()


def vae_kl_sign(mu: Any, logvar: Any) -> Any:
    return 0.5 * (mu**2 + logvar.exp() - 1 + logvar).sum(1).mean()


def vae_kl_sign_repaired(mu: Any, logvar: Any) -> Any:
    return 0.5 * (mu**2 + logvar.exp() - 1 - logvar).sum(1).mean()


def objective_residual_sign(y: Any, p: Any) -> Any:
    return 2 * (y - p), 2 * np.ones_like(p)


def objective_residual_sign_repaired(y: Any, p: Any) -> Any:
    return 2 * (p - y), 2 * np.ones_like(p)


def objective_hessian(y: Any, z: Any) -> Any:
    p = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
    return p - y, np.maximum(z * (1 - z), 1e-16)


def objective_hessian_repaired(y: Any, z: Any) -> Any:
    p = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
    return p - y, np.maximum(p * (1 - p), 1e-16)


PAIRS = (
    Pair("continuous", "p:(N,):real t:(N,):real", huber_one_sided, huber_one_sided_repaired, "on-policy#47"),
    Pair("continuous", "p:(N,):real t:(N,):real", huber_normalised, huber_normalised_repaired, "scalismo#260"),
    Pair("continuous", "p:(N,):real t:(N,):real", wing_constant, wing_constant_repaired, "wing loss ports"),
    Pair(
        "continuous",
        "p:(N,):real t:(N,):real",
        smooth_l1_beta,
        smooth_l1_beta_repaired,
        "quadratic part not divided by beta",
    ),
    Pair(
        "target_is_best",
        "y:(N,D):real p:(N,D):real",
        cosine_proximity_sign,
        cosine_proximity_sign_repaired,
        "tensorflow#32186",
    ),
    Pair("parameters", "y:(N,):real p:(N,):real", pinball_order, pinball_order_repaired, "many quantile losses"),
    Pair(
        "parameters",
        "mu:(N,):real y:(N,):real var:(N,):positive",
        gauss_nll_half,
        gauss_nll_half_repaired,
        "SupaeroDataScience#6 style missing half",
    ),
    Pair(
        "value_finite",
        "z:(N,):real y:(N,):count",
        poisson_stirling_zero,
        poisson_stirling_zero_repaired,
        "pytorch#28575",
    ),
    Pair(
        "value_finite",
        "y:(N,):count p:(N,):positive",
        poisson_deviance_zero,
        poisson_deviance_zero_repaired,
        "scikit-learn style deviance",
    ),
    Pair(
        "target_is_best",
        "y:(N,):positive p:(N,):positive",
        gamma_deviance_ratio,
        gamma_deviance_ratio_repaired,
        "ratio turned in the logarithm",
    ),
    Pair(
        "soft_side",
        "mu:(N,):positive y:(N,):count",
        negbin_sign,
        negbin_sign_repaired,
        "cito#76: log-likelihood returned",
    ),
    Pair("value_finite", "x:(N,D):real y:(N,D):real", sisdr_zero_target, sisdr_zero_target_repaired, "auraloss#25"),
    Pair(
        "target_is_best", "p:(B,):real t:(B,):real", ccc_ddof, ccc_ddof_repaired, "unbiased variance, biased covariance"
    ),
    Pair(
        "value_finite",
        "p:(B,):real t:(B,):real",
        pearson_constant,
        pearson_constant_repaired,
        "correlation of a constant prediction",
    ),
    Pair("upside_down", "x:(N,M):real y:(N,):real", crps_pairs, crps_pairs_repaired, "ensemble CRPS without one half"),
    Pair("upside_down", "mu:(N,D):real logvar:(N,D):real", vae_kl_sign, vae_kl_sign_repaired, "FluxML/model-zoo#147"),
    Pair(
        "second_order",
        "y:(N,):real p:(N,):real",
        objective_residual_sign,
        objective_residual_sign_repaired,
        "xgboost#3037, #2602",
    ),
    Pair(
        "second_order",
        "y:(N,):{0,1} z:(N,):real",
        objective_hessian,
        objective_hessian_repaired,
        "lightgbm#1230: sigmoid applied in the gradient only",
    ),
)
