r"""A point where an invariance fails: the two values, both finite, have disjoint ranges.

Of ``l(z + c 1, y)``, ``l(c z, y)`` with c > 0, or ``l(s z, s(y))`` with s the transposition of two classes, against
``l(z, y)``; z and c rational, for every choice of the float constants within 2 ulp.

Proof node: ``{"rule": "invariance_witness", "under": ..., "label": i, "at": ["1/2", ...], "by": "1" | [i, j]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.points import apart, rational_point, soft_halves, value_range
from losscheck.verifier.rules.invariant_by_identity import ASKED, KINDS, NAMES, exchanged
from losscheck.verifier.verify import Checker, Fact

__all__ = ["KINDS", "check"]


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the values differ."""
    under, label, by = proof["under"], proof["label"], proof["by"]
    expect(case.kind in ASKED[under], f"{NAMES[under]} is not asked of losses of kind {case.kind}")
    expect(type(label) is int and 0 <= label < len(case.roots), "the label is an index into the roots")
    at = rational_point(case, proof["at"])
    other = label
    if under == "permutation":
        i, j = by
        classes = len(case.variables) // (2 if case.kind == "soft" else 1)
        expect(all(type(k) is int and 0 <= k < classes for k in by), "a transposition is a pair of classes")
        groups = soft_halves(case) if case.kind == "soft" else [case.variables]
        moved = {**at, **{a: at[b] for x in groups for a, b in ((x[i], x[j]), (x[j], x[i]))}}
        other = exchanged(case, label, i, j)
    else:
        c = rational(by)
        expect(under == "shift" or c > 0, "the factor must be positive")
        scores = soft_halves(case)[0] if case.kind == "soft" else case.variables
        moved = {x: (q + c if under == "shift" else q * c) if x in scores else q for x, q in at.items()}
    here, there = value_range(case, case.roots[label], at), value_range(case, case.roots[other], moved)
    expect(apart(here, there), "the values are not shown to differ")
    return Fact(NAMES[under], holds=False)
