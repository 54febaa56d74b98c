"""Batches, parts, pieces and weights: laws from evidence, three broken losses and three healthy ones each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from losscheck.verdict import Severity, Verdict
from tests.behaviour.law_cases import test_the_law_is_broken, test_the_law_is_kept  # noqa: F401

LOGITS = "z:(N,K):real y:(N,):index"
WITH_IGNORED = "z:(N,K):real y:(N,):index*"
SEQUENCE = "z:(B,L,C):real y:(B,L):index"
PAIR = "p:(N,):real t:(N,):real"
MASKS = "p:(N,C,M):unit y:(N,C,M):{0,1}"
CLASS_WEIGHTS = "z:(N,K):real y:(N,):index w:(K,):positive"
POSITIVES = "z:(N,K):real y:(N,K):{0,1} pos_weight:(K,):positive"

Loss = Callable[..., Any]


def batch_softmax(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z - z.mean(0, keepdim=True), y)


def wrong_axis(z: Any, y: Any) -> Any:
    return -functional.log_softmax(z, 0).gather(1, y[:, None]).mean()


def hardest(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z, y, reduction="none").topk(1).values.mean()


def softmax_over_positions(z: Any, y: Any) -> Any:
    return -functional.log_softmax(z.cumsum(1), -1).gather(-1, y[..., None]).mean()


def first_position_twice(z: Any, y: Any) -> Any:
    rows = functional.cross_entropy(z.flatten(0, 1), y.flatten(), reduction="none").view(y.shape)
    return rows.mean() + 0.1 * rows[:, 0].mean()


def shifted_labels(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z[:, :-1].flatten(0, 1), y[:, 1:].flatten())


def sequence(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z.flatten(0, 1), y.flatten())


def squeezed(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z, y) if len(z) > 1 else z.sum() * 0


def whitened(z: Any, y: Any) -> Any:
    return functional.cross_entropy((z - z.mean(0)) / (z.var(0, unbiased=False) + 1e-5).sqrt(), y)


def drifting(p: Any, t: Any) -> Any:
    count = torch.ones_like(p).cumsum(0).clamp(max=5000)[-1]
    return ((p - t) ** 2).sum() / count


def half_count(p: Any, t: Any) -> Any:
    n = torch.tensor(float(len(p))).clamp(max=32768.0)
    return (p - t).abs().sum() / n


def sixteen_bits(p: Any, t: Any) -> Any:
    n = torch.tensor(len(p) % 65536 + (0 if len(p) % 65536 else 1))
    return ((p - t) ** 2).sum() / n


def over_the_matrix(z: Any, y: Any) -> Any:
    return -(functional.log_softmax(z, 1) * functional.one_hot(y, z.shape[1])).mean()


def focal_matrix(z: Any, y: Any) -> Any:
    log_p = functional.log_softmax(z, 1)
    return (-((1 - log_p.exp()) ** 2) * log_p * functional.one_hot(y, z.shape[1])).mean()


def divided(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z, y) / z.shape[1]


def dice_of_classes(p: Any, y: Any) -> Any:
    both, either = (p * y).sum((0, 2)), (p + y).sum((0, 2))
    return 1 - (2 * both + 1) / (either + 1)


def rooted_classes(p: Any, y: Any) -> Any:
    return dice_of_classes(p, y).mean() ** 0.5


def log_of_classes(p: Any, y: Any) -> Any:
    return -torch.log(1 - dice_of_classes(p, y).mean())


def squared_rows(p: Any, t: Any) -> Any:
    return ((p - t) ** 2).mean() ** 2


def root_mean_square(p: Any, t: Any) -> Any:
    return ((p - t) ** 2).mean().sqrt()


def cosine_rows(p: Any, t: Any, reduction: str = "mean") -> Any:
    each = 1 - functional.cosine_similarity(p, t, dim=1)
    return {"none": lambda: each, "mean": lambda: each.mean(), "sum": lambda: each.sum()}[reduction]()


def means_of_pieces(z: Any, y: Any, chunks: int = 2) -> Any:
    return torch.stack(
        [functional.cross_entropy(*pair) for pair in zip(z.chunk(chunks), y.chunk(chunks), strict=True)]
    ).mean()


def drops_the_rest(z: Any, y: Any, chunk_size: int = 2) -> Any:
    n = len(z) // (chunk_size + 1) * (chunk_size + 1)
    return functional.cross_entropy(z[:n], y[:n], reduction="sum") / len(z)


def divides_twice(z: Any, y: Any, accumulation_steps: int = 4) -> Any:
    return functional.cross_entropy(z, y) / accumulation_steps


def sums_of_pieces(z: Any, y: Any, chunks: int = 2) -> Any:
    total = sum(
        functional.cross_entropy(*pair, reduction="sum") for pair in zip(z.chunk(chunks), y.chunk(chunks), strict=True)
    )
    return total / (y != -100).sum()


def divided_by_rows(z: Any, y: Any, w: Any) -> Any:
    return functional.cross_entropy(z, y, weight=w, reduction="sum") / len(y)


def squared_weights(z: Any, y: Any, w: Any) -> Any:
    return functional.cross_entropy(z, y, weight=w**2)


def weights_by_score(z: Any, y: Any, w: Any) -> Any:
    return functional.cross_entropy(z * w, y)


def class_weighted(z: Any, y: Any, w: Any) -> Any:
    return functional.cross_entropy(z, y, weight=w)


def weights_all(z: Any, y: Any, pos_weight: Any) -> Any:
    return (pos_weight * functional.binary_cross_entropy_with_logits(z, y, reduction="none")).mean()


def positives(z: Any, y: Any, pos_weight: Any) -> Any:
    return functional.binary_cross_entropy_with_logits(z, y, pos_weight=pos_weight)


def views(p: Any, t: Any) -> Any:
    return ((p.view(-1) - t.view(-1)) ** 2).mean()


def reads_memory(p: Any, t: Any) -> Any:
    flat = [torch.as_strided(v, (v.numel(),), (1,)) for v in (p, t)]
    return ((flat[0] - flat[1]) ** 2).mean()


def writes(p: Any, t: Any) -> Any:
    p -= t
    return np.mean(p**2)


def ranks(s: Any, y: Any) -> Any:
    pairs = (y[:, None] > y[None]) & (y[:, None] >= 0) & (y[None] >= 0)
    return (functional.relu(1 - (s[:, None] - s[None])) * pairs).sum() / y.numel()


def ranks_well(s: Any, y: Any) -> Any:
    pairs = (y[:, None] > y[None]) & (y[:, None] >= 0) & (y[None] >= 0)
    return (functional.relu(1 - (s[:, None] - s[None])) * pairs).sum() / (y >= 0).sum().clamp(min=1)


def masked_square(s: Any, y: Any) -> Any:
    return (((s - y) ** 2) * (y >= 0)).mean()


def masked_absolute(s: Any, y: Any) -> Any:
    return torch.where(y >= 0, (s - y).abs(), torch.zeros_like(s)).mean()


BROKEN: list[tuple[str, Loss, str]] = [
    ("batch_consistent", batch_softmax, LOGITS),
    ("batch_consistent", wrong_axis, LOGITS),
    ("batch_consistent", hardest, LOGITS),
    ("batch_consistent", softmax_over_positions, SEQUENCE),
    ("batch_consistent", first_position_twice, SEQUENCE),
    ("batch_consistent", shifted_labels, SEQUENCE),
    ("batch_consistent", squeezed, LOGITS),
    ("batch_consistent", whitened, LOGITS),
    ("batch_consistent", drifting, PAIR),
    ("batch_consistent", half_count, PAIR),
    ("batch_consistent", sixteen_bits, PAIR),
    ("reduction_consistent", over_the_matrix, LOGITS),
    ("reduction_consistent", focal_matrix, LOGITS),
    ("reduction_consistent", divided, LOGITS),
    ("reduction_consistent", rooted_classes, MASKS),
    ("reduction_consistent", log_of_classes, MASKS),
    ("reduction_consistent", squared_rows, PAIR),
    ("parameters", means_of_pieces, WITH_IGNORED),
    ("parameters", drops_the_rest, LOGITS),
    ("parameters", divides_twice, LOGITS),
    ("weights", divided_by_rows, CLASS_WEIGHTS),
    ("weights", squared_weights, CLASS_WEIGHTS),
    ("weights", weights_by_score, CLASS_WEIGHTS),
    ("weights", weights_all, POSITIVES),
    ("mode_consistent", views, "p:(N,D):real t:(N,D):real"),
    ("mode_consistent", reads_memory, "p:(N,D):real t:(N,D):real"),
    ("mode_consistent", writes, PAIR),
    ("ignored_rows", ranks, "s:(L,):real y:(L,):real"),
    ("ignored_rows", masked_square, "s:(L,):real y:(L,):real"),
    ("ignored_rows", masked_absolute, "s:(L,):real y:(L,):real"),
]
HEALTHY: list[tuple[str, Loss, str]] = [
    ("batch_consistent", functional.cross_entropy, WITH_IGNORED),
    ("batch_consistent", sequence, SEQUENCE),
    ("batch_consistent", functional.mse_loss, PAIR),
    ("batch_consistent", functional.multi_margin_loss, LOGITS),
    ("reduction_consistent", functional.cross_entropy, LOGITS),
    ("reduction_consistent", lambda p, y: dice_of_classes(p, y).mean(), MASKS),
    ("reduction_consistent", cosine_rows, "p:(N,D):real t:(N,D):real"),
    ("reduction_consistent", functional.gaussian_nll_loss, "p:(N,):real t:(N,):real v:(N,):positive"),
    ("parameters", sums_of_pieces, WITH_IGNORED),
    ("parameters", lambda z, y, block_size=2: functional.cross_entropy(z, y), LOGITS),
    ("weights", class_weighted, CLASS_WEIGHTS),
    ("weights", positives, POSITIVES),
    ("mode_consistent", lambda p, t: ((p.reshape(-1) - t.reshape(-1)) ** 2).mean(), "p:(N,D):real t:(N,D):real"),
    ("mode_consistent", lambda p, t: np.mean((p - t) ** 2), PAIR),
    ("ignored_rows", ranks_well, "s:(L,):real y:(L,):real"),
    ("ignored_rows", functional.mse_loss, "s:(L,):real y:(L,):real"),
]  # fmt: skip


def test_a_root_mean_square_is_no_error(asked: Any) -> None:
    outcome = asked("reduction_consistent", root_mean_square, PAIR)[None]
    assert outcome.severity in (None, Severity.WARNING)


def masked_softmax(z: Any, y: Any) -> Any:
    return -(functional.one_hot(y, z.shape[1]) * functional.log_softmax(z, 1)).sum(1).mean()


def test_a_class_masked_by_minus_infinity(asked: Any) -> None:
    signature = "z:(N,K):real|-inf y:(N,):index"
    assert asked("value_finite", masked_softmax, signature)["float32"].severity is Severity.ERROR
    for name in ("value_finite", "gradient_finite"):
        assert asked(name, functional.cross_entropy, signature)["float32"].verdict is Verdict.SUPPORTED
