r"""A point where a loss of several rows changes under a move that is to leave it alone.

Of ``l(x + c)``, ``l(c x)`` with c > 0, rows exchanged, or the two arguments exchanged, against ``l(x)``: rational
points of the domain, both values finite, their ranges disjoint for every choice of the float constants within 2 ulp.
A move that leaves the listed labels is no witness.

Proof node: ``{"rule": "rows_witness", "under": ..., "label": i, "at": [...], "by": "2" | ["1", "0"] | [i, j] | null}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.points import apart, rational_point, value_range
from losscheck.verifier.row_points import PROPERTIES, askable, moved, rows_of
from losscheck.verifier.verify import Checker, Fact

KINDS = ("embedding",)
ROWS = True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the values differ."""
    under, label = proof["under"], proof["label"]
    expect(askable(rows_of(case), under), f"{PROPERTIES[under]} has no meaning for these arguments")
    expect(type(label) is int and 0 <= label < len(case.roots), "the label is an index into the roots")
    at = rational_point(case, proof["at"])
    there, images = moved(case, under, at, proof["by"])
    image = images[label]
    expect(image is not None, "a label that is not listed")
    before, after = value_range(case, case.roots[label], at), value_range(case, case.roots[image or 0], there)
    expect(apart(before, after), "the values are not shown to differ")
    return Fact(PROPERTIES[under], holds=False)
