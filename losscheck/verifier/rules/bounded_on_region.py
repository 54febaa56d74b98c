"""A regression loss whose range over its whole domain, as an enclosure of the graph gives it, is bounded.

Lemma. Every operation of the enclosure holds the values of its node at every point of the region where the loss is
defined; a finite end of the root's range is a bound.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.points import positives
from losscheck.verifier.regression import region
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the end of the range."""
    end = {"below": 0, "above": 1}[proof["side"]]
    found = region(case.pool, positives(case))(case.roots[0])
    expect(found[end].is_finite(), f"the range is not bounded {proof['side']}")
    return Fact(f"bounded_{proof['side']}")
