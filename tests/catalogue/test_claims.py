"""No claim of the catalogue is refuted, unless the entry disputes it; what it disputes is refuted.

A seeded choice of entries in every run, all of them under ``HYPOTHESIS_PROFILE=fuzz``.
"""

import dataclasses
import os
import random

import pytest

from losscheck import audit
from losscheck.catalogue import entries
from losscheck.claim import Standing
from losscheck.identifier import parse_identifier
from losscheck.verdict import Verdict

FUZZ = os.getenv("HYPOTHESIS_PROFILE") == "fuzz"
CLAIMING = [made for made in entries().values() if any(not claim.disputed for claim in made.claims)]
CHOSEN = CLAIMING if FUZZ else random.Random(2).sample(CLAIMING, min(20, len(CLAIMING)))
DISPUTED = [(made, claim) for made in entries().values() for claim in made.claims if claim.disputed]
SPECIAL = [(made, c) for made in entries().values() for c in made.claims if c.params and not c.disputed]


def decided(loss, claims):
    """The findings that answer the claims."""
    asked = [(parse_identifier(claim.finding).property, parse_identifier(claim.finding).params) for claim in claims]
    report = audit(
        dataclasses.replace(loss, claims={claim.finding: claim.value for claim in claims}),
        properties=[pair for place, pair in enumerate(asked) if pair not in asked[:place]],
    )
    return [finding for finding in report.findings if finding.standing is not None]


def standings(loss, claims):
    """The standing of each claim, by finding id."""
    return {finding.id: finding.standing for finding in decided(loss, claims)}


@pytest.mark.parametrize("made", CHOSEN, ids=lambda made: made.name)
def test_no_claim_is_violated(made):
    claims = [claim for claim in made.claims if not claim.disputed and not claim.params]
    seen = standings(made.loss, claims)
    assert seen or not claims
    assert Standing.VIOLATED not in seen.values(), seen


@pytest.mark.parametrize("case", DISPUTED, ids=lambda case: f"{case[0].name}-{case[1].finding}")
def test_disputed_claims_are_refuted(case):
    made, claim = case
    loss = dataclasses.replace(made.loss, params={**made.loss.params, **claim.params})
    (finding,) = decided(loss, [claim])
    assert finding.standing is Standing.VIOLATED
    assert finding.verdict in (Verdict.PROVED, Verdict.REFUTED), "decided the other way, not merely out of reach"


@pytest.mark.parametrize("case", SPECIAL if FUZZ else SPECIAL[:4], ids=lambda case: f"{case[0].name}-{case[1].finding}")
def test_claims_about_other_parameters(case):
    made, claim = case
    loss = dataclasses.replace(made.loss, params={**made.loss.params, **claim.params})
    assert Standing.VIOLATED not in standings(loss, [claim]).values()
