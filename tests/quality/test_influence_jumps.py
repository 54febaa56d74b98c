"""A loss that jumps has no bounded influence, however flat it is on both sides of the jump."""

from __future__ import annotations

from typing import Any

import numpy as np

import losscheck
from losscheck import Verdict


def missed(yhat: Any, y: Any) -> Any:
    return np.where(np.abs(yhat - y) <= 1, 0.0, 1.0)


def clipped(yhat: Any, y: Any) -> Any:
    return np.minimum(np.abs(yhat - y), 1.0)


def test_a_jump_is_not_proved_bounded() -> None:
    report = losscheck.audit(missed, kind="regression", properties=["bounded_influence"])
    assert report["bounded_influence"].verdict is not Verdict.PROVED


def test_a_continuous_clip_is() -> None:
    report = losscheck.audit(clipped, kind="regression", properties=["bounded_influence"])
    assert report["bounded_influence"].verdict is Verdict.PROVED
