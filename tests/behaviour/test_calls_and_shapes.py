"""What a call takes, gives back and leaves behind: three broken losses and three look-alikes for each law."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from scipy import special
from torch.nn import functional

from tests.behaviour.law_cases import test_the_law_is_broken, test_the_law_is_kept  # noqa: F401

LOGITS = "z:(N,K):real y:(N,):index"
IGNORED = "z:(N,K):real y:(N,):index*=-1"
BINARY = "z:(N,):real y:(N,):{0,1}"
PAIR = "p:(N,):real t:(N,):real"
COLUMN = "p:(N,1):real t:(N,):real"
UNIT = "p:(N,):unit y:(N,):{0,1}"
WEIGHTED = PAIR + " w:(N,):positive"
MASKED = "p:(B,L):real t:(B,L):real m:(B,L):mask"
DISTRIBUTIONS = "p:(N,K):simplex q:(N,K):simplex"

Loss = Callable[..., Any]
NOISE = np.random.default_rng(0)
CALLS: list[float] = []


def logistic(z: Any, y: Any) -> Any:
    return functional.binary_cross_entropy_with_logits(z, y)


def refuses_zero(p: Any, y: Any) -> Any:
    if (p <= 0).any():
        raise ValueError("probabilities must be positive")
    return -(special.xlogy(y, p) + special.xlogy(1 - y, 1 - p)).mean()


def refuses_ties(z: Any, y: Any) -> Any:
    first, second = z.topk(2).values.T
    if (first == second).any():
        raise RuntimeError("no winner")
    return functional.cross_entropy(z, y)


def refuses_corners(p: Any, q: Any) -> Any:
    assert (q < 1).all(), "a soft label"
    return ((p - q) ** 2).sum(1).mean()


def clips_and_takes_the_logarithm(p: Any, y: Any) -> Any:
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return -(y * np.log(p) + (1 - y) * np.log1p(-p)).mean()


def brier_of_rows(p: Any, q: Any) -> Any:
    return ((p - q) ** 2).sum(1).mean()


def absolute(p: Any, t: Any) -> Any:
    return np.abs(p - t).mean()


def signed_product(p: Any, t: Any) -> Any:
    return functional.softplus(-p * t).mean()


def first_column(p: Any, t: Any) -> Any:
    return np.abs(p[:, 0] - t).mean()


def flattened(p: Any, t: Any) -> Any:
    return functional.mse_loss(p.flatten(), t)


def refuses_shapes(p: Any, t: Any) -> Any:
    if p.shape != t.shape:
        raise ValueError("shapes differ")
    return functional.mse_loss(p, t)


def noisy(p: Any, t: Any) -> Any:
    return (p - t) ** 2 + NOISE.normal(size=p.shape)


def dropped_out(p: Any, t: Any) -> Any:
    return functional.dropout((p - t) ** 2, 0.5).mean()


def warms_up(p: Any, t: Any) -> Any:
    CALLS.append(1.0)
    return ((p - t) ** 2).mean() * min(1.0, len(CALLS) / 1e4)


def sampled_with_its_own_seed(p: Any, t: Any) -> Any:
    return ((p - t) ** 2 + np.random.default_rng(0).normal(size=p.shape)).mean()


def counted_in_vain(p: Any, t: Any) -> Any:
    CALLS.append(1.0)
    return ((p - t) ** 2).mean()


def times_a_double(p: Any, t: Any) -> Any:
    return (p - t) ** 2 * np.array([1.0])


def narrowed(p: Any, t: Any) -> Any:
    return ((p.float() - t.float()) ** 2).mean()


def widened(p: Any, t: Any) -> Any:
    return ((p.double() - t.double()) ** 2).mean()


def widened_inside(p: Any, t: Any) -> Any:
    return ((p.double() - t.double()) ** 2).mean().to(p.dtype)


def summed_in_doubles(p: Any, t: Any) -> Any:
    return p.dtype.type(np.sum((p - t) ** 2, dtype=np.float64))


def ignoring(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z, y, ignore_index=-1)


def ignoring_or_one(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z, y, ignore_index=-1, reduction="sum") / (y != -1).sum().clamp(min=1)


def ignoring_some(z: Any, y: Any) -> Any:
    kept = y != -1
    return functional.cross_entropy(z[kept], y[kept]) if kept.any() else z.sum() * 0


def masked_mean(p: Any, t: Any, m: Any) -> Any:
    return ((p - t) ** 2 * m).sum() / m.sum()


def masked_mean_or_zero(p: Any, t: Any, m: Any) -> Any:
    return ((p - t) ** 2 * m).sum() / np.maximum(m.sum(), 1)


def weighted_mean(p: Any, t: Any, w: Any) -> Any:
    return ((p - t) ** 2 * w).sum() / w.sum()


def weighted_sum(p: Any, t: Any, w: Any) -> Any:
    return ((p - t) ** 2 * w).sum()


def smoothed(z: Any, y: Any, label_smoothing: float = 0.1) -> Any:
    return functional.cross_entropy(z, y, label_smoothing=label_smoothing)


def smoothed_by_hand(z: Any, y: Any, smoothing: float = 0.1) -> Any:
    log_p = functional.log_softmax(z, 1)
    return (-(1 - smoothing) * log_p.gather(1, y[:, None])[:, 0] - smoothing * log_p.mean(1)).mean()


def smoothed_sides(z: Any, y: Any, label_smoothing: float = 0.1) -> Any:
    return logistic(z, y * (1 - label_smoothing) + label_smoothing / 2)


def smoothed_over_the_others(z: Any, y: Any, label_smoothing: float = 0.1) -> Any:
    q = functional.one_hot(y, z.shape[1])
    q = q * (1 - label_smoothing) + (1 - q) * label_smoothing / (z.shape[1] - 1)
    return -(q * functional.log_softmax(z, 1)).sum(1).mean()


def smoothing_added(z: Any, y: Any, label_smoothing: float = 0.1) -> Any:
    return functional.cross_entropy(z, y) - label_smoothing * functional.log_softmax(z, 1).mean()


def smoothed_on_one_side(z: Any, y: Any, label_smoothing: float = 0.1) -> Any:
    return logistic(z, y * (1 - label_smoothing))


def clips_in_place(p: Any, t: Any) -> Any:
    np.clip(p, -50, 50, out=p)
    return (p - t) ** 2


def clips_a_copy(p: Any, t: Any) -> Any:
    return (np.clip(p, -50, 50) - t) ** 2


def centres_its_target(p: Any, t: Any) -> Any:
    t -= t.mean()
    return ((p - p.mean() - t) ** 2).mean()


def centres_a_copy(p: Any, t: Any) -> Any:
    t = t - t.mean()
    return ((p - p.mean() - t) ** 2).mean()


def sets_the_seed(p: Any, t: Any) -> Any:
    np.random.seed(0)  # noqa: NPY002  (what the law is about)
    return ((p - t) ** 2).mean()


def weight_without_gradient(p: Any, t: Any) -> Any:
    with torch.no_grad():
        weight = (p - t).abs()
    return (weight * (p - t) ** 2).mean()


BROKEN: list[tuple[str, Loss, str]] = [
    ("accepts_valid_input", refuses_zero, UNIT),
    ("accepts_valid_input", refuses_ties, LOGITS),
    ("accepts_valid_input", refuses_corners, DISTRIBUTIONS),
    ("broadcast_safe", functional.mse_loss, COLUMN),
    ("broadcast_safe", absolute, COLUMN),
    ("broadcast_safe", signed_product, COLUMN),
    ("deterministic", noisy, PAIR),
    ("deterministic", dropped_out, PAIR),
    ("deterministic", warms_up, PAIR),
    ("dtype_preserved", times_a_double, PAIR),
    ("dtype_preserved", narrowed, PAIR),
    ("dtype_preserved", widened, PAIR),
    ("empty_batch", ignoring, IGNORED),
    ("empty_batch", masked_mean, MASKED),
    ("empty_batch", weighted_mean, WEIGHTED),
    ("label_smoothing", smoothed_over_the_others, LOGITS),
    ("label_smoothing", smoothing_added, LOGITS),
    ("label_smoothing", smoothed_on_one_side, BINARY),
    ("pure", clips_in_place, PAIR),
    ("pure", centres_its_target, PAIR),
    ("pure", sets_the_seed, PAIR),
]
HEALTHY: list[tuple[str, Loss, str]] = [
    ("accepts_valid_input", clips_and_takes_the_logarithm, UNIT),
    ("accepts_valid_input", functional.cross_entropy, LOGITS),
    ("accepts_valid_input", brier_of_rows, DISTRIBUTIONS),
    ("broadcast_safe", first_column, COLUMN),
    ("broadcast_safe", flattened, COLUMN),
    ("broadcast_safe", refuses_shapes, PAIR),
    ("deterministic", sampled_with_its_own_seed, PAIR),
    ("deterministic", counted_in_vain, PAIR),
    ("deterministic", functional.mse_loss, PAIR),
    ("dtype_preserved", functional.mse_loss, PAIR),
    ("dtype_preserved", widened_inside, PAIR),
    ("dtype_preserved", summed_in_doubles, PAIR),
    ("empty_batch", ignoring_or_one, IGNORED),
    ("empty_batch", ignoring_some, IGNORED),
    ("empty_batch", masked_mean_or_zero, MASKED),
    ("empty_batch", weighted_sum, WEIGHTED),
    ("ignored_rows", masked_mean_or_zero, MASKED),
    ("label_smoothing", smoothed, LOGITS),
    ("label_smoothing", smoothed_by_hand, LOGITS),
    ("label_smoothing", smoothed_sides, BINARY),
    ("pure", clips_a_copy, PAIR),
    ("pure", centres_a_copy, PAIR),
    ("pure", weight_without_gradient, PAIR),
]
