"""Differentiability of a graph without switches.

Lemma. A composition of sums, products, exp, lse, atan, erf, sin, cos, log_ndtr, logarithms of positive and powers of
positive numbers (integer powers: of any number, negative ones of a number that is never 0) is real-analytic. The
signs are shown on all of R^K at once.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import ranges, sign
from losscheck.verifier.curve import analytic
from losscheck.verifier.interval import smooth
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that every label's graph is analytic on the whole real domain."""
    expect(case.domain == "real", "the rule speaks of real scores")
    value = Enclosure(ranges({name: (None, None) for name in case.variables}))
    for root in case.roots:
        expect(smooth(root), "the graph has a switch")
        expect(analytic(root, lambda n: sign(n, value)), "the graph is not shown to be smooth everywhere")
    return Fact("differentiable")
