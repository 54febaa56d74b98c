"""Epsilons that a format loses: found by their effect in any code, and named where the code can be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from losscheck.behaviour.trial import Trial
from losscheck.hunting.first_operation import first_operation
from losscheck.hunting.naming import named
from losscheck.property import properties
from losscheck.signature import parse
from losscheck.verdict import Verdict

UNIT = "p:(N,):unit y:(N,):{0,1}"


def added(p: Any, y: Any) -> Any:
    return -(y * torch.log(p + 1e-8) + (1 - y) * torch.log(1 - p + 1e-8))


def clamped(p: Any, y: Any) -> Any:
    p = p.clamp(1e-8, 1 - 1e-8)
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p))


def clipped(p: Any, y: Any) -> Any:
    p = np.clip(p, 1e-9, 1 - 1e-9)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def overlap(p: Any, y: Any) -> Any:
    return 1 - (2 * p * y + 1e-9) / (p + y + 1e-9)


def widely_clamped(p: Any, y: Any) -> Any:
    p = p.clamp(1e-3, 1 - 1e-3)
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p))


@pytest.mark.parametrize(
    ("loss", "dtype", "p", "label", "said"),
    [
        (added, "float16", 0.0, 1, "the constant 1e-08 is 0 in float16"),
        (clamped, "float16", 0.0, 1, "the constant 1e-08 is 0 in float16"),
        (clamped, "float32", 1.0, 1, "the constant 0.99999999 is 1 in float32"),
        (clamped, "float32", 1.0, 0, "the constant 0.99999999 is 1 in float32"),
        (clipped, "float32", 1.0, 1, "the constant 0.999999999 is 1 in float32"),
        (overlap, "float16", 0.0, 0, "the constant 1e-09 is 0 in float16"),
        (widely_clamped, "bfloat16", 1.0, 1, "the constant 0.999 is 1 in bfloat16"),
    ],
)
def test_the_constant_is_named(loss: Callable[..., Any], dtype: str, p: float, label: int, said: str) -> None:
    found = first_operation(loss, {"p": p}, dtype, kind="probability", label=label)
    assert found is not None
    assert found.dead == said
    assert said in str(found)


@pytest.mark.parametrize(
    ("loss", "broken"),
    [
        (added, {"float16"}),
        (clamped, {"float16", "bfloat16", "float32"}),
        (clipped, {"float16", "float32"}),
        (overlap, {"float16"}),
        (widely_clamped, {"bfloat16"}),
    ],
)
def test_the_formats_that_lose_it(loss: Callable[..., Any], broken: set[str]) -> None:
    trial = Trial(loss, parse(UNIT))
    with np.errstate(all="ignore"):
        found = [o for o in properties()["value_finite"].answer(trial) if o.verdict is Verdict.REFUTED]
    assert {o.dtype for o in found} == broken
    for outcome in found:
        told = named(outcome, "value_finite", loss, kind=None, signature=UNIT, params={}, n_classes=None)
        assert "the constant" in told.message


@pytest.mark.parametrize(("loss", "dtype"), [(added, "float32"), (widely_clamped, "float32"), (overlap, "bfloat16")])
def test_formats_that_hold_it(loss: Callable[..., Any], dtype: str) -> None:
    for p in (0.0, 0.5, 1.0):
        for label in (0, 1):
            found = first_operation(loss, {"p": p}, dtype, kind="probability", label=label)
            assert found is None or found.dead is None
