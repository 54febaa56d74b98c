"""What the worker says when something of ours goes wrong beside the answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from losscheck import answering
from losscheck.libraries import libraries_named


def hinge(v: Any) -> Any:
    return np.maximum(0.0, 1.0 - v)


def test_curves_that_fail_leave_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(lifted: Any) -> dict[str, Any]:
        raise ArithmeticError("no curve")

    monkeypatch.setattr(answering, "curves", broken)
    said: list[dict[str, Any]] = []
    job = {
        "object": (hinge, {}),
        "signature": "v:(N,):real",
        "kind": "margin",
        "digest": None,
        "dtypes": ["float64"],
        "effort": "quick",
        "seed": 0,
        "device": "cpu",
        "plots": True,
        "questions": [{"index": 0, "property": "convex", "n_classes": None, "params": {}}],
    }
    answering.answer(job, said.append)
    assert said[-1] == {"plots": {}, "unplotted": "ArithmeticError: no curve"}
    assert any("outcome" in message for message in said)


def test_libraries_are_read_off_helpers() -> None:
    torch = pytest.importorskip("torch")

    def helper(z: Any) -> Any:
        return torch.relu(z)

    def loss(z: Any) -> Any:
        return helper(1 - z)

    assert libraries_named(loss) == {"torch"}
    assert libraries_named(hinge) == {"numpy"}
    assert libraries_named(lambda v: v * v) == frozenset()
