"""Laws that speak from evidence: three losses that break each, three look-alikes that are healthy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from scipy import special
from torch.nn import functional

from losscheck.behaviour.witness import read_inputs
from losscheck.verdict import Severity
from tests.behaviour.law_cases import test_the_law_is_broken, test_the_law_is_kept  # noqa: F401

LOGITS = "z:(N,K):real y:(N,):index"
SOFT = "z:(N,K):real q:(N,K):simplex"
BINARY = "z:(N,):real y:(N,):{0,1}"
SIGNED = "z:(N,):real y:(N,):{-1,1}"
PAIR = "p:(N,):real t:(N,):real"
UNIT = "p:(N,):unit y:(N,):unit"
COUNT = "p:(N,):positive t:(N,):count"

Loss = Callable[..., Any]


def padded_to_four(z: Any, y: Any) -> Any:
    padding = np.zeros((len(z), -z.shape[1] % 4))
    return (special.logsumexp(np.concatenate([z, padding], 1), axis=1) - z[np.arange(len(z)), y]).mean()


def first_eight_only(z: Any, y: Any) -> Any:
    return (special.logsumexp(z[:, :4], axis=1) - z[np.arange(len(z)), y]).mean()


def last_class_cheaper(z: Any, y: Any) -> Any:
    shift = np.where(np.arange(z.shape[1]) >= 4, 0.3, 0.0)
    return (special.logsumexp(z + shift, axis=1) - (z + shift)[np.arange(len(z)), y]).mean()


def numpy_cross_entropy(z: Any, y: Any) -> Any:
    return (special.logsumexp(z, axis=1) - z[np.arange(len(z)), y]).mean()


def crammer_singer(z: Any, y: Any) -> Any:
    rest = z.masked_fill(functional.one_hot(y, z.shape[1]).bool(), -torch.inf)
    return torch.relu(1 - z.gather(1, y[:, None])[:, 0] + rest.amax(1)).mean()


def truncated_labels(z: Any, y: Any) -> Any:
    out = np.zeros_like(y)
    out[...] = np.where(y > 0, np.logaddexp(0, -z), np.logaddexp(0, z))
    return out.mean()


def wrapped_sign(z: Any, y: Any) -> Any:
    return np.logaddexp(0, -z * (2 * y - 1)).mean()


def halved_labels(z: Any, y: Any) -> Any:
    half = y / 2 if y.dtype.kind == "f" else y // 2
    return (np.logaddexp(0, z) - 2 * half * z).mean()


def integer_target_floor(p: Any, t: Any) -> Any:
    scale = np.full_like(t, 0.5)
    return (scale * (p - t) ** 2).mean()


def off_by_mode(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z, y) * (1.0 if torch.is_grad_enabled() else 2.0)


def leaf_only(p: Any, t: Any) -> Any:
    return functional.mse_loss(p, t) + (0.5 if p.requires_grad else 0.0)


def branch_on_the_first(p: Any, t: Any) -> Any:
    return functional.mse_loss(p, t) if float(p[0]) > float(t[0]) else functional.l1_loss(p, t)


def weighted_by_corner(z: Any, q: Any) -> Any:
    sharp = (q.amax(1, keepdim=True) > 0.999).to(q.dtype)
    return -((1 + sharp) * q * functional.log_softmax(z, 1)).sum(1).mean()


def one_hot_by_rows(z: Any, y: Any) -> Any:
    if y.is_floating_point():
        return -(y * functional.log_softmax(z, 1)).mean()
    return functional.cross_entropy(z, y)


def clipped_labels(p: Any, y: Any) -> Any:
    p, y = p.clamp(1e-6, 1 - 1e-6), y.clamp(0.02, 0.98)
    return -(y * p.log() + (1 - y) * (1 - p).log()).mean()


def unit_cross_entropy(p: Any, y: Any) -> Any:
    return functional.binary_cross_entropy(p, y)


def soft_square(z: Any, q: Any) -> Any:
    return ((torch.softmax(z, 1) - q) ** 2).sum(1).mean()


def hard_reading(p: Any, y: Any) -> Any:
    return functional.binary_cross_entropy(p.clamp(0.01, 0.99), 1 - y)


def soft_cross_entropy(z: Any, q: Any) -> Any:
    return -(q * functional.log_softmax(z, 1)).sum(1).mean()


def soft_flipped(z: Any, q: Any) -> Any:
    return -(q * functional.log_softmax(-z, 1)).sum(1).mean()


def absolute_soft(p: Any, y: Any) -> Any:
    return (p * (1 - 2 * y) + y).sum() * 0 + ((p - y) * (p + y)).mean()


def step_in_square(p: Any, t: Any) -> Any:
    d = torch.abs(p - t)
    return torch.where(d < 1, 0.5 * d**2, d).mean()


def step_in_score(z: Any, y: Any) -> Any:
    return functional.softplus(-z * y).mean() + 0.1 * (z.sum() > 0.3)


def hinge_misplaced(z: Any, y: Any) -> Any:
    m = z * y
    return torch.where(m > 1, torch.zeros_like(m), 1.5 - m).mean()


def huber(p: Any, t: Any) -> Any:
    return functional.huber_loss(p, t)


def square_root(p: Any, t: Any) -> Any:
    return torch.sqrt(torch.abs(p - t)).mean()


def zero_one(z: Any, y: Any) -> Any:
    return (z * y <= 0).double().mean() + 0 * z.sum()


def negative_when_large(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z, y) - torch.relu(z.abs().amax() - 20)


def capped(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z.clamp(-15, 15), y)


def class_zero_at_ties(z: Any, y: Any) -> Any:
    tie = (z.amax(1) == z.amin(1)).to(z.dtype)
    return (functional.cross_entropy(z, y, reduction="none") + tie * (y == 0)).mean()


def one_side_saturates(z: Any, y: Any) -> Any:
    return functional.binary_cross_entropy_with_logits(z.clamp(max=30.0), y)


def binary_logistic(z: Any, y: Any) -> Any:
    return functional.binary_cross_entropy_with_logits(z, y)


def half_counts(p: Any, t: Any) -> Any:
    d = ((p - t) ** 2).half()
    return d.sum(dtype=torch.float16) / torch.ones_like(d).sum(dtype=torch.float16)


def half_products(p: Any, y: Any) -> Any:
    both = (p * y).sum(dtype=torch.float16)
    return 1 - 2 * both / (p + y).sum(dtype=torch.float16)


def half_square_of_sum(p: Any, t: Any) -> Any:
    return (p - t).abs().half().sum(dtype=torch.float16) / len(p)


def gram_distance(p: Any, t: Any) -> Any:
    return torch.sqrt((p**2 + t**2 - 2 * p * t).clamp(min=0) + 1e-10).mean()


def offset_added(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z + 1000.0, y)


def cancelled(p: Any, t: Any) -> Any:
    return (torch.sqrt((p - t) ** 2 + 1e4) - 100.0).mean()


def twice_softmax(z: Any, y: Any) -> Any:
    return functional.cross_entropy(torch.softmax(z, 1), y)


def sigmoid_before_logits(z: Any, y: Any) -> Any:
    return functional.binary_cross_entropy_with_logits(torch.sigmoid(z), y)


def squashed(z: Any, y: Any) -> Any:
    return functional.cross_entropy(torch.tanh(z), y)


def generalised(z: Any, y: Any) -> Any:
    return (1 - torch.softmax(z, 1).gather(1, y[:, None]) ** 0.7).mean()


def unhinged(z: Any, y: Any) -> Any:
    return (1 - z * y).mean()


def squared_margin(z: Any, y: Any) -> Any:
    return ((1 - z * y) ** 2).mean()


def log_likelihood(z: Any, y: Any) -> Any:
    return -functional.cross_entropy(z, y)


def score_of_label(p: Any, t: Any) -> Any:
    return -((p - t) ** 2).mean()


def upside_down_hinge(z: Any, y: Any) -> Any:
    return torch.minimum(torch.zeros_like(z), z * y).mean()


def stable_log_cosh(p: Any, t: Any) -> Any:
    d = torch.abs(p - t)
    return (d + functional.softplus(-2 * d) - 0.6931471805599453).mean()


BROKEN: list[tuple[str, Loss, str]] = [
    ("attains_floor", twice_softmax, LOGITS),
    ("attains_floor", sigmoid_before_logits, BINARY),
    ("attains_floor", squashed, LOGITS),
    ("upside_down", log_likelihood, LOGITS),
    ("upside_down", score_of_label, PAIR),
    ("upside_down", upside_down_hinge, SIGNED),
    ("size_uniform", padded_to_four, LOGITS),
    ("size_uniform", first_eight_only, LOGITS),
    ("size_uniform", last_class_cheaper, LOGITS),
    ("soft_side", hard_reading, UNIT),
    ("soft_side", soft_flipped, SOFT),
    ("soft_side", absolute_soft, UNIT),
    ("continuous", step_in_square, PAIR),
    ("continuous", step_in_score, SIGNED),
    ("continuous", hinge_misplaced, SIGNED),
    ("integer_safe", truncated_labels, BINARY),
    ("integer_safe", wrapped_sign, BINARY),
    ("integer_safe", halved_labels, BINARY),
    ("integer_safe", integer_target_floor, COUNT),
    ("mode_consistent", off_by_mode, LOGITS),
    ("mode_consistent", leaf_only, PAIR),
    ("mode_consistent", branch_on_the_first, PAIR),
    ("label_linear", weighted_by_corner, SOFT),
    ("label_linear", one_hot_by_rows, LOGITS),
    ("label_linear", clipped_labels, UNIT),
    ("nearly_always", negative_when_large, LOGITS),
    ("nearly_always", capped, LOGITS),
    ("nearly_always", class_zero_at_ties, LOGITS),
    ("nearly_always", one_side_saturates, BINARY),
    ("overflow_free", half_counts, PAIR),
    ("overflow_free", half_products, "p:(M,):unit y:(M,):{0,1}"),
    ("overflow_free", half_square_of_sum, PAIR),
    ("gradient_accurate", gram_distance, PAIR),
    ("gradient_accurate", offset_added, LOGITS),
    ("gradient_accurate", cancelled, PAIR),
]
HEALTHY: list[tuple[str, Loss, str]] = [
    ("attains_floor", functional.cross_entropy, LOGITS),
    ("attains_floor", generalised, LOGITS),
    ("attains_floor", squared_margin, SIGNED),
    ("upside_down", unhinged, SIGNED),
    ("upside_down", functional.mse_loss, PAIR),
    ("upside_down", functional.cross_entropy, LOGITS),
    ("size_uniform", numpy_cross_entropy, LOGITS),
    ("size_uniform", crammer_singer, LOGITS),
    ("size_uniform", functional.multi_margin_loss, LOGITS),
    ("soft_side", unit_cross_entropy, UNIT),
    ("soft_side", soft_cross_entropy, SOFT),
    ("soft_side", soft_square, SOFT),
    ("continuous", huber, PAIR),
    ("continuous", square_root, PAIR),
    ("continuous", zero_one, SIGNED),
    ("integer_safe", binary_logistic, BINARY),
    ("integer_safe", lambda z, y: np.logaddexp(0, -z * y).mean(), SIGNED),
    ("integer_safe", lambda p, t: (p - t * np.log(p)).mean(), COUNT),
    ("mode_consistent", functional.cross_entropy, LOGITS),
    ("mode_consistent", functional.smooth_l1_loss, PAIR),
    ("mode_consistent", crammer_singer, LOGITS),
    ("label_linear", soft_cross_entropy, SOFT),
    ("label_linear", functional.cross_entropy, LOGITS),
    ("label_linear", soft_square, SOFT),
    ("nearly_always", functional.cross_entropy, LOGITS),
    ("nearly_always", binary_logistic, BINARY),
    ("nearly_always", crammer_singer, LOGITS),
    ("overflow_free", functional.mse_loss, PAIR),
    ("overflow_free", lambda p, t: (p - t).abs().sum(), PAIR),
    ("overflow_free", lambda p, t: torch.cdist(p[:, None], t[:, None]).mean(), PAIR),
    ("gradient_accurate", stable_log_cosh, PAIR),
    ("gradient_accurate", functional.l1_loss, PAIR),
    ("gradient_accurate", lambda z, y: functional.softplus(-z * y).mean(), SIGNED),
]


def test_overflow_says_the_number_of_rows(asked: Any) -> None:
    outcome = asked("overflow_free", half_counts, PAIR)["float32"]
    assert outcome.witness is not None
    copies = outcome.witness["copies"]
    assert f"{4 * copies} rows overflow in float32" in outcome.message
    x = read_inputs(outcome.witness)
    finite = [
        np.isfinite(float(half_counts(*(torch.tensor(np.tile(x[name], times)).float() for name in ("p", "t")))))
        for times in (copies - 1, copies)
    ]
    assert finite == [True, False]


def test_gradients_switched_off_is_an_error(asked: Any) -> None:
    assert asked("mode_consistent", off_by_mode, LOGITS)[None].severity is Severity.ERROR
    assert asked("mode_consistent", branch_on_the_first, PAIR)[None].severity is Severity.WARNING


def test_integers_nobody_declared_are_a_warning(asked: Any) -> None:
    assert asked("integer_safe", truncated_labels, BINARY)[None].severity is Severity.ERROR
    assert asked("integer_safe", wrapped_sign, BINARY)[None].severity is Severity.WARNING
