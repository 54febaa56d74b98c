"""mode_consistent where all rows are one row in memory (stride 0)."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch.nn import functional

from losscheck.behaviour.trial import Trial
from losscheck.property import properties
from losscheck.signature import parse
from losscheck.verdict import Severity, Verdict
from tests.behaviour.law_cases import test_the_law_is_broken, test_the_law_is_kept  # noqa: F401

PAIR = "p:(N,):real t:(N,):real"
LOGITS = "z:(N,K):real y:(N,):index"


def counts_memory(p: Any, t: Any) -> Any:
    return ((p - t) ** 2).sum() / (len(p) if p.stride(0) else 1)


def reads_the_storage(p: Any, t: Any) -> Any:
    flat = torch.empty(0, dtype=p.dtype).set_(p.untyped_storage())
    return functional.mse_loss(p, t) + 0.1 * flat.sum() / p.numel()


def counts_bytes(p: Any, t: Any) -> Any:
    return ((p - t) ** 2).sum() / max(1, p.strides[0] * len(p) // p.itemsize)


def cross_entropy_by_rows(z: Any, y: Any) -> Any:
    return torch.stack([functional.cross_entropy(row, label) for row, label in zip(z, y, strict=True)]).mean()


def centred(p: Any, t: Any) -> Any:
    p = p.copy()
    p -= p.mean()
    return np.mean((p - t) ** 2)


BROKEN = [
    ("mode_consistent", counts_memory, PAIR),
    ("mode_consistent", reads_the_storage, PAIR),
    ("mode_consistent", counts_bytes, PAIR),
]
HEALTHY = [
    ("mode_consistent", cross_entropy_by_rows, LOGITS),
    ("mode_consistent", centred, PAIR),
    ("mode_consistent", functional.cosine_embedding_loss, "a:(N,D):real b:(N,D):real y:(N,):{-1,1}"),
]


def test_the_message_names_the_layout() -> None:
    (outcome,) = properties()["mode_consistent"].answer(Trial(counts_memory, parse(PAIR)))
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.ERROR)
    assert outcome.message.startswith("one row with stride 0 gives")
    (kept,) = properties()["mode_consistent"].answer(Trial(functional.mse_loss, parse(PAIR)))
    assert "one row with stride 0" in kept.message
