"""Random losses whose answers are known from their construction: none is wrong, nearly all are decided.

A few of each family in CI; ``HYPOTHESIS_PROFILE=fuzz python -m pytest -s tests/quality/test_known_families.py`` draws
more than ten thousand and holds them to 95 % decided and 80 % of the true ones proved.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings

from losscheck.verdict import Outcome, Verdict
from tests.quality.families.comp_sums import comp_sums
from tests.quality.families.drawn import Drawn, ask
from tests.quality.families.odd_margins import odd_margins
from tests.quality.families.piecewise_linear import piecewise_linear
from tests.quality.families.piecewise_quadratic import piecewise_quadratic
from tests.quality.families.regression_losses import regression_losses
from tests.quality.families.scoring_rules import scoring_rules
from tests.quality.families.transports import transports

FAMILIES = {
    made.__name__: made
    for made in (
        piecewise_linear,
        piecewise_quadratic,
        transports,
        odd_margins,
        scoring_rules,
        comp_sums,
        regression_losses,
    )
}
FUZZ = os.getenv("HYPOTHESIS_PROFILE") == "fuzz"
DRAWS = int(os.getenv("LOSSCHECK_DRAWS", "1500" if FUZZ else "5"))
tally: Counter[tuple[str, str]] = Counter()


def _wrong(truth: Any, said: Outcome) -> bool:
    """Whether a verdict, or rigorous bounds, contradict the truth."""
    if isinstance(truth, bool):
        return said.verdict is (Verdict.REFUTED if truth else Verdict.PROVED)
    if said.verdict is Verdict.PROVED:
        return said.value is None or not math.isclose(float(said.value), float(truth), rel_tol=2e-7)
    return said.verdict is Verdict.REFUTED


def _count(family: str, name: str, truth: Any, verdict: Verdict) -> None:
    decided = verdict in (Verdict.PROVED, Verdict.REFUTED)
    for key in (family, name):
        tally[key, "asked"] += 1
        tally[key, "decided"] += decided
        tally[key, "true"] += truth is not False
        tally[key, "proved"] += verdict is Verdict.PROVED


@pytest.mark.timeout(0)
@pytest.mark.parametrize("family", FAMILIES)
def test_no_answer_is_wrong(family: str) -> None:
    @seed(20)
    @settings(max_examples=DRAWS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(FAMILIES[family]())
    def each(drawn: Drawn) -> None:
        for name, truth in drawn.truths.items():
            said = ask(drawn.lifted, name)
            assert not _wrong(truth, said), (
                f"{name} is {truth}, but: {said.verdict} {said.message}\n{drawn.lifted.roots}"
            )
            _count(family, name, truth, said.verdict)

    each()
    _show(family)


def _show(key: str) -> None:
    print(key, *(f"{what} {tally[key, what]}" for what in ("asked", "decided", "true", "proved")), flush=True)


def test_nearly_all_are_decided() -> None:
    """Runs last: looks at what the tests before it counted."""
    total: Counter[str] = Counter()
    for family in FAMILIES:
        total.update({what: tally[family, what] for what in ("asked", "decided", "true", "proved")})
    for key in dict.fromkeys(key for key, _ in tally):
        _show(key)
    print("all", dict(total))
    assert total["asked"] == 0 or total["decided"] >= 0.95 * total["asked"]
    assert total["proved"] >= 0.8 * total["true"]
