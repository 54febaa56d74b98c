"""Worked examples of minimizability gaps (data/gaps.jsonl), comp-sum losses over linear scores: all figures enclosed.

For tau > 1 the losses are not convex in the scores; the rows' least risks come from many starts of a descent and are
upper bounds, so that ours from below must not pass them.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.quality.score_questions import ask, picked, softmax

ROWS = [json.loads(line) for line in (Path(__file__).parent / "data" / "gaps.jsonl").read_text().splitlines()]
DIGITS = 2e-8


def comp_sum(tau: float) -> Any:
    def loss(z: Any, y: Any) -> Any:
        s = picked(softmax(z), y)
        return -np.log(s) if tau == 1 else (s ** (tau - 1) - 1) / (1 - tau)

    return loss


def least_conditional_risk(p: list[float], tau: float) -> float:
    """C* over all scores, by its formula."""
    if tau == 1:
        return -sum(x * math.log(x) for x in p if x)
    if tau >= 2:
        return (1 - max(p)) / (tau - 1)
    return (1 - sum(x ** (1 / (2 - tau)) for x in p) ** (2 - tau)) / (tau - 1)


def bound_of_sure_labels(least: float, tau: float) -> float:
    """f_tau of the least risk at tau = 0: with sure labels no gap is larger (Mao, Mohri and Zhong, 2023)."""
    return math.log1p(least) if tau == 1 else (1 - (1 + least) ** (1 - tau)) / (tau - 1)


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in ROWS])
def test_gaps(row: dict[str, Any]) -> None:
    """The least risk, the mean of the least conditional risks and their difference."""
    tau = row["tau"]
    law = {"x": row["X"], "px": row["px"], "p": row["p"]}
    found = ask(comp_sum(tau), "minimizability_gap", "logits", row["K"], hypotheses="Linear(inf, inf)", **law)
    low, high = found.bounds
    apart = sum(w * least_conditional_risk(p, tau) for w, p in zip(row["px"], row["p"], strict=True))
    assert apart == pytest.approx(row["E_Cstar"], abs=DIGITS)
    assert row["gap"] == pytest.approx(row["Rstar"] - row["E_Cstar"], abs=DIGITS)
    assert low <= row["gap"] + DIGITS
    assert low + apart <= row["Rstar"] + DIGITS
    if tau <= 1 or row["K"] == 2:
        assert found.verdict == "proved"
        assert high - low < 1e-7
    assert row["gap"] <= high + DIGITS
    assert high <= row["gap"] + 1e-6
    if row["deterministic"]:
        bound = bound_of_sure_labels(2 * math.sqrt(2) / 3, tau)  # the least risk of two against one at tau = 0
        assert row["upper_bound_f_tau_of_R0"] == pytest.approx(bound, abs=1e-7)
        assert high <= bound + 1e-7
        assert row["ub_holds"]
    else:
        assert row["upper_bound_f_tau_of_R0"] is None
