from __future__ import annotations

import math
from typing import Any

import numpy as np
from torch.nn import functional

from losscheck.behaviour.witness import read_inputs
from losscheck.verdict import Severity, Verdict


def test_cross_entropy_of_torch_collapses_at_its_known_threshold(asked: Any) -> None:
    outcome = asked("collapse_free", functional.cross_entropy, "z:(N,K):real y:(N,):index", n_classes=2)["float32"]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.WARNING)
    gap = np.ptp(read_inputs(outcome.witness)["z"])
    assert 24 * math.log(2) <= gap < 24 * math.log(2) + 1e-5  # 1 + 2^-24 rounds to 1


def test_log1p_does_not_collapse(asked: Any) -> None:
    def stable(v: Any) -> Any:
        return np.maximum(-v, 0) + np.log1p(np.exp(-np.abs(v)))

    def naive(v: Any) -> Any:
        return np.log(1 + np.exp(-v))

    assert asked("collapse_free", stable, "v:(N,):real")["float32"].verdict is Verdict.SUPPORTED
    assert asked("collapse_free", naive, "v:(N,):real")["float32"].verdict is Verdict.REFUTED


def test_a_true_zero_is_no_collapse(asked: Any) -> None:
    def hinge(v: Any) -> Any:
        return np.maximum(0, 1 - v)

    assert asked("collapse_free", hinge, "v:(N,):real")["float32"].verdict is Verdict.SUPPORTED
