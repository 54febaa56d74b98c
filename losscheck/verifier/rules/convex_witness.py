r"""Three points on a segment that break convexity: ``f((1-w) a + w b) > (1-w) f(a) + w f(b)``.

a and b are rational points of the open domain, 0 < w < 1 rational; the three values are finite and their ranges decide
the inequality for every choice of the float constants within 2 ulp.

Proof node: ``{"rule": "convex_witness", "label": i, "a": [...], "b": [...], "weight": "1/2"}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import exactly
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import rational_point, value_range
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = (*EACH_LABEL, "profile", "embedding")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the inequality."""
    label, w = proof["label"], rational(proof["weight"])
    expect(type(label) is int and 0 <= label < len(case.roots), "the label is an index into the roots")
    expect(0 < w < 1, "the weight lies strictly between 0 and 1")
    a, b = rational_point(case, proof["a"]), rational_point(case, proof["b"])
    if case.domain not in ("real", "positive"):
        expect(all(0 < x < 1 for x in (*a.values(), *b.values())), "the points lie in the open domain")
    middle = {x: (1 - w) * a[x] + w * b[x] for x in case.variables}
    pool, root = case.pool, case.roots[label]
    for at in (a, b, middle):
        value_range(case, root, at)
    left, right, above = (exactly(pool, root, at) for at in (a, b, middle))
    gap = pool.linear((1 - w, left), (w, right), (Fraction(-1), above))
    expect(Enclosure({})(gap)[1] < 0 or constant_sign(pool, gap) == "-", "convexity is not shown to break")
    return Fact("convex", holds=False)
