"""A convex loss of real scores that takes two values is unbounded above.

Lemma (Rockafellar 1970, Corollary 8.6.2). A convex real function on R^K that is bounded above is constant. Premise:
convex; witness: two rational points at which one label's loss has different values.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import exactly
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = (*EACH_LABEL, "embedding")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise and that the two values differ."""
    expect(case.domain == "real", "the lemma is about functions on the whole space")
    checker.premise(proof["convex"], "convex")
    label = proof["label"]
    expect(type(label) is int and 0 <= label < len(case.roots), "the label is an index into the roots")
    values = []
    for point in proof["points"]:
        expect(len(point) == len(case.variables), "a point has one number per variable")
        at = dict(zip(case.variables, map(rational, point), strict=True))
        values.append(Enclosure({})(exactly(case.pool, case.roots[label], at)))
    a, b = values
    expect(a[1] < b[0] or b[1] < a[0], "the values are not shown to differ")
    return Fact("bounded_above", holds=False)
