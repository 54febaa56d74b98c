"""Values and derivatives in floats: three broken losses and three look-alikes that are healthy for each law."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from scipy import special
from torch.nn import functional

from tests.behaviour.law_cases import test_the_law_is_broken, test_the_law_is_kept  # noqa: F401
from tests.behaviour.test_gradients import DeafBackward, HalvedBackward
from tests.behaviour.test_precision import OnceOnly, StraightSquare

LOGITS = "z:(N,K):real y:(N,):index"
MARGIN = "v:(N,):real"
PAIR = "p:(N,):real t:(N,):real"
PREDICTIONS = "p:(N,):real u:(N,):real"
SIGNED = "z:(N,):real y:(N,):{-1,1}"
UNIT = "p:(N,):unit y:(N,):{0,1}"

Loss = Callable[..., Any]


def naive_logistic(v: Any) -> Any:
    return np.log(1 + np.exp(-v))


def stable_logistic(v: Any) -> Any:
    return np.maximum(-v, 0) + np.log1p(np.exp(-np.abs(v)))


def naive_sigmoid(v: Any) -> Any:
    return 1 - special.expit(v)


def stable_sigmoid(v: Any) -> Any:
    return special.expit(-v)


def naive_pseudo_huber(p: Any, t: Any) -> Any:
    return (torch.sqrt(1 + (p - t) ** 2) - 1).mean()


def stable_pseudo_huber(p: Any, t: Any) -> Any:
    return ((p - t) ** 2 / (1 + torch.sqrt(1 + (p - t) ** 2))).mean()


def hinge(v: Any) -> Any:
    return np.maximum(0, 1 - v)


def naive_cross_entropy(z: Any, y: Any) -> Any:
    return -torch.log(torch.softmax(z, 1)).gather(1, y[:, None]).mean()


def halved(p: Any, u: Any) -> Any:
    return HalvedBackward.apply(p - u).mean()


def deaf(p: Any, u: Any) -> Any:
    return DeafBackward.apply(p - u)


def by_way_of_numpy(p: Any, u: Any) -> Any:
    return torch.tensor((p.detach().numpy() - u.detach().numpy()) ** 2)


def detached_target(p: Any, t: Any) -> Any:
    return ((p - t.detach()) ** 2).mean()


def root_mean_square(p: Any, t: Any) -> Any:
    return ((p - t) ** 2).mean().sqrt()


def root_within_branches(p: Any, t: Any) -> Any:
    d = (p - t).abs()
    return torch.where(d > 1, 2 * d.sqrt() - 1, d).mean()


def guarded_root(p: Any, t: Any) -> Any:
    d = (p - t).abs()
    return torch.where(d > 1, 2 * d.clamp(min=1).sqrt() - 1, d).mean()


def straight(p: Any, t: Any) -> Any:
    return StraightSquare.apply(p - t).mean()


def once_only(p: Any, t: Any) -> Any:
    return OnceOnly.apply(p - t).mean()


def half_detached(p: Any, t: Any) -> Any:
    return ((p - t).detach() * (p - t) * (p - t)).mean()


def log_cosh(p: Any, t: Any) -> Any:
    d = torch.abs(p - t)
    return (d + functional.softplus(-2 * d) - 0.6931471805599453).mean()


def stored_in_half(p: Any, t: Any) -> Any:
    d = (p - t) ** 2
    return (d.bfloat16().to(d.dtype) if d.dtype == torch.float32 else d).mean()


def shifted_far(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z + 1e5, y)


def centred_far_off(p: Any, t: Any) -> Any:
    return (((p + 4096.0) - (t + 4096.0)) ** 2).mean()


def summed_in_doubles(p: Any, t: Any) -> Any:
    return ((p.double() - t.double()) ** 2).mean().to(p.dtype)


def naive_entropy(p: Any, y: Any) -> Any:
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()


def stable_entropy(p: Any, y: Any) -> Any:
    return -(special.xlogy(y, p) + special.xlog1py(1 - y, -p)).mean()


BROKEN: list[tuple[str, Loss, str]] = [
    ("collapse_free", naive_logistic, MARGIN),
    ("collapse_free", naive_sigmoid, MARGIN),
    ("collapse_free", naive_pseudo_huber, PAIR),
    ("gradient_correct", halved, PREDICTIONS),
    ("gradient_correct", deaf, PREDICTIONS),
    ("gradient_correct", by_way_of_numpy, PREDICTIONS),
    ("gradient_finite", root_mean_square, PAIR),
    ("gradient_finite", root_within_branches, PAIR),
    ("gradient_finite", naive_cross_entropy, LOGITS),
    ("second_order", straight, PAIR),
    ("second_order", once_only, PAIR),
    ("second_order", half_detached, PAIR),
    ("value_accurate", stored_in_half, PAIR),
    ("value_accurate", shifted_far, LOGITS),
    ("value_accurate", centred_far_off, PAIR),
    ("value_finite", naive_logistic, MARGIN),
    ("value_finite", naive_entropy, UNIT),
    ("value_finite", functional.soft_margin_loss, SIGNED),
]
HEALTHY: list[tuple[str, Loss, str]] = [
    ("collapse_free", stable_logistic, MARGIN),
    ("collapse_free", stable_sigmoid, MARGIN),
    ("collapse_free", hinge, MARGIN),
    ("gradient_correct", detached_target, PAIR),
    ("gradient_correct", functional.l1_loss, PAIR),
    ("gradient_correct", functional.multi_margin_loss, LOGITS),
    ("gradient_finite", guarded_root, PAIR),
    ("gradient_finite", functional.smooth_l1_loss, PAIR),
    ("gradient_finite", functional.cross_entropy, LOGITS),
    ("second_order", functional.mse_loss, PAIR),
    ("second_order", functional.l1_loss, PAIR),
    ("second_order", log_cosh, PAIR),
    ("value_accurate", stable_pseudo_huber, PAIR),
    ("value_accurate", summed_in_doubles, PAIR),
    ("value_accurate", functional.cross_entropy, LOGITS),
    ("value_finite", stable_logistic, MARGIN),
    ("value_finite", stable_entropy, UNIT),
    ("value_finite", functional.cross_entropy, LOGITS),
]
