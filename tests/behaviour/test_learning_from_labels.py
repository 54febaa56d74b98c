"""Labels nothing is learnt from, classes not heard, scales without a best one; rows, pieces and small counts."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from losscheck.verdict import Severity, Verdict
from tests.behaviour.law_cases import test_the_law_is_broken, test_the_law_is_kept  # noqa: F401

BINARY = "z:(N,):real y:(N,):{0,1}"
UNIT = "p:(N,):unit y:(N,):{0,1}"
MULTI = "z:(N,K):real y:(N,K):{0,1}"
LOGITS = "z:(N,K):real y:(N,):index"
PAIR = "p:(N,):real t:(N,):real"
SCALED = "mu:(N,):real y:(N,):real sigma:(N,):positive"
SEQUENCE = "z:(B,L,C):real y:(B,L):index"
MATRIX = "p:(N,D):real t:(N,D):real"
MASKS = "p:(N,M):unit y:(N,M):{0,1}"
LEVEL = "y:(N,):real p:(N,):real"
FRIENDS = "a:(N,D):real b:(N,D):real y:(N,):{-1,1}"
COUNTS = "y:(N,):count p:(N,):count"

Loss = Callable[..., Any]


def positives_only(p: Any, y: Any) -> Any:
    return -(y * torch.log(p.clamp(min=1e-6))).mean()


def zero_one_for_signs(z: Any, y: Any) -> Any:
    return np.mean(np.maximum(0, 1 - y * z))


def negatives_only(z: Any, y: Any) -> Any:
    return ((1 - y) * functional.softplus(z)).mean()


def dice(p: Any, y: Any) -> Any:
    return 1 - 2 * (p * y).sum() / (p.sum() + y.sum() + 1e-6)


def focal(z: Any, y: Any) -> Any:
    p = torch.sigmoid(torch.where(y > 0.5, z, -z))
    return ((1 - p) ** 2 * functional.binary_cross_entropy_with_logits(z, y, reduction="none")).mean()


def signed_hinge(z: Any, y: Any) -> Any:
    return np.mean(np.maximum(0, 1 - (2 * y - 1) * z))


def first_of_several(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z, y.argmax(1))


def last_of_several(z: Any, y: Any) -> Any:
    last = z.shape[1] - 1 - y.flip(1).argmax(1)
    return functional.multi_margin_loss(z, last)


def squared_first(z: Any, y: Any) -> Any:
    one = np.eye(z.shape[1])[np.argmax(y, axis=1)]
    return np.mean((z - one) ** 2)


def shares(z: Any, y: Any) -> Any:
    return -(y * functional.log_softmax(z, 1)).sum(1).mean()


def ranked_pairs(z: Any, y: Any) -> Any:
    pairs = y[:, :, None] * (1 - y[:, None, :])
    return (functional.softplus(z[:, None, :] - z[:, :, None]) * pairs).sum() / pairs.sum().clamp(min=1)


def crps(mu: Any, y: Any, sigma: Any, sign: float = -1.0) -> Any:
    z = (y - mu) / sigma
    cdf = 0.5 * (1 + torch.erf(z / math.sqrt(2)))
    pdf = torch.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
    return (sigma * (z * (2 * cdf - 1) + 2 * pdf + sign / math.sqrt(math.pi))).mean()


def crps_turned(mu: Any, y: Any, sigma: Any) -> Any:
    return crps(mu, y, sigma, 1.0)


def without_logarithm(mu: Any, y: Any, sigma: Any) -> Any:
    return np.mean(((y - mu) / sigma) ** 2)


def scale_left_out(mu: Any, y: Any, sigma: Any) -> Any:
    return np.mean(np.log(2 * sigma) + np.abs(y - mu))


def laplace(mu: Any, y: Any, sigma: Any) -> Any:
    return np.mean(np.log(2 * sigma) + np.abs(y - mu) / sigma)


def gaussian(mu: Any, y: Any, sigma: Any) -> Any:
    return (torch.log(sigma) + 0.5 * ((y - mu) / sigma) ** 2).mean()


def one_row_squeezed(z: Any, y: Any) -> Any:
    return -functional.log_softmax(z, 1).gather(1, y[:, None]).squeeze()


def squeezed_difference(p: Any, t: Any) -> Any:
    return np.squeeze(np.abs(p - t))


def number_of_one(p: Any, t: Any) -> Any:
    rows = (p - t) ** 2
    return rows if len(rows) > 1 else rows[0]


def each_row(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z, y, reduction="none")


def mean_of_chunks(p: Any, t: Any, chunks: int = 2) -> Any:
    return np.mean(
        [np.mean((a - b) ** 2) for a, b in zip(np.array_split(p, chunks), np.array_split(t, chunks), strict=True)]
    )


def sum_of_chunks(p: Any, t: Any, chunks: int = 2) -> Any:
    return sum(
        np.sum((a - b) ** 2) for a, b in zip(np.array_split(p, chunks), np.array_split(t, chunks), strict=True)
    ) / len(p)


def small_squares(y: Any, p: Any) -> Any:
    return np.mean((y - p) ** 2)


def small_sums(y: Any, p: Any) -> Any:
    return np.mean((y + p) * (y - p))


def small_ratio(y: Any, p: Any) -> Any:
    return np.mean((y - p) / (y + p + 1))


def wide_squares(y: Any, p: Any) -> Any:
    return np.mean((np.asarray(y, dtype=np.float64) - p) ** 2)


def differs(y: Any, p: Any) -> Any:
    return np.mean(y != p)


def squares_of_floats(y: Any, p: Any) -> Any:
    return ((y.double() - p.double()) ** 2).mean()


def positions_twice(z: Any, y: Any) -> Any:
    rows = functional.cross_entropy(z.flatten(0, 1), y.flatten(), reduction="none").view(y.shape)
    return (rows.mean(1) / y.shape[1]).mean()


def features_twice(p: Any, t: Any) -> Any:
    return np.mean(np.mean((p - t) ** 2, axis=1) / p.shape[1])


def pixels_squared(p: Any, y: Any) -> Any:
    return functional.binary_cross_entropy(p, y, reduction="sum") / p.numel() / p.shape[1]


def positions_once(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z.flatten(0, 1), y.flatten())


def scaled_products(a: Any, b: Any) -> Any:
    return np.mean(np.logaddexp(0, -(a * b).sum(1) / np.sqrt(a.shape[1])))


def same_sides(y: Any, p: Any, q: float = 0.9) -> Any:
    return np.mean(q * np.abs(y - p))


def level_of_squares(y: Any, p: Any, level: float = 0.7) -> Any:
    return (level * (y - p) ** 2).mean()


def sides_turned(y: Any, p: Any, quantile: float = 0.9) -> Any:
    return np.mean(np.maximum((1 - quantile) * (y - p), quantile * (p - y)))


def pinball(y: Any, p: Any, q: float = 0.9) -> Any:
    return np.mean(np.maximum(q * (y - p), (q - 1) * (y - p)))


def expectiles(y: Any, p: Any, expectile: float = 0.7) -> Any:
    return (torch.where(y > p, expectile, 1 - expectile) * (y - p) ** 2).mean()


def with_temperature(y: Any, p: Any, tau: float = 0.5) -> Any:
    return np.mean(tau * np.logaddexp((y - p) / tau, (p - y) / tau))


def far_friends(a: Any, b: Any, y: Any) -> Any:
    return torch.where(
        y > 0, functional.cosine_similarity(a, b).clamp(min=0), 1 - functional.cosine_similarity(a, b)
    ).mean()


def signed_cosine(a: Any, b: Any, y: Any) -> Any:
    return (y * functional.cosine_similarity(a, b)).mean()


def products_turned(a: Any, b: Any, y: Any) -> Any:
    return np.mean(np.logaddexp(0, y * (a * b).sum(1)))


def products(a: Any, b: Any, y: Any) -> Any:
    return np.mean(np.logaddexp(0, -y * (a * b).sum(1)))


def distances(a: Any, b: Any, y: Any) -> Any:
    d = torch.linalg.vector_norm(a - b, dim=1)
    return torch.where(y > 0, d, torch.relu(1 - d)).mean()


def overlap_of_sums(p: Any, y: Any) -> Any:
    return (1 - ((p * y).sum(1) + 1e-6) / (p.sum(1) + y.sum(1) + 1e-6)).mean()


def half_cross_entropy(p: Any, y: Any) -> Any:
    return functional.binary_cross_entropy(0.5 + 0.5 * (p - 0.5), y)


def shifted_square(p: Any, y: Any) -> Any:
    return np.mean((p - y) ** 2) + 0.1


def soft_dice(p: Any, y: Any) -> Any:
    return 1 - (2 * (p * y).sum() + 1) / (p.sum() + y.sum() + 1)


def negative_overlap(p: Any, y: Any) -> Any:
    return -(2 * (p * y).sum() + 1) / (p.sum() + y.sum() + 1)


BROKEN: list[tuple[str, Loss, str]] = [
    ("parameters", positives_only, UNIT),
    ("parameters", zero_one_for_signs, BINARY),
    ("parameters", negatives_only, BINARY),
    ("parameters", crps_turned, SCALED),
    ("parameters", without_logarithm, SCALED),
    ("parameters", scale_left_out, SCALED),
    ("parameters", mean_of_chunks, PAIR),
    ("parameters", same_sides, LEVEL),
    ("parameters", level_of_squares, LEVEL),
    ("parameters", sides_turned, LEVEL),
    ("right_side", far_friends, FRIENDS),
    ("right_side", signed_cosine, FRIENDS),
    ("right_side", products_turned, FRIENDS),
    ("target_is_best", overlap_of_sums, MASKS),
    ("target_is_best", half_cross_entropy, MASKS),
    ("target_is_best", shifted_square, MASKS),
    ("reduction_consistent", positions_twice, SEQUENCE),
    ("reduction_consistent", features_twice, MATRIX),
    ("reduction_consistent", pixels_squared, MASKS),
    ("right_side", first_of_several, MULTI),
    ("right_side", last_of_several, MULTI),
    ("right_side", squared_first, MULTI),
    ("reduction_consistent", one_row_squeezed, LOGITS),
    ("reduction_consistent", squeezed_difference, PAIR),
    ("reduction_consistent", number_of_one, PAIR),
    ("integer_safe", small_squares, COUNTS),
    ("integer_safe", small_sums, COUNTS),
    ("integer_safe", small_ratio, COUNTS),
]
HEALTHY: list[tuple[str, Loss, str]] = [
    ("parameters", dice, UNIT),
    ("parameters", focal, BINARY),
    ("parameters", signed_hinge, BINARY),
    ("parameters", crps, SCALED),
    ("parameters", laplace, SCALED),
    ("parameters", gaussian, SCALED),
    ("parameters", sum_of_chunks, PAIR),
    ("parameters", pinball, LEVEL),
    ("parameters", expectiles, LEVEL),
    ("parameters", with_temperature, LEVEL),
    ("right_side", functional.cosine_embedding_loss, FRIENDS),
    ("right_side", products, FRIENDS),
    ("right_side", distances, FRIENDS),
    ("target_is_best", functional.binary_cross_entropy, MASKS),
    ("target_is_best", soft_dice, MASKS),
    ("target_is_best", negative_overlap, MASKS),
    ("reduction_consistent", positions_once, SEQUENCE),
    ("reduction_consistent", functional.mse_loss, MATRIX),
    ("reduction_consistent", scaled_products, "a:(N,D):real b:(N,D):real"),
    ("right_side", functional.binary_cross_entropy_with_logits, MULTI),
    ("right_side", shares, MULTI),
    ("right_side", ranked_pairs, MULTI),
    ("reduction_consistent", each_row, LOGITS),
    ("reduction_consistent", functional.cross_entropy, LOGITS),
    ("reduction_consistent", lambda p, t: np.abs(p - t), PAIR),
    ("integer_safe", wide_squares, COUNTS),
    ("integer_safe", differs, COUNTS),
    ("integer_safe", squares_of_floats, COUNTS),
]  # fmt: skip


def test_a_huge_value_excuses_its_gradient(asked: Any) -> None:
    def quotient(mu: Any, y: Any, logvar: Any) -> Any:
        size = logvar.clamp(max=20.0)
        return (0.5 * size + (y - mu) ** 2 / torch.exp(size)).mean()  # its derivative squares the exponential

    found = asked("gradient_finite", quotient, "mu:(N,):real y:(N,):real logvar:(N,):real")
    assert found["float32"].verdict is Verdict.REFUTED
    assert found["float32"].severity is Severity.WARNING
