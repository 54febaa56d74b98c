r"""Infimum and supremum over all scores of the sum of the losses of both labels, for losses of one score.

The sum S is cut into analytic pieces (verifier/curve.py), so it is defined at every score. Each side by one of

- ``infinite``: S has an infinite limit of that sign at an end of the line;
- ``level``: S does not pass the rational level on any piece or at any cut (verifier/infimum.py), and comes within 1e-7
  of it, at a rational point or as a limit at an end.

Proof node: ``{"rule": "class_sum_on_line", "breaks": [...], "low": {"way": "level", "level": "1/2", "at": "0"}, "high":
{"way": "infinite", "end": "high"}}``; ``at`` is a rational, "low" or "high".
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import exact
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.infimum import mixtures_at_least
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.points import rational_point, value_range
from losscheck.verifier.rules.symmetric_by_identity import label_sum
from losscheck.verifier.terms import F1, Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed")


def limit(c: Curve, end: Any) -> Any:
    """The limit of the sum at an end of the line."""
    expect(end in ("low", "high"), "an end of the line is low or high")
    last = end == "high"
    return c.end(c.pieces[-1 if last else 0].node, last)


def extremum(case: Case, total: Node, c: Curve, how: dict[str, Any], side: int) -> tuple[Any, list[Any]]:
    """Value and bounds of the infimum (side -1) or the supremum (side 1)."""
    if how["way"] == "infinite":
        found = limit(c, how["end"])
        expect(isinstance(found, int) and found == side, "no infinite limit is shown")
        number = "inf" if side > 0 else "-inf"
        return number, [number, number]
    expect(how["way"] == "level", "unknown way")
    level = rational(how["level"])
    mixtures_at_least([c], [([-F1 * side], exact(-side * level).upper())], 400)
    if how["at"] in ("low", "high"):
        reached = limit(c, how["at"])
        expect(isinstance(reached, arb), "no finite limit is shown")
        low, high = reached.lower(), reached.upper()
    else:
        low, high = value_range(case, total, rational_point(case, [how["at"]]))
    ends = (level, fraction(high)) if side < 0 else (fraction(low), level)
    value, bounds = enclosed(Fraction(min(ends)), Fraction(max(ends)))
    return value, list(bounds)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check both sides."""
    total = label_sum(case)
    c = curve(case.pool, total, case.variables[0], None, None, proof["breaks"])
    for root in case.roots:  # what cancels in the sum must be defined too
        curve(case.pool, root, case.variables[0], None, None, proof["own"])
    (low, below), (high, above) = (
        extremum(case, total, c, proof[name], side) for name, side in (("low", -1), ("high", 1))
    )
    return Fact("class_sum_bounds", value=[low, high], bounds=[below, above])
