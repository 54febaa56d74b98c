"""What a row costs: without reduction, by weight, in small batches, in a list; and normalisers of likelihoods."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from losscheck.catalogue import cosine_margins
from losscheck.verdict import Severity, Verdict
from tests.behaviour.law_cases import test_the_law_is_broken, test_the_law_is_kept  # noqa: F401

MATRIX = "p:(N,D):real t:(N,D):real"
PAIR = "p:(N,):real t:(N,):real"
LIST = "s:(L,):real y:(L,):real"
LOGITS = "z:(N,K):real y:(N,):index"
WEIGHTED = "y:(N,):real p:(N,):real w:(N,):positive"
COLUMN = "p:(N,D):real t:(N,D):real w:(N,1):positive"
SHAPED = "mu:(N,):real y:(N,):real a:(N,):positive b:(N,):positive"

Loss = Callable[..., Any]


def reduced(rows: Any, reduction: str) -> Any:
    return {"none": lambda: rows, "mean": lambda: rows.mean(), "sum": lambda: rows.sum()}[reduction]()


def hides_features(p: Any, t: Any, reduction: str = "mean") -> Any:
    return reduced(((p - t) ** 2).sum(1), reduction)


def averages_features(p: Any, t: Any, reduction: str = "mean") -> Any:
    return reduced(np.abs(p - t).mean(1), reduction)


def likelihood_of_rows(mu: Any, y: Any, var: Any, reduction: str = "mean") -> Any:
    return reduced((torch.log(var) + (mu - y) ** 2 / var).sum(1), reduction)


def cosine_rows(p: Any, t: Any, reduction: str = "mean") -> Any:
    return reduced(1 - functional.cosine_similarity(p, t, dim=1), reduction)


def norms_of_rows(p: Any, t: Any, reduction: str = "mean") -> Any:
    return reduced(torch.linalg.vector_norm(p - t, dim=1), reduction)


def mean_that_sums(p: Any, t: Any, reduction: str = "mean") -> Any:
    return reduced(np.abs(p - t), "none" if reduction == "none" else "sum")


def sum_that_averages(p: Any, t: Any, reduction: str = "mean") -> Any:
    return reduced((p - t) ** 2, "none" if reduction == "none" else "mean")


def weighted_sum(y: Any, p: Any, w: Any, reduction: str = "mean") -> Any:
    return reduced(w * (y - p) ** 2, "none" if reduction == "none" else "sum")


def weighted_mean(y: Any, p: Any, w: Any, reduction: str = "mean") -> Any:
    rows = w * (y - p) ** 2
    return rows.sum() / w.sum() if reduction == "mean" else reduced(rows, reduction)


def squared_weights(y: Any, p: Any, w: Any) -> Any:
    return (w**2 * (y - p) ** 2).sum() / w.sum()


def weighs_nothing(y: Any, p: Any, w: Any) -> Any:
    return ((y - p) ** 2).sum() / w.sum()


def crossed_column(p: Any, t: Any, w: Any) -> Any:
    return (((p - t) ** 2).mean(1) * w).mean()


def by_weights(y: Any, p: Any, w: Any) -> Any:
    return (w * np.abs(y - p)).sum() / w.sum()


def by_rows(y: Any, p: Any, w: Any) -> Any:
    return (w * np.abs(y - p)).mean()


def column_of_weights(p: Any, t: Any, w: Any) -> Any:
    return ((p - t) ** 2 * w).mean()


def hardest_third(z: Any, y: Any) -> Any:
    rows = functional.cross_entropy(z, y, reduction="none")
    return rows.topk(len(rows) // 3).values.mean()


def drops_two(p: Any, t: Any) -> Any:
    return ((p - t) ** 2)[2:].mean()


def three_at_least(p: Any, t: Any) -> Any:
    return ((p - t) ** 2).sum() / torch.tensor(float(len(p) - 3)).clamp(min=0)


def hardest_third_at_least_one(z: Any, y: Any) -> Any:
    rows = functional.cross_entropy(z, y, reduction="none")
    return rows.topk(max(1, len(rows) // 3)).values.mean()


def pairs_of_positions(s: Any, y: Any) -> Any:
    first = torch.triu(y[:, None] > y[None], 1)
    return (functional.softplus(s[None] - s[:, None]) * first).sum() / first.sum().clamp(min=1)


def neighbours(s: Any, y: Any) -> Any:
    order = np.argsort(np.argsort(y))
    return np.mean(np.logaddexp(0, -np.sign(np.diff(order)) * np.diff(s)))


def top_of_the_list(s: Any, y: Any) -> Any:
    return torch.logsumexp(s, 0) - s[torch.argmax(y)] + 0.1 * torch.relu(s[0] * torch.sign(y[1] - y[0]))


def ranknet(s: Any, y: Any) -> Any:
    pairs = y[:, None] > y[None]
    return (functional.softplus(s[None] - s[:, None]) * pairs).sum() / pairs.sum().clamp(min=1)


def differences(s: Any, y: Any) -> Any:
    return np.mean((np.diff(s) - np.diff(y)) ** 2)  # a sequence: its order is meant


def list_net(s: Any, y: Any) -> Any:
    return -(functional.softmax(y, 0) * functional.log_softmax(s, 0)).sum()


def student(mu: Any, y: Any, df: Any, scale: Any, sign: float = 1.0) -> Any:
    z = (y - mu) / scale
    gammas = torch.lgamma(df / 2) - torch.lgamma((df + 1) / 2)
    return (
        sign * gammas + 0.5 * torch.log(math.pi * df) + torch.log(scale) + (df + 1) / 2 * torch.log1p(z**2 / df)
    ).mean()


def student_turned(mu: Any, y: Any, a: Any, b: Any) -> Any:
    return student(mu, y, a, b, sign=-1.0)


def laplace_without_log(mu: Any, y: Any, a: Any, b: Any) -> Any:
    return ((y - mu).abs() * a + 0.0 * b - torch.log(a) + torch.log(b)).mean() - torch.log(b).mean() / 2


def skewed_normaliser(mu: Any, y: Any, a: Any, b: Any) -> Any:
    d = (y - mu) * b
    return (torch.where(d > 0, a, 1.0 + 0 * a) * d.abs() - torch.log(b)).mean()


def skewed_laplace(mu: Any, y: Any, a: Any, b: Any) -> Any:
    d = (y - mu) * b
    return (torch.where(d > 0, a, 1.0 + 0 * a) * d.abs() - torch.log(b) + torch.log1p(1 / a)).mean()


def penalised(mu: Any, y: Any, a: Any, b: Any) -> Any:
    return (a * (y - mu) ** 2 + b * (y - mu).abs()).mean()


BROKEN: list[tuple[str, Loss, str]] = [
    ("unreduced", hides_features, MATRIX),
    ("unreduced", averages_features, MATRIX),
    ("unreduced", likelihood_of_rows, "mu:(N,D):real y:(N,D):real var:(N,D):positive"),
    ("reduction_consistent", mean_that_sums, PAIR),
    ("reduction_consistent", sum_that_averages, PAIR),
    ("reduction_consistent", weighted_sum, WEIGHTED),
    ("weights", squared_weights, WEIGHTED),
    ("weights", weighs_nothing, WEIGHTED),
    ("weights", crossed_column, COLUMN),
    ("batch_consistent", hardest_third, LOGITS),
    ("batch_consistent", drops_two, PAIR),
    ("batch_consistent", three_at_least, PAIR),
    ("batch_consistent", pairs_of_positions, LIST),
    ("batch_consistent", neighbours, LIST),
    ("batch_consistent", top_of_the_list, LIST),
    ("parameters", student_turned, SHAPED),
    ("parameters", laplace_without_log, SHAPED),
    ("parameters", skewed_normaliser, SHAPED),
]
HEALTHY: list[tuple[str, Loss, str]] = [
    ("unreduced", functional.mse_loss, MATRIX),
    ("unreduced", cosine_rows, MATRIX),
    ("unreduced", norms_of_rows, MATRIX),
    ("reduction_consistent", functional.l1_loss, PAIR),
    ("reduction_consistent", functional.cross_entropy, LOGITS),
    ("reduction_consistent", weighted_mean, WEIGHTED),
    ("weights", by_weights, WEIGHTED),
    ("weights", by_rows, WEIGHTED),
    ("weights", column_of_weights, COLUMN),
    ("batch_consistent", functional.cross_entropy, LOGITS),
    ("batch_consistent", functional.mse_loss, PAIR),
    ("batch_consistent", ranknet, LIST),
    ("batch_consistent", differences, LIST),
    ("batch_consistent", list_net, LIST),
    ("parameters", student, "mu:(N,):real y:(N,):real df:(N,):positive scale:(N,):positive"),
    ("parameters", skewed_laplace, SHAPED),
    ("parameters", penalised, SHAPED),  # no likelihood: nothing normalises it
]  # fmt: skip


def normalised_rows(z: Any) -> Any:
    positive = np.maximum(z, 0)
    return positive / positive.sum(1, keepdims=True)  # NaN for a row without a positive score, in a batch of any size


def test_rows_that_are_nan_are_not_held_against_the_size(asked: Any) -> None:
    found = asked("batch_consistent", normalised_rows, "z:(N,K):real").values()
    assert all(outcome.severity is not Severity.ERROR for outcome in found)


def test_the_hardest_third_at_least_one_is_no_error(asked: Any) -> None:
    found = asked("batch_consistent", hardest_third_at_least_one, LOGITS).values()
    assert all(outcome.severity is not Severity.ERROR for outcome in found)


def test_a_curvature_that_jumps_is_no_wrong_gradient(asked: Any) -> None:
    def sphereface(z: Any, y: Any) -> Any:
        return cosine_margins.sphereface(z, y, s=64.0).mean()

    outcome = asked("gradient_correct", sphereface, "z:(N,K):[-1,1] y:(N,):index")["float64"]
    assert outcome.verdict is Verdict.SUPPORTED
