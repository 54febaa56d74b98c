"""Arguments and keywords that do nothing, or not what their names say; and look-alikes that are healthy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from losscheck.verdict import Severity, Verdict

LOGITS = "z:(N,K):real y:(N,):index"
PAIR = "y:(N,):real p:(N,):real"
TRIPLET = "a:(N,D):real p:(N,D):real n:(N,D):real"
GAUSSIAN = "mu:(N,):real y:(N,):real var:(N,):positive"
LOG_SCALE = "mu:(N,):real log_sigma:(N,):real y:(N,):real"
EMBEDDINGS = "a:(B,D):real b:(B,D):real"


def distance(x: Any, y: Any) -> Any:
    return torch.linalg.vector_norm(x - y, dim=-1)


def margin_for_all(z: Any, y: Any, m: float = 0.5) -> Any:
    return functional.cross_entropy(z - m, y)


def margin_for_one(z: Any, y: Any, m: float = 0.5) -> Any:
    return functional.cross_entropy(z - m * functional.one_hot(y, z.shape[1]), y)


def mined_from_infinity(a: Any, b: Any) -> Any:
    sim = a @ b.T
    far = (1 - sim.masked_fill(torch.eye(len(a), dtype=torch.bool), -torch.inf)).amax(1)
    return torch.relu(1 - sim.diagonal() - far + 0.5).mean()


def mined(a: Any, b: Any) -> Any:
    sim = a @ b.T
    near = (1 - sim.masked_fill(torch.eye(len(a), dtype=torch.bool), -1e9)).amin(1)
    return torch.relu(1 - sim.diagonal() - near + 0.5).mean()


def same_twice(a: Any, p: Any, n: Any) -> Any:
    return torch.relu(distance(a, p) - distance(a, p) + 1).mean() + distance(a, p).mean()


def pinball(y: Any, p: Any, q: float = 0.9) -> Any:
    return np.maximum(q * (y - p), (q - 1) * (y - p)).mean()


def pinball_turned(y: Any, p: Any, q: float = 0.9) -> Any:
    return np.maximum(q * (p - y), (q - 1) * (p - y)).mean()


def expectile(y: Any, p: Any, tau: float = 0.8) -> Any:
    return (np.where(y > p, tau, 1 - tau) * (y - p) ** 2).mean()


def expectile_turned(y: Any, p: Any, tau: float = 0.8) -> Any:
    return (np.where(y > p, 1 - tau, tau) * (y - p) ** 2).mean()


def smooth_quantile(y: Any, p: Any, quantile: float = 0.5) -> Any:
    return (quantile * (y - p) + 0.1 * np.logaddexp(0, -(y - p) / 0.1)).mean()


def smooth_quantile_turned(y: Any, p: Any, quantile: float = 0.5) -> Any:
    return (quantile * (p - y) + 0.1 * np.logaddexp(0, (y - p) / 0.1)).mean()


def laplace(mu: Any, log_sigma: Any, y: Any) -> Any:
    return (np.abs(y - mu) * np.exp(-log_sigma) + log_sigma).mean()


def laplace_without(mu: Any, log_sigma: Any, y: Any) -> Any:
    return (np.abs(y - mu) * np.exp(-log_sigma) + 0.5 * log_sigma).mean()


def student(mu: Any, y: Any, var: Any) -> Any:
    return (2.0 * np.log1p((y - mu) ** 2 / (3 * var)) + 0.5 * np.log(var)).mean()


def student_with_sigma(mu: Any, y: Any, var: Any) -> Any:
    return (2.0 * np.log1p((y - mu) ** 2 / (3 * var)) + np.log(var)).mean()


def gaussian(mu: Any, y: Any, var: Any) -> Any:
    return 0.5 * ((y - mu) ** 2 / var + np.log(var)).mean()


def gaussian_half(mu: Any, y: Any, var: Any) -> Any:
    return (0.5 * (y - mu) ** 2 / var + np.log(var)).mean()


def contrast(pos: Any, neg: Any, temperature: float = 0.5) -> Any:
    z = torch.cat([pos[:, None], neg], 1) / temperature
    return (torch.logsumexp(z, 1) - z[:, 0]).mean()


def contrast_half(pos: Any, neg: Any, temperature: float = 0.5) -> Any:
    z = torch.cat([pos[:, None] / temperature, neg], 1)
    return (torch.logsumexp(z, 1) - z[:, 0]).mean()


def distilled(s: Any, t: Any, temperature: float = 2.0) -> Any:
    q = torch.softmax(t / temperature, 1)
    return functional.kl_div(torch.log_softmax(s / temperature, 1), q, reduction="batchmean") * temperature**2


def distilled_hot(s: Any, t: Any, temperature: float = 2.0) -> Any:
    q = torch.softmax(t * temperature, 1)
    return functional.kl_div(torch.log_softmax(s / temperature, 1), q, reduction="batchmean") * temperature**2


def clip_like(a: Any, b: Any, temperature: float = 0.5) -> Any:
    return functional.cross_entropy(
        functional.normalize(a) @ functional.normalize(b).T / temperature, torch.arange(len(a))
    )


def paired(a: Any, b: Any, temperature: float = 2.0) -> Any:
    return functional.cross_entropy(a @ b.T / temperature, torch.arange(len(a)))


def paired_hot(a: Any, b: Any, temperature: float = 2.0) -> Any:
    q = torch.softmax(a @ a.T * temperature, 1)
    return -(q * torch.log_softmax(a @ b.T / temperature, 1)).sum(1).mean()


def triplet(a: Any, p: Any, n: Any, margin: float = 1.0) -> Any:
    return torch.relu(distance(a, p) - distance(a, n) + margin).mean()


def triplet_turned(a: Any, p: Any, n: Any, margin: float = 0.5) -> Any:
    return torch.relu(distance(a, p) - distance(a, n) - margin).mean()


def multi_margin(z: Any, y: Any, margin: float = 1.0) -> Any:
    return functional.multi_margin_loss(z, y, margin=margin)


def multi_margin_turned(z: Any, y: Any, margin: float = 1.0) -> Any:
    return torch.relu(z - z.gather(1, y[:, None]) - margin).sum(1).mean()


def cosface(z: Any, y: Any, margin: float = 0.3) -> Any:
    return functional.cross_entropy(z - margin * functional.one_hot(y, z.shape[1]), y)


def cosface_turned(z: Any, y: Any, margin: float = 0.3) -> Any:
    return functional.cross_entropy(z + margin * functional.one_hot(y, z.shape[1]), y)


@pytest.mark.parametrize(
    ("function", "signature", "word"),
    [
        (margin_for_all, LOGITS, "m = 0.25 gives what"),
        (mined_from_infinity, EMBEDDINGS, "a changes the value at none"),
        (same_twice, TRIPLET, "n changes the value at none"),
        (pinball_turned, PAIR, "falls as the level rises"),
        (expectile_turned, PAIR, "falls as the level rises"),
        (smooth_quantile_turned, PAIR, "falls as the level rises"),
        (gaussian_half, GAUSSIAN, "integrates over y"),
        (student_with_sigma, GAUSSIAN, "integrates over y"),
        (laplace_without, LOG_SCALE, "integrates over y"),
        (contrast_half, "pos:(N,):real neg:(N,M):real", "does not divide the scores"),
        (distilled_hot, "s:(N,K):real t:(N,K):real", "does not divide the scores"),
        (paired_hot, EMBEDDINGS, "does not divide the scores"),
        (triplet_turned, TRIPLET, "a margin of"),
        (multi_margin_turned, LOGITS, "a margin of"),
        (cosface_turned, LOGITS, "a margin of"),
    ],
)
def test_what_does_nothing_or_something_else(asked: Any, function: Any, signature: str, word: str) -> None:
    outcome = asked("parameters", function, signature)[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.WARNING)
    assert word in outcome.message


@pytest.mark.parametrize(
    ("function", "signature"),
    [
        (margin_for_one, LOGITS),
        (mined, EMBEDDINGS),
        (lambda y, p: np.where(p > 1e3, y, (y - p) ** 2).mean(), PAIR),  # acts in a rare branch as well
        (pinball, PAIR),
        (expectile, PAIR),
        (smooth_quantile, PAIR),
        (gaussian, GAUSSIAN),
        (student, GAUSSIAN),
        (laplace, LOG_SCALE),
        (contrast, "pos:(N,):real neg:(N,M):real"),
        (distilled, "s:(N,K):real t:(N,K):real"),
        (clip_like, EMBEDDINGS),
        (paired, EMBEDDINGS),
        (triplet, TRIPLET),
        (multi_margin, LOGITS),
        (cosface, LOGITS),
    ],
)  # fmt: skip
def test_what_does_what_it_says(asked: Any, function: Any, signature: str) -> None:
    outcome = asked("parameters", function, signature)[None]
    assert outcome.verdict is Verdict.SUPPORTED, outcome.message


def test_margins_of_strangers_may_lower_the_loss(asked: Any) -> None:
    def embedding(a: Any, b: Any, y: Any, margin: float = 0.2) -> Any:
        return functional.cosine_embedding_loss(a, b, y, margin=margin)

    outcome = asked("parameters", embedding, "a:(N,D):real b:(N,D):real y:(N,):{-1,1}")[None]
    assert outcome.verdict is Verdict.SUPPORTED
