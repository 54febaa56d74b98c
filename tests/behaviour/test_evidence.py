"""Laws that speak from evidence, and keywords: target_is_best, right_side, label_smoothing, parameters, weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from losscheck.verdict import Severity, Verdict

PAIR = "p:(N,):real t:(N,):real"
LOGITS = "z:(N,K):real y:(N,):index"
UNIT = "p:(N,):unit y:(N,):{0,1}"
SIGNED = "z:(N,):real y:(N,):{-1,1}"
DISTRIBUTIONS = "p:(N,K):simplex+ q:(N,K):simplex+"
LOGARITHMS = "lp:(N,K):logsimplex q:(N,K):simplex+"
WEIGHTED = PAIR + " w:(N,):positive"


def smoothed_wrong(z: Any, y: Any, label_smoothing: float = 0.1) -> Any:
    """Counts one class too few."""
    q = torch.nn.functional.one_hot(y, z.shape[1]) * (1 - label_smoothing) + label_smoothing / (z.shape[1] - 1)
    return -(q * functional.log_softmax(z, 1)).sum(1).mean()


def dead_gamma(z: Any, y: Any, gamma: float = 2.0) -> Any:
    return functional.cross_entropy(z, y)


def sharpened(z: Any, y: Any, temperature: float = 2.0) -> Any:
    return functional.cross_entropy(z * temperature, y)


def focal(z: Any, y: Any, alpha: float = 0.25, gamma: float = 2.0) -> Any:
    signed = torch.where(y > 0.5, z, -z)
    weight = torch.where(y > 0.5, alpha, 1 - alpha)
    return (weight * torch.sigmoid(-signed) ** gamma * functional.softplus(-signed)).mean()


def focal_swapped(z: Any, y: Any, alpha: float = 0.25, gamma: float = 2.0) -> Any:
    return focal(z, 1 - y, 1 - alpha, gamma) * 0 + focal(z, y, 1 - alpha, gamma)


@pytest.mark.parametrize(
    ("name", "function", "signature", "word"),
    [
        ("target_is_best", lambda p, t: (p - t).mean(), PAIR, "residual of -"),
        ("target_is_best", lambda p, y: (p - 0.5) ** 2 + 0 * y, UNIT, "off the labels"),
        ("target_is_best", lambda p, y: (p - y) ** 2 + 0.2 * y, UNIT, "depending on the labels"),
        ("target_is_best", lambda p, q: (p * (q / p).log()).sum(1).mean(), DISTRIBUTIONS, "off the"),
        ("target_is_best", lambda p, q: -functional.kl_div(p.log(), q), DISTRIBUTIONS, "off the target"),
        ("target_is_best", lambda lp, q: (q * lp).sum(1).mean(), LOGARITHMS, "off the target"),
        ("right_side", lambda z, y: -functional.cross_entropy(z, y), LOGITS, "only"),
        ("right_side", lambda z, y: np.logaddexp(0, -z * y) + np.exp(-((z * y - 4) ** 2)), SIGNED, "raises"),
        ("label_smoothing", smoothed_wrong, LOGITS, "mixture"),
        ("parameters", dead_gamma, LOGITS, "gamma = 1 gives what"),
        ("parameters", sharpened, LOGITS, "does not divide the scores"),
        ("parameters", focal_swapped, "z:(N,):real y:(N,):{0,1}", "a larger alpha lowers"),
        ("weights", lambda p, t, w: ((p - t) ** 2 * (w + 0.1)).mean(), WEIGHTED, "a row of weight 0 moves"),
        ("weights", lambda p, t, w: ((p - t) ** 2 * w**2).sum(), WEIGHTED, "doubling every weight"),
    ],
)  # fmt: skip
def test_departures_are_warnings(asked: Any, name: str, function: Any, signature: str, word: str) -> None:
    outcome = asked(name, function, signature)[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.WARNING)
    assert word in outcome.message


@pytest.mark.parametrize(
    ("name", "function", "signature"),
    [
        ("target_is_best", functional.mse_loss, PAIR),
        ("target_is_best", functional.binary_cross_entropy, UNIT),
        ("target_is_best", lambda lp, q: functional.kl_div(lp, q), LOGARITHMS),
        ("target_is_best", lambda p, q: (p * (p / q).log()).sum(1).mean(), DISTRIBUTIONS),
        ("target_is_best", lambda p, q: np.sum((np.sqrt(p) - np.sqrt(q)) ** 2, axis=1), DISTRIBUTIONS),
        ("right_side", functional.cross_entropy, LOGITS),
        ("right_side", lambda z, y: (1 - z * y) ** 2, SIGNED),  # grows beyond 1 on purpose
        (
            "label_smoothing",
            lambda z, y, label_smoothing=0.1: functional.cross_entropy(z, y, label_smoothing=label_smoothing),
            LOGITS,
        ),
        ("parameters", focal, "z:(N,):real y:(N,):{0,1}"),
        ("parameters", lambda z, y, temperature=2.0: functional.cross_entropy(z / temperature, y), LOGITS),
        ("weights", lambda p, t, w: ((p - t) ** 2 * w).sum() / w.sum(), WEIGHTED),
    ],
)
def test_losses_that_keep_the_laws(asked: Any, name: str, function: Any, signature: str) -> None:
    assert asked(name, function, signature)[None].verdict is Verdict.SUPPORTED


def test_laws_without_evidence_are_silent(asked: Any) -> None:
    for name in ("target_is_best", "right_side", "label_smoothing", "weights", "ignored_rows"):
        outcome = asked(
            name, lambda a, b, c: np.sum((a - b) ** 2 - (a - c) ** 2, axis=1), "a:(B,D):real b:(B,D):real c:(B,D):real"
        )
        assert outcome[None].verdict is Verdict.NOT_APPLICABLE


def test_a_column_against_a_flat_target(asked: Any) -> None:
    outcome = asked("broadcast_safe", functional.mse_loss, "p:(N,1):real t:(N,):real")[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.ERROR)
    fixed = asked("broadcast_safe", lambda p, t: ((p[:, 0] - t) ** 2).mean(), "p:(N,1):real t:(N,):real")[None]
    assert fixed.verdict is Verdict.SUPPORTED
    slipped = asked("broadcast_safe", lambda p, t: np.mean((p - t) ** 2), PAIR)[None]
    assert (slipped.verdict, slipped.severity) == (Verdict.REFUTED, Severity.NOTE)


MASKED = "p:(B,L):real t:(B,L):real m:(B,L):mask"
PADDED = "z:(B,L,C):real y:(B,L):index n:(B,):length"


def cross_entropy_to_length(z: Any, y: Any, n: Any) -> Any:
    rows = functional.cross_entropy(z.transpose(1, 2), y, reduction="none")
    inside = (torch.arange(z.shape[1]) < n[:, None]).to(z.dtype)
    return (rows * inside).sum() / inside.sum()


def divided_by_all_positions(z: Any, y: Any, n: Any) -> Any:
    rows = functional.cross_entropy(z.transpose(1, 2), y, reduction="none")
    return (rows * (torch.arange(z.shape[1]) < n[:, None])).mean()


@pytest.mark.parametrize(
    ("function", "signature", "word"),
    [
        (lambda p, t, m: ((p - t) ** 2 * (m + 0.1)).mean(), MASKED, "where it is not"),
        (lambda p, t, m: ((p - t) ** 2 * m).sum() / (~m).sum(), MASKED, "switches off turn"),
        (divided_by_all_positions, PADDED, "three more positions beyond n"),
        (lambda z, y, n: functional.cross_entropy(z.transpose(1, 2), y), PADDED, "predictions beyond n"),
    ],
)
def test_padding_that_matters_is_an_error(asked: Any, function: Any, signature: str, word: str) -> None:
    outcome = asked("ignored_rows", function, signature)[None]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.ERROR)
    assert word in outcome.message


def test_padding_that_does_not_matter(asked: Any) -> None:
    assert asked("ignored_rows", cross_entropy_to_length, PADDED)[None].verdict is Verdict.SUPPORTED
    mean = asked("ignored_rows", lambda p, t, m: ((p - t) ** 2 * m).sum() / m.sum(), MASKED)[None]
    assert mean.verdict is Verdict.SUPPORTED


def test_the_keyword_names_the_ignored_label(asked: Any) -> None:
    def marked(z: Any, y: Any, ignore_index: int = 255) -> Any:
        return functional.cross_entropy(z, y, ignore_index=ignore_index)

    assert asked("ignored_rows", marked, "z:(N,K):real y:(N,):index*")[None].verdict is Verdict.SUPPORTED
