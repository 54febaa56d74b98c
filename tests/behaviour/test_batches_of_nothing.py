"""empty_batch and ignored_rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from losscheck.verdict import Severity, Verdict

IGNORED = "z:(N,K):real y:(N,):index*=-1"
MASKED = "p:(B,L):real t:(B,L):real m:(B,L):mask"


def ignoring(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z, y, ignore_index=-1)


def guarded(z: Any, y: Any) -> Any:
    rows = functional.cross_entropy(z, y, ignore_index=-1, reduction="sum")
    return rows / (y != -1).sum().clamp(min=1)


def counts_all_rows(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z, y, ignore_index=-1, reduction="sum") / max(1, len(y))


def deaf_to_the_mark(z: Any, y: Any) -> Any:
    """-1 indexes the last class, as anywhere in torch."""
    return -functional.log_softmax(z, 1)[torch.arange(len(y)), y].mean()


def masked_mean(p: Any, t: Any, m: Any) -> Any:
    return ((p - t) ** 2 * m).sum() / m.sum()


def test_nothing_to_learn_from(asked: Any) -> None:
    empty = asked("empty_batch", ignoring, IGNORED)[None]
    assert (empty.verdict, empty.severity) == (Verdict.REFUTED, Severity.WARNING)
    assert "ignored labels" in empty.message
    assert asked("empty_batch", guarded, IGNORED)[None].verdict is Verdict.SUPPORTED
    assert "mask of zeros" in asked("empty_batch", masked_mean, MASKED)[None].message


def test_the_mean_of_no_row_is_a_note(asked: Any) -> None:
    outcome = asked("empty_batch", functional.mse_loss, "p:(N,):real t:(N,):real")[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.NOTE)


def test_ignored_rows(asked: Any) -> None:
    for right in (ignoring, guarded):
        assert asked("ignored_rows", right, IGNORED)[None].verdict is Verdict.SUPPORTED
    leaking = asked("ignored_rows", deaf_to_the_mark, IGNORED)[None]
    assert (leaking.verdict, leaking.severity) == (Verdict.REFUTED, Severity.ERROR)
    scaled = asked("ignored_rows", counts_all_rows, IGNORED)[None]
    assert (scaled.verdict, scaled.severity) == (Verdict.REFUTED, Severity.WARNING)
    plain = asked("ignored_rows", functional.cross_entropy, "z:(N,K):real y:(N,):index")[None]
    assert plain.verdict is Verdict.NOT_APPLICABLE


def test_a_loss_that_raises_on_the_mark_is_refuted(asked: Any) -> None:
    def indexes(z: Any, y: Any) -> Any:
        return -functional.log_softmax(z, 1)[torch.arange(len(y)), y].mean()

    outcome = asked("ignored_rows", indexes, "z:(N,K):real y:(N,):index*=255")[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.ERROR)
    assert "IndexError" in outcome.message


def test_classes_that_do_not_exist(asked: Any) -> None:
    def one_hot(z: Any, y: Any) -> Any:
        hot = y[:, None] == np.arange(z.shape[1])
        return -np.sum(np.where(hot, z, 0.0), axis=1) + np.logaddexp.reduce(z, axis=1)

    outcome = asked("invalid_target_rejected", one_hot, "z:(N,K):real y:(N,):index")[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.WARNING)
    right = asked("invalid_target_rejected", functional.cross_entropy, "z:(N,K):real y:(N,):index")[None]
    assert right.verdict is Verdict.SUPPORTED
