"""Boundedness of a loss whose range over its whole domain, as an enclosure of the graph gives it, is bounded.

Lemma. Every operation of the enclosure holds the values of its node at every point of the box where the loss is
defined; a finite end of a root's range is a bound. A point of the simplex has an entry of at least 1/K, so the K boxes
in which one entry is in [1/K, 1] and the others in [0, 1] cover it. With ranges of parameters the box has these too, so
one bound serves every value. On the real domain the loss is shown to be a number at every finite point, with parameters
for each of their values (verifier/parameters.py).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import ranges
from losscheck.verifier.interval import End
from losscheck.verifier.parameters import defined_for_all, readings
from losscheck.verifier.points import whole_domain
from losscheck.verifier.soft_labels import defined_in_scores
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = (*EACH_LABEL, "soft", "divergence", "embedding")
PARAMETERS = True


def boxes(case: Case) -> list[dict[str, tuple[End, End]]]:
    """Boxes that cover the domain."""
    ends: tuple[End, End] = (None, None) if case.domain == "real" else (Fraction(0), Fraction(1))
    whole = {**dict.fromkeys(case.variables, ends), **case.parameters}
    if case.domain != "simplex":
        return [whole]
    share = Fraction(1, len(case.variables))
    return [{**whole, name: (share, Fraction(1))} for name in case.variables]


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the end of every label's range over the domain's box."""
    below = {"below": True, "above": False}[proof["side"]]
    if case.parameters or case.domain == "real":
        defined = all(defined_for_all(case, root, value) for roots, value in readings(case) for root in roots)
        expect(defined, "a loss is not shown to be defined everywhere")
    soft = case.kind == "soft"
    expect(
        not soft or (defined_in_scores(case) and not case.parameters),
        "a loss is not shown to be defined for all scores",
    )
    for value in [whole_domain(case)] if soft else [Enclosure(ranges(box)) for box in boxes(case)]:
        for root in case.roots:
            end = value(root)[0 if below else 1]
            expect(end.is_finite(), f"the range of a label is not bounded {proof['side']}")
    return Fact(f"bounded_{proof['side']}")
