"""Random losses whose answers are known from their construction: none is wrong, nearly all are decided.

A few of each family in CI; ``HYPOTHESIS_PROFILE=fuzz python -m pytest -s tests/quality/test_known_families.py`` draws
more than ten thousand and holds them to 95 % decided and 80 % of the true ones proved.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from losscheck.property import properties
from losscheck.verdict import Outcome, Verdict
from tests.quality.families.adjusted_logits import adjusted_logits
from tests.quality.families.agreement import decided, wrong
from tests.quality.families.comp_sums import comp_sums
from tests.quality.families.divergences import divergences
from tests.quality.families.drawn import Drawn, ask
from tests.quality.families.noises import noisy_margins, noisy_scores
from tests.quality.families.odd_margins import odd_margins
from tests.quality.families.piecewise_linear import piecewise_linear
from tests.quality.families.piecewise_quadratic import piecewise_quadratic
from tests.quality.families.probability_rules import probability_rules
from tests.quality.families.pulls import potentials, pulls
from tests.quality.families.random_links import random_links
from tests.quality.families.ranked_rules import ranked_rules
from tests.quality.families.regression_losses import regression_losses
from tests.quality.families.residuals import residuals
from tests.quality.families.scoring_rules import scoring_rules
from tests.quality.families.set_losses import set_losses
from tests.quality.families.simplex_maps import simplex_maps
from tests.quality.families.steps import steps
from tests.quality.families.transformed import transformed
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
        divergences,
        simplex_maps,
        potentials,
        pulls,
        probability_rules,
        ranked_rules,
        set_losses,
        residuals,
        adjusted_logits,
        random_links,
        transformed,
        noisy_margins,
        noisy_scores,
        steps,
    )
}
FUZZ = os.getenv("HYPOTHESIS_PROFILE") == "fuzz"
DRAWS = int(os.getenv("LOSSCHECK_DRAWS", "1500" if FUZZ else "3"))
SLOW = {"random_links": 3}
"""Families of dear questions, and by how much fewer of them are drawn."""
tally: Counter[tuple[str, str]] = Counter()


def _count(family: str, name: str, truth: Any, said: Outcome) -> None:
    holds = truth is not False and not isinstance(truth, Verdict)
    for key in (family, name.partition("[")[0]):
        tally[key, "asked"] += 1
        tally[key, "decided"] += decided(truth, said)
        tally[key, "true"] += holds
        tally[key, "proved"] += holds and said.verdict is Verdict.PROVED


@pytest.mark.timeout(0)
@pytest.mark.parametrize("family", FAMILIES)
def test_no_answer_is_wrong(family: str) -> None:
    @seed(20)
    @settings(
        max_examples=max(1, DRAWS // SLOW.get(family, 1)), deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(FAMILIES[family]())
    def each(drawn: Drawn) -> None:
        for name, truth in drawn.truths.items():
            said = ask(drawn.lifted, name)
            assert not wrong(truth, said), (
                f"{name} is {truth}, but: {said.verdict} {said.value} {said.message}\n{drawn.lifted.roots}"
            )
            _count(family, name, truth, said)

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


def test_every_theory_property_is_asked() -> None:
    """Of some random loss for which the question makes sense, and yes-or-no questions of losses of both answers."""
    truths: dict[str, set[str]] = defaultdict(set)

    def note(drawn: Drawn) -> None:
        for name, truth in drawn.truths.items():
            base = name.partition("[")[0]
            assert drawn.lifted.kind in properties()[base].kinds, f"{base} is not asked of {drawn.lifted.kind}"
            truths[base].add(str(truth) if isinstance(truth, bool) else "value")

    for made in FAMILIES.values():
        draws = settings(max_examples=24, deadline=None, database=None, phases=[Phase.generate])
        seed(3)(draws(given(made())(note)))()
    theory = {name for name, each in properties().items() if each.layer == "theory"}
    assert theory - set(truths) == set()
    assert {name for name, told in truths.items() if told in ({"True"}, {"False"})} == set()
