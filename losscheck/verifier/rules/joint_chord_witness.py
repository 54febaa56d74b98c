r"""A segment of pairs that breaks joint convexity.

``d((1-w) (p, q) + w (p', q')) > (1-w) d(p, q) + w d(p', q')`` for two rational pairs of the domain and 0 < w < 1, with
finite values, for every choice of the float constants within 2 ulp.

Proof node: ``{"rule": "joint_chord_witness", "start": [[...], [...]], "end": [[...], [...]], "weight": "1/2"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import exact, plus, times
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.pairs import pair
from losscheck.verifier.points import value_range
from losscheck.verifier.verify import Checker, Fact

KINDS = ("divergence",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the inequality."""
    (root,), w = case.roots, rational(proof["weight"])
    expect(0 < w < 1, "the weight lies strictly between 0 and 1")
    start, end = pair(case, *proof["start"]), pair(case, *proof["end"])
    middle = {x: (1 - w) * start[x] + w * end[x] for x in case.variables}
    left, right, above = (value_range(case, root, at) for at in (start, end, middle))
    parts = [times((b.lower(), b.upper()), r) for b, r in ((exact(1 - w), left), (exact(w), right))]
    expect(above[0] > plus(*parts)[1], "convexity is not shown to break")
    return Fact("jointly_convex", holds=False)
