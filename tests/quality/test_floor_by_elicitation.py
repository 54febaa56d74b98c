"""A loss that elicits a functional is least at yhat = y; its sign is that of the values there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from losscheck.certificate import certificate
from losscheck.lifting.lifted import Lifted
from losscheck.lifting.lifting import lift
from losscheck.property import properties
from losscheck.verdict import Verdict
from losscheck.verifier import CertificateRejected, verify


def hyperbola(a: Any, y: Any) -> Any:
    """The Bregman loss of sqrt(1 + x^2)."""
    return np.sqrt(1 + y**2) - np.sqrt(1 + a**2) - a / np.sqrt(1 + a**2) * (y - a)


def lifted(shift: float = 0.0, lean: float = 0.0) -> Lifted:
    return lift(lambda a, y: hyperbola(a, y) + shift + lean * y, kind="regression")


def proof(loss: Lifted) -> dict[str, Any]:
    found = properties()["elicits"].answer(loss, functional="mean")
    assert found.verdict is Verdict.PROVED
    return {
        "rule": "floor_on_diagonal", "of": "nonnegative", "chart": "shift", "elicits": found.certificate["proof"],
    }  # fmt: skip


def test_a_bregman_loss_is_nonnegative() -> None:
    found = properties()["nonnegative"].answer(lifted())
    assert found.verdict is Verdict.PROVED
    assert properties()["bounded_below"].answer(lifted(-1.0)).verdict is Verdict.PROVED


@pytest.mark.parametrize(("shift", "lean"), [(-1e-9, 0.0), (0.0, 1.0)])
def test_the_diagonal_must_not_be_negative(shift: float, lean: float) -> None:
    loss = lifted(shift, lean)
    assert properties()["nonnegative"].answer(loss).verdict is Verdict.REFUTED
    with pytest.raises(CertificateRejected):
        verify(certificate(loss, "nonnegative", "proved", proof(loss)))


def test_another_premise_is_rejected() -> None:
    loss = lifted()
    other = properties()["differentiable"].answer(loss)
    assert other.certificate is not None
    with pytest.raises(CertificateRejected, match="elicits"):
        verify(certificate(loss, "nonnegative", "proved", {**proof(loss), "elicits": other.certificate["proof"]}))
