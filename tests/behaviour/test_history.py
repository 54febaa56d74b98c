"""Defects that libraries had: one property is refuted of the wrong version and not, or not so, of the repaired one."""

from __future__ import annotations

from typing import Any

import pytest

from losscheck.verdict import Severity, Verdict
from tests.behaviour.history import (
    boxes_and_masks,
    labels_and_weights,
    names_and_rows,
    regression,
    scores,
    sets_and_embeddings,
)
from tests.behaviour.history.pair import Pair

PAIRS = [
    *boxes_and_masks.PAIRS,
    *scores.PAIRS,
    *labels_and_weights.PAIRS,
    *regression.PAIRS,
    *sets_and_embeddings.PAIRS,
    *names_and_rows.PAIRS,
]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.wrong.__name__)
def test_the_defect_is_found(asked: Any, pair: Pair) -> None:
    wrong, repaired = (
        {
            (dtype, outcome.severity)
            for dtype, outcome in asked(pair.property, function, pair.signature, dtypes=("float64", "float32")).items()
            if outcome.verdict is Verdict.REFUTED and outcome.severity in (Severity.ERROR, Severity.WARNING)
        }
        for function in (pair.wrong, pair.repaired)
    )
    assert wrong - repaired
    assert all(severity is not Severity.ERROR for _, severity in repaired)
