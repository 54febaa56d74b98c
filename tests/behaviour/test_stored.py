"""A property asked at a stored input: wrong code fails there again, repaired code does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from losscheck.behaviour.stored import Stored, stored_inputs
from losscheck.behaviour.trial import Trial
from losscheck.property import properties
from losscheck.signature import parse
from losscheck.verdict import Outcome, Severity, Verdict
from tests.behaviour.history.pair import Pair
from tests.behaviour.test_history import PAIRS


def refuted(trial: Trial, name: str) -> dict[str | None, Outcome]:
    with np.errstate(all="ignore"):
        found = list(properties()[name].answer(trial))
    bad = (Severity.ERROR, Severity.WARNING)
    return {each.dtype: each for each in found if each.verdict is Verdict.REFUTED and each.severity in bad}


@pytest.mark.parametrize("pair", PAIRS[::8], ids=lambda pair: pair.wrong.__name__)
def test_the_stored_input_tells_wrong_from_repaired(pair: Pair) -> None:
    wrong, repaired = (
        Trial(function, parse(pair.signature), dtypes=("float64", "float32"))
        for function in (pair.wrong, pair.repaired)
    )
    there = refuted(wrong, pair.property)
    assert there
    before = refuted(repaired, pair.property)
    for dtype, outcome in there.items():
        inputs = stored_inputs(outcome.witness, [each.name for each in wrong.signature.arguments])
        assert inputs is not None
        again = [refuted(Stored(wrong, inputs, first=first), pair.property) for first in (True, False)]
        assert any(dtype in each for each in again)
        for first in (True, False):
            assert dtype in before or dtype not in refuted(Stored(repaired, inputs, first=first), pair.property)


def test_the_stored_input_is_what_is_asked() -> None:
    seen: list[Any] = []

    def loss(v: Any) -> Any:
        seen.append(np.array(v))
        return np.exp(-v)

    trial = Trial(loss, parse("v:(N,):real"), dtypes=("float64",))
    stored = Stored(trial, {"v": np.array([0.123])}, first=True)
    seen.clear()
    list(properties()["value_finite"].answer(stored))
    assert any(np.array_equal(v, [0.123]) for v in seen)
    assert not any(np.array_equal(v, trial.hazards()[5].inputs["v"]) for v in seen), "and no other directed input"
    assert stored.noise == trial.noise
    assert stored.sample(3)["v"].tolist() == trial.sample(3)["v"].tolist()


@pytest.mark.parametrize(
    "witness",
    [None, {}, {"inputs": "the first"}, {"inputs": {"z": {"shape": [1], "values": [0.5]}}},
     {"inputs": {"v": {"shape": [2], "values": [0.5]}}}, {"inputs": {"v": {"shape": [1], "values": ["x"]}}},
     {"inputs": {"v": {"shape": [1], "values": [{}]}}}, {"inputs": {"v": {"shape": ["x"], "values": []}}}],
)  # fmt: skip
def test_what_is_no_stored_input(witness: Any) -> None:
    assert stored_inputs(witness, ["v"]) is None


def test_what_is_one() -> None:
    read = stored_inputs({"inputs": {"v": {"shape": [2], "values": [(0.1).hex(), "-inf"]}}}, ["v"])
    assert read is not None
    assert read["v"].tolist() == [0.1, -np.inf]
