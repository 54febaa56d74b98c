"""Results of rows that know other rows, distances that pay off, floors of some targets, weights of elements."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tests.behaviour.law_cases import test_the_law_is_broken, test_the_law_is_kept  # noqa: F401

DEPTHS = "p:(N,M):positive t:(N,M):positive"
SCORES = "z:(N,K):real y:(N,):index"
CENTRES = "p:(N,4):positive t:(N,4):positive"
STEPS = "p:(N,L):real t:(N,L):real w:(N,L):positive"
PROTOTYPES = "d:(N,K):positive y:(N,):index"
CANDIDATES = "pos:(N,):real neg:(N,M):real"
RECALLS = "p:(N,K):simplex y:(N,):index*=0"
LOOSE = "p:(N,4):real t:(N,4):box"


def mean_against_variances(p: Any, t: Any) -> Any:
    e = torch.log(p) - torch.log(t)
    return (((e - e.mean(1, keepdim=True)) ** 2).mean(1) + e.mean(1, keepdim=True) ** 2).mean(1)


def scaled_by_the_batch(p: Any, t: Any) -> Any:
    return np.abs(p - t).mean(1) / np.mean(p)


def column_of_rows(z: Any, y: Any) -> Any:
    rows = -functional.log_softmax(z, 1).gather(1, y[:, None])
    return (rows - rows[:, 0]).abs().mean(1) + rows[:, 0]


def each_row_its_own(p: Any, t: Any) -> Any:
    e = torch.log(p) - torch.log(t)
    return ((e - e.mean(1, keepdim=True)) ** 2).mean(1) + e.mean(1) ** 2


def scaled_by_the_targets(p: Any, t: Any) -> Any:
    return np.abs(p - t).mean(1) / np.mean(t)


def rows_of_candidates(pos: Any, neg: Any) -> Any:
    weights = functional.softmax(neg, 1).detach()
    return (functional.softplus(-pos) + (weights * functional.softplus(neg)).sum(1)).mean()


def weighed_over_the_batch(pos: Any, neg: Any) -> Any:
    weights = functional.softmax(neg, 0).detach()
    return (functional.softplus(-pos) + (weights * functional.softplus(neg)).sum(1)).mean()


def near_is_far(d: Any, y: Any) -> Any:
    return functional.cross_entropy(d, y)


def near_is_near(d: Any, y: Any) -> Any:
    return functional.cross_entropy(-d, y)


def pulls_the_negative(dp: Any, dn: Any) -> Any:
    return np.mean(np.maximum(0, dn - dp + 1))


def pushes_the_negative(dp: Any, dn: Any) -> Any:
    return np.mean(np.maximum(0, dp - dn + 1))


def similarities_pull(pos_dist: Any, neg_dist: Any) -> Any:
    return functional.softplus(neg_dist - pos_dist).mean()


def ratio_of_distances(pos_dist: Any, neg_dist: Any) -> Any:
    return (pos_dist / (pos_dist + neg_dist)).mean()


def corners(p: Any, t: Any) -> Any:
    sides = (torch.minimum(p[:, 2:], t[:, 2:]) - torch.maximum(p[:, :2], t[:, :2])).clamp(min=0).prod(1)
    areas = [(b[:, 2:] - b[:, :2]).clamp(min=0).prod(1) for b in (p, t)]
    return (1 - sides / (areas[0] + areas[1] - sides + 1e-6)).mean()


def centres(p: Any, t: Any) -> Any:
    as_corners = [torch.cat([b[:, :2] - b[:, 2:] / 2, b[:, :2] + b[:, 2:] / 2], 1) for b in (p, t)]
    return corners(*as_corners)


def unsigned_areas(p: Any, t: Any) -> Any:
    sides = (torch.minimum(p[:, 2:], t[:, 2:]) - torch.maximum(p[:, :2], t[:, :2])).clamp(min=0).prod(1)
    union = (p[:, 2:] - p[:, :2]).prod(1) + (t[:, 2:] - t[:, :2]).prod(1) - sides
    hull = (torch.maximum(p[:, 2:], t[:, 2:]) - torch.minimum(p[:, :2], t[:, :2])).prod(1)
    return (1 - sides / (union + 1e-6) + (hull - union) / (hull + 1e-6)).mean()


def squares(p: Any, t: Any) -> Any:
    return ((p - t) ** 2).sum(1).mean()


def weights_after_the_mean(p: Any, t: Any, w: Any) -> Any:
    return (((p - t) ** 2).mean(1, keepdim=True) * w).mean()


def weights_of_the_next(p: Any, t: Any, w: Any) -> Any:
    return np.mean((p - t) ** 2 * np.roll(w, 1, axis=1))


def weights_of_the_row(p: Any, t: Any, w: Any) -> Any:
    return (((p - t) ** 2).sum(1) * w.sum(1)).mean()


def weighted_steps(p: Any, t: Any, w: Any) -> Any:
    return ((p - t) ** 2 * w).mean()


def weighted_mean_of_steps(p: Any, t: Any, w: Any) -> Any:
    return np.average(np.abs(p - t), weights=w)


def weights_inside_squares(p: Any, t: Any, w: Any) -> Any:
    return ((p * w - t * w) ** 2).mean()


def counted_though_ignored(p: Any, y: Any) -> Any:
    hot = functional.one_hot(y, p.shape[1]).to(p.dtype) * (y != 0)[:, None]
    return 1 - ((p * hot).sum(0) / hot.sum(0).clamp(min=1)).mean()


def not_counted(p: Any, y: Any) -> Any:
    hot = functional.one_hot(y, p.shape[1]).to(p.dtype) * (y != 0)[:, None]
    return 1 - ((p * hot).sum(0) / hot.sum(0).clamp(min=1))[1:].mean()


BROKEN = [
    ("batch_consistent", mean_against_variances, DEPTHS),
    ("batch_consistent", scaled_by_the_batch, DEPTHS),
    ("batch_consistent", column_of_rows, SCORES),
    ("batch_consistent", weighed_over_the_batch, CANDIDATES),
    ("right_side", near_is_far, PROTOTYPES),
    ("right_side", pulls_the_negative, "dp:(N,):positive dn:(N,):positive"),
    ("right_side", similarities_pull, "pos_dist:(N,):positive neg_dist:(N,):positive"),
    ("target_is_best", corners, CENTRES),
    ("target_is_best", unsigned_areas, LOOSE),
    ("weights", weights_after_the_mean, STEPS),
    ("weights", weights_of_the_next, STEPS),
    ("weights", weights_of_the_row, STEPS),
    ("attains_floor", counted_though_ignored, RECALLS),
]
HEALTHY = [
    ("batch_consistent", each_row_its_own, DEPTHS),
    ("batch_consistent", scaled_by_the_targets, DEPTHS),
    ("batch_consistent", rows_of_candidates, CANDIDATES),
    ("right_side", near_is_near, PROTOTYPES),
    ("right_side", pushes_the_negative, "dp:(N,):positive dn:(N,):positive"),
    ("right_side", ratio_of_distances, "pos_dist:(N,):positive neg_dist:(N,):positive"),
    ("target_is_best", centres, CENTRES),
    ("target_is_best", squares, LOOSE),
    ("target_is_best", squares, CENTRES),
    ("weights", weighted_steps, STEPS),
    ("weights", weighted_mean_of_steps, STEPS),
    ("weights", weights_inside_squares, STEPS),
    ("attains_floor", not_counted, RECALLS),
]
