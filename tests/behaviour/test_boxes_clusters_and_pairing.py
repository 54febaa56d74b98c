"""Boxes with one side twice, classes that share a place, labels that belong to no row, targets that teach nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tests.behaviour.law_cases import test_the_law_is_broken, test_the_law_is_kept  # noqa: F401

BOXES = "p:(N,4):box t:(N,4):box"
EMBEDDINGS = "e:(B,D):real y:(B,):index"
EVENTS = "r:(B,):real time:(B,):positive e:(B,1):{0,1}"
COLUMN = "z:(N,):real y:(N,1):{0,1}"
TARGETS = "p:(N,M):real t:(N,M):real"


def overlap(p: Any, t: Any) -> Any:
    sides = (torch.minimum(p[:, 2:], t[:, 2:]) - torch.maximum(p[:, :2], t[:, :2])).clamp(min=0)
    union = (p[:, 2:] - p[:, :2]).prod(1) + (t[:, 2:] - t[:, :2]).prod(1) - sides.prod(1)
    return sides.prod(1) / (union + 1e-7)


def hull(p: Any, t: Any) -> Any:
    return torch.maximum(p[:, 2:], t[:, 2:]) - torch.minimum(p[:, :2], t[:, :2])


def centres(p: Any, t: Any) -> Any:
    return (p[:, :2] + p[:, 2:] - t[:, :2] - t[:, 2:]) / 2


def width_of_the_hull_twice(p: Any, t: Any) -> Any:
    return (1 - overlap(p, t) + centres(p, t).pow(2).sum(1) / (2 * hull(p, t)[:, 0] ** 2)).mean()


def heights_forgotten(p: Any, t: Any) -> Any:
    difference = (p[:, 2:] - p[:, :2] - t[:, 2:] + t[:, :2])[:, 0] ** 2
    return (1 - overlap(p, t) + difference / hull(p, t)[:, 0] ** 2).mean()


def only_moved_sideways(p: Any, t: Any) -> Any:
    return np.mean(np.abs(p[:, 0] + p[:, 2] - t[:, 0] - t[:, 2]) + np.abs((p - t)[:, 2:] - (p - t)[:, :2]).sum(1))


def distance_of_centres(p: Any, t: Any) -> Any:
    return (1 - overlap(p, t) + centres(p, t).pow(2).sum(1) / hull(p, t).pow(2).sum(1)).mean()


def both_sides(p: Any, t: Any) -> Any:
    differences = (p[:, 2:] - p[:, :2] - t[:, 2:] + t[:, :2]) ** 2
    return (1 - overlap(p, t) + (differences / hull(p, t) ** 2).sum(1)).mean()


def wide_places_count_double(p: Any, t: Any) -> Any:
    return np.mean((p - t) ** 2 @ np.array([2.0, 1.0, 2.0, 1.0]) * (1 + 0.01 * t[:, 0] ** 2))


def distances(e: Any) -> Any:
    return torch.cdist(e, e).pow(2) if e.dtype == torch.float16 else ((e[:, None] - e[None]) ** 2).sum(2)


def farthest_negative(e: Any, y: Any) -> Any:
    d, same = distances(e), y[:, None] == y[None]
    return functional.relu((d * same).max(1).values - (d * ~same).max(1).values + 1).mean()


def average_negative(e: Any, y: Any) -> Any:
    d, same = distances(e), y[:, None] == y[None]
    away = (d * ~same).sum(1) / (~same).sum(1).clamp(min=1)
    return functional.relu((d * same).max(1).values - away + 1).mean()


def pushes_its_own(e: Any, y: Any) -> Any:
    d, same = distances(e), y[:, None] == y[None]
    return (functional.relu(1 - d) * same + d * ~same).mean()


def pairs(e: Any, y: Any) -> Any:
    d, same = distances(e), y[:, None] == y[None]
    return (d * same + functional.relu(1 - d) * ~same).mean()


def nearest_negative(e: Any, y: Any) -> Any:
    d, same = distances(e), y[:, None] == y[None]
    nearest = (d + d.max().detach() * same).min(1).values
    return functional.softplus((d * same).max(1).values - nearest).mean()


def only_pulls(e: Any, y: Any) -> Any:
    return (distances(e) * (y[:, None] == y[None])).mean()


def column_of_events(r: Any, time: Any, e: Any) -> Any:
    risk = torch.logsumexp(r[None] - 1e4 * (time[None] < time[:, None]), 1)
    return ((risk - r) * e).mean()


def column_of_labels(z: Any, y: Any) -> Any:
    return functional.softplus(torch.where(y > 0.5, -z, z)).mean()


def counted_labels(z: Any, y: Any) -> Any:
    return np.mean(np.logaddexp(0, z)) - np.mean(z) * np.mean(y)


def flat_events(r: Any, time: Any, e: Any) -> Any:
    risk = torch.logsumexp(r[None] - 1e4 * (time[None] < time[:, None]), 1)
    return ((risk - r) * e[:, 0]).mean()


def flat_labels(z: Any, y: Any) -> Any:
    return functional.softplus(torch.where(y[:, 0] > 0.5, -z, z)).mean()


def balanced(z: Any, y: Any) -> Any:
    share = np.mean(y)
    return np.mean(np.where(y > 0.5, (1 - share) * np.logaddexp(0, -z), share * np.logaddexp(0, z)))


def known_above_zero(p: Any, t: Any) -> Any:
    known = (t > 0).to(p.dtype)
    return ((p - t).abs() * known).sum() / known.sum().clamp(min=1)


def one_sided(p: Any, t: Any) -> Any:
    return (torch.relu(-t) * (p - t) ** 2).mean()


def clipped_targets(p: Any, t: Any) -> Any:
    return np.mean(np.where(t < 0, 0.0, (p - t) ** 2))


def known_off_zero(p: Any, t: Any) -> Any:
    known = (t != 0).to(p.dtype)
    return ((p - t).abs() * known).sum() / known.sum().clamp(min=1)


def negatives_count_little(p: Any, t: Any) -> Any:
    return (torch.where(t < 0, 0.01, 1.0) * (p - t) ** 2).mean()


def hinge_of_signs(p: Any, t: Any) -> Any:
    return np.mean(np.maximum(0, 1 - p * np.sign(t)))


BROKEN = [
    ("target_is_best", width_of_the_hull_twice, BOXES),
    ("target_is_best", heights_forgotten, BOXES),
    ("target_is_best", only_moved_sideways, BOXES),
    ("right_side", farthest_negative, EMBEDDINGS),
    ("right_side", average_negative, EMBEDDINGS),
    ("right_side", pushes_its_own, EMBEDDINGS),
    ("batch_consistent", column_of_events, EVENTS),
    ("batch_consistent", column_of_labels, COLUMN),
    ("batch_consistent", counted_labels, "z:(N,):real y:(N,):{0,1}"),
    ("parameters", known_above_zero, TARGETS),
    ("parameters", one_sided, TARGETS),
    ("parameters", clipped_targets, TARGETS),
]
HEALTHY = [
    ("target_is_best", distance_of_centres, BOXES),
    ("target_is_best", both_sides, BOXES),
    ("target_is_best", wide_places_count_double, BOXES),
    ("right_side", pairs, EMBEDDINGS),
    ("right_side", nearest_negative, EMBEDDINGS),
    ("right_side", only_pulls, EMBEDDINGS),
    ("batch_consistent", flat_events, EVENTS),
    ("batch_consistent", flat_labels, COLUMN),
    ("batch_consistent", balanced, "z:(N,):real y:(N,):{0,1}"),
    ("parameters", known_off_zero, TARGETS),
    ("parameters", negatives_count_little, TARGETS),
    ("parameters", hinge_of_signs, TARGETS),
]
