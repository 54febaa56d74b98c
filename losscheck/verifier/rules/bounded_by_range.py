"""Boundedness of a loss whose range over its whole domain, as an enclosure of the graph gives it, is bounded.

Lemma. Every operation of the enclosure holds the values of its node at every point of the box where the loss is
defined; a finite end of a root's range is a bound.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import ranges
from losscheck.verifier.verify import SCORES, Checker, Fact

KINDS = (*SCORES, "divergence")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the end of every label's range over the domain's box."""
    below = {"below": True, "above": False}[proof["side"]]
    ends = (None, None) if case.domain == "real" else (Fraction(0), Fraction(1))
    value = Enclosure(ranges({name: ends for name in case.variables}))
    for root in case.roots:
        low, high = value(root)
        expect(low.is_finite() if below else high.is_finite(), f"the range of a label is not bounded {proof['side']}")
    return Fact(f"bounded_{proof['side']}")
