"""T is not convex: at one of three regrets (0 among them, where T is 0) it exceeds the chord of the others."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.transform_claim import asked
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")
ZERO = Fraction(0)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Compare enclosures of T."""
    fact = checker.premise(proof["transform"], "h_transform")
    many = isinstance(fact.params["t"], list)
    ts, bounds = asked(fact.params["t"]), fact.bounds if many else [fact.bounds]
    finite = [(t, Fraction(b[0]), Fraction(b[1])) for t, b in zip(ts, bounds, strict=True) if "inf" not in b]
    points = sorted([(ZERO, ZERO, ZERO), *(p for p in finite if p[0] > 0)])
    above = False
    for (a, _, left), (m, low, _), (b, _, right) in combinations(points, 3):
        above = above or (a < m < b and low * (b - a) > left * (b - m) + right * (m - a))
    expect(above, "no three regrets contradict convexity")
    return Fact("transform_convex", False, {"hypotheses": fact.params["hypotheses"]})
