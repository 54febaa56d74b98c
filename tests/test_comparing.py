from __future__ import annotations

import functools
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

import losscheck
from losscheck import Severity
from losscheck.comparison.agreement import differs, special

LOGITS = "z:(N,K):real y:(N,):index"
MARGIN = "v:(N,):real"
PAIRED = "p:(N,):real t:(N,):real"


def failing(impl: Any, reference: Any, **more: Any) -> set[str]:
    report = losscheck.compare(impl, reference, effort="quick", **more)
    assert not [f.message for f in report.findings if f.verdict == "error"]
    return {f.property for f in report.failures}


def logistic(v: Any) -> Any:
    return functional.softplus(-v).mean()


def squared(p: Any, t: Any) -> Any:
    return ((p - t) ** 2).mean()


def cross_entropy(z: Any, y: Any, ignore: int = -100, label_smoothing: float = 0.0) -> Any:
    return functional.cross_entropy(z, y, ignore_index=ignore, label_smoothing=label_smoothing)


def noisy(v: Any) -> Any:
    return (functional.softplus(-v) * (torch.rand(v.shape) > 0.5)).mean()


class Counting:
    """Keeps state: every call gives more than the one before."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, v: Any) -> Any:
        self.calls += 1
        return self.calls * v.mean()


@pytest.mark.parametrize(
    ("loss", "signature"),
    [
        (logistic, MARGIN),
        (squared, PAIRED),
        (cross_entropy, LOGITS),
        (noisy, MARGIN),
        (Counting(), MARGIN),
        (functools.partial(functional.huber_loss, delta=0.5), PAIRED),
        (torch.nn.MultiMarginLoss(), LOGITS),  # memory that it never wrote, for an empty batch
        (lambda v: torch.empty(()), MARGIN),
        (lambda v: np.logaddexp(0.0, -v).mean(), MARGIN),
        (lambda v: 1 / 0, MARGIN),
    ],
)
def test_a_loss_does_not_differ_from_itself(loss: Any, signature: str) -> None:
    assert failing(loss, loss, signature=signature) == set()


def _grad_cut(v: Any) -> Any:
    return functional.softplus(-v).detach().mean()


def _squares_in_place(p: Any, t: Any) -> Any:
    with torch.no_grad():
        p.clamp_(-1e6, 100.0)
    return ((p - t) ** 2).mean()


class _Halved(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, v: Any) -> Any:
        ctx.save_for_backward(v)
        return functional.softplus(-v)

    @staticmethod
    def backward(ctx: Any, upstream: Any) -> Any:
        (v,) = ctx.saved_tensors
        return -torch.sigmoid(-v).detach()  # does not use what comes from above


def _ignores_upstream(v: Any) -> Any:
    return _Halved.apply(v).mean()


def _seeds(v: Any) -> Any:
    torch.manual_seed(0)
    return logistic(v)


BROKEN = [
    (lambda v: torch.log1p(torch.exp(-v)).mean(), logistic, MARGIN, "same_special_values"),
    (lambda v: torch.log(1 + torch.exp(-v)).mean(), logistic, MARGIN, "same_value"),
    (lambda v: functional.softplus(-v).sum(), logistic, MARGIN, "same_reduction"),
    (lambda v: functional.softplus(-v), logistic, MARGIN, "same_shape"),
    (lambda v: logistic(v).double(), logistic, MARGIN, "same_dtype"),
    (_grad_cut, logistic, MARGIN, "same_gradient"),
    (_ignores_upstream, logistic, MARGIN, "same_gradient"),
    (_ignores_upstream, logistic, MARGIN, "same_second_derivative"),
    (_seeds, logistic, MARGIN, "same_side_effects"),
    (_squares_in_place, squared, PAIRED, "same_exceptions"),
    (lambda p, t: ((p - t.detach()) ** 2).mean(), squared, PAIRED, "same_gradient"),
    (lambda z, y, ignore=255, label_smoothing=0.0: cross_entropy(z, y), cross_entropy, LOGITS, "same_parameters"),
    (lambda z, y, ignore=-100, label_smoothing=0.0: cross_entropy(z, y), cross_entropy, LOGITS, "same_value"),
    (lambda z, y: cross_entropy(z, y.clamp(0, 2)), lambda z, y: cross_entropy(z, y), LOGITS, "same_exceptions"),
]


@pytest.mark.parametrize(("impl", "reference", "signature", "law"), BROKEN)
def test_every_kind_of_difference_is_found(impl: Any, reference: Any, signature: str, law: str) -> None:
    assert law in failing(impl, reference, signature=signature)


def test_two_libraries_that_agree() -> None:
    def with_numpy(p: Any, t: Any) -> Any:
        return np.mean((p - t) ** 2)

    assert failing(with_numpy, squared, signature=PAIRED, dtypes=("float64", "float32")) == set()


def test_the_witness_is_the_smallest_and_reads_back() -> None:
    report = losscheck.compare(BROKEN[0][0], logistic, signature=MARGIN, dtypes=("float32",), effort="quick")
    found = report["same_special_values[float32]"]
    assert found.severity is Severity.ERROR
    assert found.witness is not None
    [value] = map(float.fromhex, found.witness["inputs"]["v"]["values"])
    assert value == -88.72283935546875  # the first float32 whose exponential overflows
    assert "losscheck.compare(" in report.reproduce(found)


def test_the_worst_input_is_a_single_row() -> None:
    def later(p: Any, t: Any) -> Any:
        return p * p - 2 * p * t + t * t

    def square(p: Any, t: Any) -> Any:
        return (p - t) ** 2

    report = losscheck.compare(later, square, signature=PAIRED, max_ulp=4, dtypes=("float32",), effort="quick")
    found = report["same_value[float32]"]
    assert found.witness is not None
    worst = found.witness["worst"]["inputs"]
    assert worst["p"]["shape"] == worst["t"]["shape"] == [1]
    p, t = (np.float32(float.fromhex(worst[name]["values"][0])) for name in "pt")
    assert abs(later(p, t) - square(p, t)) > 4 * np.spacing(square(p, t))
    assert "units of the last place, at p = " in found.message


def test_a_budget_in_units_of_the_last_place() -> None:
    def later(p: Any, t: Any) -> Any:
        return (p * p - 2 * p * t + t * t).mean()

    assert "same_value" in failing(later, squared, signature=PAIRED, max_ulp=4, dtypes=("float32",))
    assert failing(squared, squared, signature=PAIRED, max_ulp=0, dtypes=("float32",)) == set()
    with pytest.raises(ValueError, match="max_ulp=-1"):
        losscheck.compare(squared, squared, signature=PAIRED, max_ulp=-1)


def test_agreement() -> None:
    one = np.array([1.0, 0.0])
    assert not differs(np.array([1.0 + 1e-9, 1e-16]), one, "float64").any()
    assert differs(np.array([1.0, 0.0]), np.array([1.0, 1e-12]), "float64").tolist() == [False, True]
    assert special(np.array([np.nan, np.inf]), np.array([np.nan, -np.inf])).tolist() == [False, True]
    assert not differs(np.zeros(0), np.zeros(0), "float16").any()


def test_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("def good(v):\n    return abs(v)\n\n\ndef bad(v):\n    return abs(v) + (v > 2)\n")
    command = [sys.executable, "-m", "losscheck", "compare", f"{file}:bad", f"{file}:good", "--signature", MARGIN]
    done = subprocess.run([*command, "--effort", "quick"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1, done.stderr
    assert "same_value[float32]" in done.stdout
    command[4] = f"{file}:good"
    done = subprocess.run([*command, "--effort", "quick"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
