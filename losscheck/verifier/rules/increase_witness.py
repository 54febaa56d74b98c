"""A margin loss that increases somewhere: rationals u < v with f(u) < f(v), both values enclosed."""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import exactly
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the ranges of f(u) and f(v) show f(u) < f(v)."""
    expect(case.kind == "margin", "nonincreasing is asked of margin losses")
    u, v = rational(proof["u"]), rational(proof["v"])
    expect(u < v, "the witness needs u < v")
    low = Enclosure({})(exactly(case.pool, case.roots[0], {"v": u}))
    high = Enclosure({})(exactly(case.pool, case.roots[0], {"v": v}))
    expect(low[1] < high[0], "the values at the witness are not ordered with certainty")
    return Fact("nonincreasing", holds=False)
