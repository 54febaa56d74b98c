from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from scipy.special import expit, xlogy
from torch.nn import functional

from losscheck.behaviour.witness import read_inputs
from losscheck.verdict import Severity, Verdict

MARGIN = "v:(N,):real"
LOGITS = "z:(N,K):real y:(N,):index"


@pytest.mark.parametrize(
    ("dtype", "first_infinite"),
    [("float64", 1024 * math.log(2)), ("float32", 128 * math.log(2)), ("float16", 16 * math.log(2))],
)
def test_the_overflow_of_exp_is_bisected_to_the_float(asked: Any, dtype: str, first_infinite: float) -> None:
    outcome = asked("value_finite", lambda v: np.log(1 + np.exp(-v)), MARGIN)[dtype]
    assert outcome.verdict is Verdict.REFUTED
    assert outcome.severity is (Severity.WARNING if dtype == "float16" else Severity.ERROR)
    (v,) = read_inputs(outcome.witness)["v"]
    below = np.nextafter(np.dtype(dtype).type(v), np.dtype(dtype).type(0))
    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(np.dtype(dtype).type(-v)))
        assert np.isfinite(np.exp(-below))
    # exp rounds to infinity half a unit before its exact limit.
    assert abs(v) == pytest.approx(first_infinite, rel=1e-3)


@pytest.mark.parametrize(
    ("function", "signature"),
    [
        (lambda v: np.exp(-v), MARGIN),  # truly infinite in floats of any size
        (lambda p: -np.log(p), "p:(N,):unit"),  # log 0 is infinite
        (lambda p, y: -xlogy(y, p) - xlogy(1 - y, 1 - p), "p:(N,):unit y:(N,):{0,1}"),
        (lambda v: np.logaddexp(0.0, -v), MARGIN),
        (functional.cross_entropy, LOGITS),
        (functional.binary_cross_entropy_with_logits, "z:(N,):real y:(N,):{0,1}"),
        (functional.multi_margin_loss, LOGITS),
    ],
)
def test_true_infinities_and_stable_losses_pass(asked: Any, function: Any, signature: str) -> None:
    for dtype in ("float64", "float32"):
        assert asked("value_finite", function, signature)[dtype].verdict is Verdict.SUPPORTED


def test_a_hole_is_found_where_float64_fails_too(asked: Any) -> None:
    def entropy(p: Any) -> Any:
        return -p * np.log(p)

    outcome = asked("value_finite", entropy, "p:(N,):unit")["float64"]
    assert outcome.verdict is Verdict.REFUTED
    assert read_inputs(outcome.witness)["p"] == 0.0


def test_soft_margin_loss_of_torch_overflows(asked: Any) -> None:
    outcomes = asked("value_finite", functional.soft_margin_loss, "z:(N,):real y:(N,):{-1,1}")
    x = read_inputs(outcomes["float32"].witness)
    assert float(x["z"][0] * x["y"][0]) == -88.72283935546875  # the first float32 beyond 128 log 2
    assert outcomes["bfloat16"].severity is Severity.WARNING


def test_a_loss_that_is_always_nan_is_refuted_at_an_ordinary_input(asked: Any) -> None:
    outcome = asked("value_finite", lambda v: v * np.nan, MARGIN)["float64"]
    assert outcome.verdict is Verdict.REFUTED
    assert "ordinary" in outcome.message


def test_numpy_has_no_bfloat16(asked: Any) -> None:
    outcome = asked("value_finite", lambda v: expit(v), MARGIN)["bfloat16"]
    assert outcome.verdict is Verdict.NOT_APPLICABLE


def test_the_direction_of_a_zero_vector_is_a_warning(asked: Any) -> None:
    def cosine(a: Any, b: Any) -> Any:
        return 1 - (a * b).sum(1) / torch.linalg.norm(a, dim=1) / torch.linalg.norm(b, dim=1)

    outcome = asked("value_finite", cosine, "a:(N,D):real b:(N,D):real")["float64"]
    assert (outcome.verdict, outcome.severity) == (Verdict.REFUTED, Severity.WARNING)
    assert outcome.reason == "no unique limit"
