"""A property of a regression loss of counts, from all positive observations and from the observation 0.

Lemma. The counts are 0 and some of the positive numbers. Convexity and differentiability in yhat and nonnegativity are
asked of every observation, so they hold if they hold for every y > 0 and for y = 0; and a bound for all y > 0 with one
for y = 0 is a bound for all counts (of the loss from below or above, of its slope).

Checked: the premise about ``y > 0`` as of the loss with that domain; that the loss is a number at y = 0 for every yhat,
before 0 is put in; and the premise about the function of yhat that it is there. Both must show the same property.

Proof node: ``{"rule": "by_counts", "positive": proof of the loss, "zero": proof of the function at y = 0}``.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import ranges
from losscheck.verifier.points import counted, defined_everywhere, positives
from losscheck.verifier.regression import cut
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)
EACH = ("convex", "differentiable", "nonnegative", "bounded_below", "bounded_above", "bounded_influence")


def of_positive(case: Case) -> Case:
    """The same loss where the observation is a positive number."""
    expect(counted(case), "the observations are no counts")
    return replace(case, domain="positive" if positives(case)["yhat"] else "yhat:real y:positive")


def at_zero(case: Case) -> Case:
    """The function of yhat at y = 0, where the loss is shown to be a number for every yhat."""
    up = positives(case)["yhat"]
    value = Enclosure(ranges({"yhat": (Fraction(0) if up else None, None), "y": (Fraction(0), Fraction(0))}))
    if up:
        value.signs[case.pool.var("yhat").id] = "+"
    expect(defined_everywhere(case.roots[0], value), "the loss is not shown to be a number at y = 0")
    return cut(case, "0")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check both premises."""
    fact = Checker(of_positive(case)).fact(proof["positive"])
    expect(fact.property in EACH and fact.holds, "counts inherit what holds of every observation")
    Checker(at_zero(case)).premise(proof["zero"], fact.property)
    return Fact(fact.property)
