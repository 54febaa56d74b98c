"""Healthy losses that a field audit once raised a false alarm on, beside the faults they look like."""

from __future__ import annotations

import pytest
import torch

from losscheck.behaviour.interaction import single_row_is_dead
from losscheck.behaviour.trial import Trial
from losscheck.property import properties
from losscheck.signature import parse
from losscheck.verdict import Verdict
from tests.behaviour.conftest import Asked

EMBEDDED = "e:(B,D):real y:(B,):index"


def pairs(e: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Pull pairs of one class together, push others to a distance of 1; one row alone has no pair."""
    d = (e[:, None] - e[None]).square().sum(-1)
    same = y[:, None] == y[None]
    return torch.where(same, d, torch.relu(1.0 - d)).sum() / e.shape[0]


def triples(e: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Compare all triples, of which 2,000 rows have 8 billion."""
    d = (e[:, None] - e[None]).square().sum(-1)
    same = (y[:, None] == y[None]).to(e.dtype)
    each = torch.relu(d[:, :, None] - d[:, None, :] + 0.5) * same[:, :, None] * (1.0 - same[:, None, :])
    return each.mean()


@pytest.mark.parametrize("law", ["right_side", "attains_floor"])
def test_a_label_names_no_feature_of_an_embedding(asked: Asked, law: str) -> None:
    assert asked(law, pairs, EMBEDDED)[None].verdict is Verdict.NOT_APPLICABLE


def test_one_embedding_alone_has_nothing_to_be_compared_with(asked: Asked) -> None:
    assert asked("batch_consistent", pairs, EMBEDDED)[None].verdict is Verdict.SUPPORTED
    assert single_row_is_dead(Trial(pairs, parse(EMBEDDED))) is None
    scores = single_row_is_dead(Trial(pairs, parse("z:(B,K):real y:(B,):index")))
    assert scores == "one row alone costs 0 whatever its scores"


def test_triples_of_many_rows_are_never_made(asked: Asked) -> None:
    outcome = asked("overflow_free", triples, EMBEDDED)["float32"]
    assert outcome.verdict is Verdict.NOT_APPLICABLE
    assert "all pairs of rows" in outcome.message


def iterated(z: torch.Tensor, y: torch.Tensor, n_iter: int = 60) -> torch.Tensor:
    """Find the root by bisection; more steps than the format has bits change nothing."""
    low, high = -z.abs() - 2.0, z.abs() + 2.0
    for _ in range(n_iter):
        middle = (low + high) / 2.0
        low, high = torch.where(middle < z, middle, low), torch.where(middle < z, high, middle)
    return ((low + high) / 2.0 - y).square()


def unread(z: torch.Tensor, y: torch.Tensor, delta: int = 60) -> torch.Tensor:
    return (z - y).square()


def test_more_steps_may_change_nothing(asked: Asked) -> None:
    called = "yhat:(N,):real y:(N,):real"
    assert asked("parameters", iterated, called)[None].verdict is Verdict.SUPPORTED
    assert asked("parameters", unread, called)[None].verdict is Verdict.REFUTED


def divergence(logp: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """Relative entropy of a target, which is 0 up to the rounding of its own inputs where they are equal."""
    return (torch.xlogy(q, q) - q * logp).sum(-1)


def rounded_sum(z: torch.Tensor) -> torch.Tensor:
    return torch.log(1.0 + torch.exp(-z))


def test_equal_distributions_do_not_diverge(asked: Asked) -> None:
    for dtype in ("float32", "float16"):
        outcome = asked("collapse_free", divergence, "logp:(N,K):logsimplex q:(N,K):simplex+")[dtype]
        assert outcome.verdict is Verdict.SUPPORTED, outcome
        assert asked("collapse_free", rounded_sum, "z:(N,):real")[dtype].verdict is Verdict.REFUTED


class Rounding(torch.nn.Module):
    """Weights that are cast in place to the format of the scores, so that half precision rounds them for good."""

    def __init__(self, in_place: bool) -> None:
        super().__init__()
        self.in_place = in_place
        self.weight = torch.nn.Parameter(torch.tensor([0.1, 0.7, 1.3], dtype=torch.float64))

    def forward(self, z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        weight = self.weight.to(z.dtype)
        if self.in_place:
            self.weight.data = weight.data
        return torch.nn.functional.cross_entropy(z * weight, y)


def test_a_call_in_half_precision_changes_no_weights(asked: Asked) -> None:
    called = "z:(N,K):real y:(N,):index"
    outcome = asked("deterministic", Rounding(in_place=True), called)[None]
    assert outcome.verdict is Verdict.REFUTED
    assert "a call in float32 changes the loss" in outcome.message
    assert asked("deterministic", Rounding(in_place=False), called)[None].verdict is Verdict.SUPPORTED
    # What follows from it is not said of the layout of the arrays, or of the reduction.
    trial = Trial(Rounding(in_place=True), parse(called))
    assert trial.supports("float16")
    for law in ("mode_consistent", "reduction_consistent"):
        (outcome,) = properties()[law].answer(trial)
        assert outcome.verdict is Verdict.SUPPORTED, outcome


class Smoothed(torch.nn.Module):
    """Cross-entropy that smooths its labels by a constant of its own; ``cap`` punishes certain scores beyond that."""

    def __init__(self, cap: float = 0.0) -> None:
        super().__init__()
        self.cap = cap

    def forward(self, z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        logs = torch.log_softmax(z, -1)
        lead = torch.relu(z.amax(-1) - z.mean(-1) - 4.0)
        return (-0.9 * logs.gather(-1, y[:, None])[:, 0] - 0.1 * logs.mean(-1) + self.cap * lead).mean()


def test_labels_smoothed_in_a_constructor(asked: Asked) -> None:
    called = "z:(N,K):real y:(N,):index"
    assert asked("right_side", Smoothed(), called)[None].verdict is Verdict.SUPPORTED
    outcome = asked("right_side", Smoothed(cap=0.5), called)[None]
    assert outcome.verdict is Verdict.REFUTED
    assert "raises the loss" in outcome.message


def head(e: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Classify embeddings of 4 features in 3 classes."""
    weight = torch.arange(12.0, dtype=e.dtype).reshape(4, 3).sin()
    return torch.nn.functional.cross_entropy(e @ weight, y)


@pytest.mark.parametrize("law", ["right_side", "attains_floor"])
def test_an_axis_of_another_length_names_no_classes(asked: Asked, law: str) -> None:
    assert asked(law, head, "e:(B,4):real y:(B,):index")[None].verdict is Verdict.NOT_APPLICABLE
    scores = asked(law, torch.nn.functional.cross_entropy, "z:(B,3):real y:(B,):index")[None]
    assert scores.verdict is Verdict.SUPPORTED


def offers(z: torch.Tensor, y: torch.Tensor, reduction: str = "sum", factor: float = 1.0) -> torch.Tensor:
    rows = (z - y).square()
    if reduction not in ("sum", "none"):
        raise ValueError(f"Expected reduction to be one of 'sum'/'none', but got {reduction!r}")
    return factor * rows.sum() if reduction == "sum" else rows


def breaks(z: torch.Tensor, y: torch.Tensor, reduction: str = "sum") -> torch.Tensor:
    rows = (z - y).square()
    return {"sum": rows.sum(), "mean": rows.mean()}[reduction]


def test_a_reduction_that_is_not_offered_is_none_that_breaks(asked: Asked) -> None:
    called = "yhat:(N,):real y:(N,):real"
    assert asked("reduction_consistent", offers, called)[None].verdict is Verdict.SUPPORTED
    twice = asked("reduction_consistent", offers, called, params={"factor": 2.0})[None]
    assert twice.verdict is Verdict.REFUTED
    assert "the sum of 'none'" in twice.message
    broken = asked("reduction_consistent", breaks, called)[None]
    assert broken.verdict is Verdict.REFUTED
    assert "reduction='none' raises KeyError" in broken.message


def by_class(z: torch.Tensor, y: torch.Tensor, reduction: str = "mean", sums: bool = True) -> torch.Tensor:
    """Reduce the classes and never the rows."""
    each = (z.softmax(-1) - y).square()
    if reduction == "sum":
        return each.sum(-1) if sums else each
    return each.mean(-1) if reduction == "mean" else each


def test_classes_may_be_reduced_and_rows_kept(asked: Asked) -> None:
    called = "z:(N,K):real y:(N,K):{0,1}"
    kept = asked("reduction_consistent", by_class, called)[None]
    assert "reduction='sum'" not in kept.message, kept
    unsummed = asked("reduction_consistent", by_class, called, params={"sums": False})[None]
    assert unsummed.verdict is Verdict.REFUTED
    assert "reduction='sum'" in unsummed.message
