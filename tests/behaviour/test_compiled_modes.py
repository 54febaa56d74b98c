"""mode_consistent with torch.compile, tried at the effort "thorough": a loss that is another one when compiled."""

from __future__ import annotations

import functools
import os
from typing import Any

import pytest
import torch
from torch.nn import functional

from losscheck.verdict import Severity, Verdict

PAIR = "p:(N,):real t:(N,):real"
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"


def summed_when_compiled(p: Any, t: Any) -> Any:
    cost = (p - t) ** 2
    return cost.sum() if torch.compiler.is_compiling() else cost.mean()


def the_same_when_compiled(p: Any, t: Any) -> Any:
    return functional.mse_loss(p, t) if torch.compiler.is_compiling() else ((p - t) ** 2).mean()


@pytest.fixture
def captured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Capture the graph and run it as it is; the long profile compiles it, which takes a minute."""
    if not LONG:
        monkeypatch.setattr(torch, "compile", functools.partial(torch.compile, backend="eager"))


@pytest.mark.usefixtures("captured")
def test_a_loss_that_is_another_one_when_compiled(asked: Any) -> None:
    more = {"effort": "thorough", "dtypes": ("float64",)}
    (outcome,) = asked("mode_consistent", summed_when_compiled, PAIR, **more).values()
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.WARNING)
    assert outcome.message.startswith("torch.compile gives")


@pytest.mark.usefixtures("captured")
@pytest.mark.parametrize("loss", [the_same_when_compiled, functional.huber_loss])
def test_a_loss_that_stays_the_same(asked: Any, loss: Any) -> None:
    (outcome,) = asked("mode_consistent", loss, PAIR, effort="thorough", dtypes=("float64",)).values()
    assert outcome.verdict is Verdict.SUPPORTED
    assert "torch.compile" in outcome.message


def test_compiling_is_left_to_thorough_efforts(asked: Any) -> None:
    (outcome,) = asked("mode_consistent", summed_when_compiled, PAIR, dtypes=("float64",)).values()
    assert outcome.verdict is Verdict.SUPPORTED
