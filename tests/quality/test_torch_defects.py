"""Defects of shipped code that the laws themselves find, at every number of classes: the hunter as users run it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

import losscheck
from losscheck.behaviour.trial import Trial
from losscheck.behaviour.witness import read_inputs
from losscheck.property import properties
from losscheck.signature import parse
from losscheck.verdict import Outcome, Verdict

LOGITS = "z:(N,K):real y:(N,):index"
CLASSES = (2, 3, 10, 1000, 32_000)
torch.set_num_threads(1)


def broken(law: str, loss: Callable[..., Any], signature: str, **more: Any) -> dict[str | None, Outcome]:
    trial = Trial(loss, parse(signature), **more)
    with np.errstate(all="ignore"):
        return {o.dtype: o for o in properties()[law].answer(trial) if o.verdict is Verdict.REFUTED}


def spatial(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z[:, :, None], y[:, None])


def in_doubles(z: Any, y: Any) -> Any:
    return functional.cross_entropy(z.double(), y).to(z.dtype)


def test_half_cross_entropy_on_the_last_dimension() -> None:
    formats = ("float64", "bfloat16")
    found = broken("collapse_free", functional.cross_entropy, LOGITS, n_classes=2, dtypes=formats)["bfloat16"]
    assert np.ptp(read_inputs(found.witness)["z"]) == 5.5625
    other = broken("collapse_free", spatial, LOGITS, n_classes=2, dtypes=formats)
    assert not other or np.ptp(read_inputs(other["bfloat16"].witness)["z"]) > 5.5625


@pytest.mark.parametrize("classes", CLASSES)
def test_lanes_absorb_many_classes(classes: int) -> None:
    formats = ("float64", "float32")
    found = broken("value_accurate", functional.cross_entropy, LOGITS, n_classes=classes, dtypes=formats)
    assert set(found) == ({"float32"} if classes >= 1000 else set())
    assert not broken("value_accurate", in_doubles, LOGITS, n_classes=classes, dtypes=formats)


def test_an_audit_is_asked_at_several_numbers_of_classes() -> None:
    asked = {"properties": ["value_accurate"], "dtypes": ("float64", "float32"), "effort": "quick"}
    report = losscheck.audit(functional.cross_entropy, signature=LOGITS, n_classes=(3, 1000), **asked)
    assert {f.n_classes for f in report.findings if f.verdict is Verdict.REFUTED} == {1000}


def test_softplus_drops_a_term_above_20() -> None:
    report = losscheck.oracle(lambda v: np.logaddexp(0.0, -v), kind="margin").check(
        lambda v: functional.softplus(-v), dtypes=("float64",), max_ulp=1000
    )
    found = report["value_accurate[float64]"]
    assert found in report.failures
    assert found.value is not None
    assert 1e5 < found.value < 1e6


def test_soft_margin_loss_overflows() -> None:
    found = broken("value_finite", functional.soft_margin_loss, "z:(N,):real y:(N,):{-1,1}")
    assert {"float64", "float32"} <= set(found)
    assert float(functional.soft_margin_loss(torch.tensor([-200.0]), torch.tensor([1.0]))) == np.inf


def focal(z: Any, y: Any) -> Any:
    log_p = torch.log_softmax(z, 1).gather(1, y[:, None])[:, 0]
    return ((1 - log_p.exp()) ** 0.5 * -log_p).mean()


def stable_max(z: Any, y: Any) -> Any:
    s = torch.where(z < 0, 1 / (1 - z), z + 1)
    return -torch.log(s.gather(1, y[:, None])[:, 0] / s.sum(1)).mean()


@pytest.mark.parametrize(("loss", "at"), [(focal, None), (stable_max, 1.0)])
def test_gradients_that_are_nan(loss: Callable[..., Any], at: float | None) -> None:
    found = broken("gradient_finite", loss, LOGITS, dtypes=("float64", "float32"))
    assert set(found) == {"float64", "float32"}
    for outcome in found.values():
        assert at is None or at in read_inputs(outcome.witness)["z"]
