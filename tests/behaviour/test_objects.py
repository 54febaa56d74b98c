"""Losses that are objects: what they were made with is asked about like a keyword of a function."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from losscheck.behaviour.keywords import keywords
from losscheck.behaviour.trial import Trial
from losscheck.comparison.cases import cases
from losscheck.libraries import libraries_named
from losscheck.signature import parse
from losscheck.verdict import Verdict

SCORES = "z:(N,):real y:(N,):{0,1}"
CLASSES = "z:(N,K):real y:(N,):index"


class Focal(nn.Module):
    def __init__(self, gamma: float = 2.0, reduction: str = "mean") -> None:
        super().__init__()
        self.gamma, self.reduction = gamma, reduction

    def rows(self, z: Any, y: Any) -> Any:
        costs = functional.softplus(torch.where(y > 0.5, -z, z))
        return (1 - torch.exp(-costs)) ** self.gamma * costs

    def forward(self, z: Any, y: Any) -> Any:
        rows = self.rows(z, y)
        return {"mean": rows.mean(), "sum": rows.sum(), "none": rows}[self.reduction]


class AlwaysMean(Focal):
    def forward(self, z: Any, y: Any) -> Any:
        return self.rows(z, y).mean()


class GammaForgotten(Focal):
    def rows(self, z: Any, y: Any) -> Any:
        costs = functional.softplus(torch.where(y > 0.5, -z, z))
        return (1 - torch.exp(-costs)) ** 2 * costs


class Smoothed(nn.Module):
    def __init__(self, classes: int, smoothing: float = 0.1) -> None:
        super().__init__()
        self.classes, self.smoothing = classes, smoothing
        self.certain = 1 - smoothing

    def forward(self, z: Any, y: Any, reduction: str = "mean") -> Any:
        lp = functional.log_softmax(z, 1)
        rows = -self.certain * lp.gather(1, y[:, None])[:, 0] - self.smoothing * lp.mean(1)
        return rows.sum() if reduction == "sum" else rows if reduction == "none" else rows.mean()


class Hinge:
    def __init__(self, margin: float = 1.0) -> None:
        self.margin = margin

    def __call__(self, z: Any, y: Any) -> Any:
        return np.mean(np.maximum(0, self.margin - z * (2 * y - 1)))


class Changed(Hinge):
    def __init__(self, margin: float = 1.0) -> None:
        super().__init__(2 * margin)


class Weighted(nn.Module):
    def __init__(self, scale: float = 2.0) -> None:
        super().__init__()
        self.scale = scale
        self.register_buffer("weight", torch.ones(3, dtype=torch.float64))

    def forward(self, z: Any, y: Any) -> Any:
        return functional.cross_entropy(self.scale * z, y, weight=self.weight)


def test_a_healthy_object(asked: Any) -> None:
    for law in ("reduction_consistent", "parameters"):
        for loss in (Focal(), Focal(0.5, "sum")):
            assert [o.verdict for o in asked(law, loss, SCORES).values()] == [Verdict.SUPPORTED]
        assert [o.verdict for o in asked(law, Smoothed(3), CLASSES).values()] == [Verdict.SUPPORTED]
    assert "margin" in asked("parameters", Hinge(), SCORES)[None].message
    assert [o.verdict for o in asked("label_smoothing", Smoothed(3), CLASSES).values()] == [Verdict.SUPPORTED]


@pytest.mark.parametrize(
    ("law", "loss", "said"),
    [
        ("reduction_consistent", AlwaysMean(), "reduction='none' of 4 rows has the shape ()"),
        ("parameters", GammaForgotten(), "gamma = 1 gives what gamma = 2 gives"),
    ],
)
def test_what_it_was_made_with_does_nothing(asked: Any, law: str, loss: nn.Module, said: str) -> None:
    outcome = asked(law, loss, SCORES)[None]
    assert outcome.verdict is Verdict.REFUTED
    assert said in outcome.message


def test_what_cannot_be_made_again_is_left_alone() -> None:
    for loss, signature in ((Changed(), SCORES), (Weighted(), CLASSES)):
        trial = Trial(loss, parse(signature))
        assert not trial.caller.made
        assert not trial.keywords
    assert keywords(nn.CrossEntropyLoss(label_smoothing=0.1), parse(CLASSES), {}) == {}


def test_two_objects_are_compared_under_their_own_keywords() -> None:
    trial = Trial(Focal(), parse(SCORES))
    assert trial.value(trial.sample(0), params={"gamma": 0.0}) != trial.value(trial.sample(0))
    assert not [case for case in cases(trial) if "gamma" in case.params or "reduction" in case.params]


def test_names_of_attributes_are_no_globals() -> None:
    """``jax.nn`` beside a global ``nn`` of torch: the function is one of JAX."""
    space: dict[str, Any] = {"nn": nn}
    exec("import jax\ndef entropy(z):\n    return jax.nn.log_softmax(z).mean()\n", space)
    assert libraries_named(space["entropy"]) == {"jax"}
