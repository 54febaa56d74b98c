"""Where losses break that ordinary inputs do not show: counts of 0, labels without a partner, clipped scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from losscheck.verdict import Severity, Verdict

LOGITS = "z:(N,K):real y:(N,):index"
BINARY = "z:(N,):real y:(N,):{0,1}"
COUNTS = "p:(N,):positive y:(N,):count"
GROUPS = "f:(B,D):real y:(B,):index"
TEACHER = "z:(N,K):real t:(N,K):real"
SOFT = "z:(N,K):real q:(N,K):simplex"


def deviance(p: Any, y: Any) -> Any:
    return (y * np.log(np.where(y > 0, y, 1.0) / p) - y + p).mean()


def pulled_together(f: Any, y: Any, least: int = 1) -> Any:
    together = (y[:, None] == y) & ~torch.eye(len(y), dtype=torch.bool)
    away = ((f[:, None] - f) ** 2).sum(-1)
    return ((away * together).sum(1) / together.sum(1).clamp(min=least)).mean()


@pytest.mark.parametrize(
    ("function", "signature"),
    [
        (lambda p, y: (y * np.log(y / p) - y + p).mean(), COUNTS),
        (lambda p, y: ((y - p) ** 2 / y).mean() * 0 + (y * np.log(y) - y * np.log(p) + p).mean(), COUNTS),
        (lambda p, y: (p - y * np.log(p) + 0 * np.log(y)).mean(), COUNTS),
        (lambda f, y: pulled_together(f, y, 0), GROUPS),
    ],
)
def test_nothing_to_count_is_nan(asked: Any, function: Any, signature: str) -> None:
    assert asked("value_finite", function, signature)["float64"].verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("function", "signature"),
    [(deviance, COUNTS), (lambda p, y: (p - y * np.log(p)).mean(), COUNTS), (pulled_together, GROUPS)],
)
def test_nothing_to_count_is_nothing(asked: Any, function: Any, signature: str) -> None:
    assert asked("value_finite", function, signature)["float64"].verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("function", "signature"),
    [
        (lambda z, y: -torch.log(torch.softmax(z, 1).gather(1, y[:, None]) + 1e-9).mean(), LOGITS),
        (lambda z, y: functional.binary_cross_entropy(torch.sigmoid(z).clamp(1e-7, 1 - 1e-7), y), BINARY),
        (lambda c, r: -torch.log(torch.sigmoid(c - r) + 1e-10).mean(), "c:(N,):real r:(N,):real"),
    ],
)
def test_clipped_mistakes(asked: Any, function: Any, signature: str) -> None:
    outcome = asked("collapse_free", function, signature)["float64"]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.WARNING)
    assert "and so does moving it by" in outcome.message


@pytest.mark.parametrize(
    ("function", "signature"),
    [
        (functional.cross_entropy, LOGITS),
        (lambda z, y: torch.sigmoid((1 - 2 * y) * z).mean(), BINARY),  # bounded: it dies down
        (lambda z, y: 1 - torch.softmax(z, 1).gather(1, y[:, None]).mean(), LOGITS),
        (lambda p, t: torch.relu(1 - (p - t)).mean(), "p:(N,):real t:(N,):real"),  # flat where it is right
    ],
)
def test_mistakes_that_keep_their_price(asked: Any, function: Any, signature: str) -> None:
    assert "float64" not in asked("collapse_free", function, signature)


def smoothed(z: Any, y: Any, label_smoothing: float = 0.1) -> Any:
    return functional.binary_cross_entropy_with_logits(z, y * (1 - label_smoothing) + label_smoothing / 2)


def smoothed_up(z: Any, y: Any, label_smoothing: float = 0.1) -> Any:
    return functional.binary_cross_entropy_with_logits(z, y * (1 - label_smoothing) + label_smoothing)


def smoothed_down(z: Any, y: Any, label_smoothing: float = 0.1) -> Any:
    return functional.binary_cross_entropy_with_logits(z, y * (1 - label_smoothing))


@pytest.mark.parametrize(
    ("function", "verdict"),
    [(smoothed, Verdict.SUPPORTED), (smoothed_up, Verdict.REFUTED), (smoothed_down, Verdict.REFUTED)],
)
def test_smoothing_of_two_sides(asked: Any, function: Any, verdict: Verdict) -> None:
    assert asked("label_smoothing", function, BINARY)[None].verdict is verdict


def divided(z: Any, q: Any) -> Any:
    return functional.kl_div(torch.log_softmax(z, 1), q, reduction="mean")


@pytest.mark.parametrize(
    ("function", "signature", "verdict"),
    [
        (divided, SOFT, Verdict.REFUTED),
        (lambda z, t: divided(z, torch.softmax(t, 1)), TEACHER, Verdict.REFUTED),
        (lambda z, t: functional.kl_div(torch.log_softmax(z, 1), torch.softmax(t, 1)) * 5, TEACHER, Verdict.REFUTED),
        (lambda z, q: functional.cross_entropy(z, q), SOFT, Verdict.SUPPORTED),
        (lambda z, t: functional.cross_entropy(z, torch.softmax(t, 1)), TEACHER, Verdict.SUPPORTED),
        (lambda z, t: functional.mse_loss(z, t), TEACHER, Verdict.SUPPORTED),
    ],
)
@pytest.mark.filterwarnings("ignore:reduction")
def test_one_class_more(asked: Any, function: Any, signature: str, verdict: Verdict) -> None:
    outcome = asked("reduction_consistent", function, signature)[None]
    assert outcome.verdict is verdict, outcome.message


def test_rows_sorted_before_the_call(asked: Any) -> None:
    def presorted(r: Any, e: Any) -> Any:
        return -((r - torch.flip(torch.logcumsumexp(torch.flip(r, [0]), 0), [0])) * e).mean()

    outcome = asked("batch_consistent", presorted, "r:(B,):real e:(B,):{0,1}")[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.WARNING)


MAPS = "z:(B,C,L):real t:(B,L):index"
TOKENS = "z:(B,L,C):real t:(B,L):index"


def along(axis: int, classes: int) -> Any:
    def loss(z: Any, t: Any) -> Any:
        picked = functional.one_hot(t, z.shape[classes]).movedim(-1, classes)
        return -(picked * torch.log_softmax(z, axis)).sum(classes).mean()

    return loss


@pytest.mark.parametrize(
    ("function", "signature", "said"),
    [(along(2, 1), MAPS, "along L"), (along(1, 2), TOKENS, "along L"), (along(0, 1), MAPS, "along B")],
)
def test_normalised_along_another_axis(asked: Any, function: Any, signature: str, said: str) -> None:
    outcome = asked("batch_consistent", function, signature)[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.WARNING)
    assert said in outcome.message


@pytest.mark.parametrize(
    ("function", "signature"),
    [
        (functional.cross_entropy, MAPS),
        (along(2, 2), TOKENS),
        (lambda z, y: functional.binary_cross_entropy_with_logits(z, y), "z:(N,K):real y:(N,K):{0,1}"),
    ],
)
def test_normalised_along_the_classes(asked: Any, function: Any, signature: str) -> None:
    assert asked("batch_consistent", function, signature)[None].verdict is Verdict.SUPPORTED


def confident_only(w: Any, s: Any) -> Any:
    p, k = torch.softmax(w.detach(), 1).max(1)
    m = (p > 0.95).to(s.dtype)
    return (functional.cross_entropy(s, k, reduction="none") * m).sum() / m.sum().clamp(min=1)


def costly_only(z: Any, y: Any) -> Any:
    cost = functional.cross_entropy(z, y, reduction="none")
    return cost.sum() / (cost > 1e-6).sum().clamp(min=1)


@pytest.mark.parametrize(
    ("function", "signature"), [(confident_only, "w:(N,C):real s:(N,C):real"), (costly_only, LOGITS)]
)
def test_a_mean_of_some_rows_is_no_error(asked: Any, function: Any, signature: str) -> None:
    assert asked("batch_consistent", function, signature)[None].severity is not Severity.ERROR


@pytest.mark.parametrize(
    ("function", "severity"),
    [
        (lambda p: torch.special.entr(p).sum(1).mean(), Severity.WARNING),
        (lambda p: torch.sqrt(p).sum(1).mean(), Severity.WARNING),
        (lambda p: torch.sqrt((p**2).sum(1) - (p**2).sum(1).detach() + 0.0).sum() + p.sum(), Severity.ERROR),
    ],
)
def test_slopes_that_are_infinite_and_slopes_that_are_not(asked: Any, function: Any, severity: Severity) -> None:
    assert asked("gradient_finite", function, "p:(N,K):simplex")["float64"].severity is severity
