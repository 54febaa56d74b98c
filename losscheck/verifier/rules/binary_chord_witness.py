r"""A segment that breaks convexity of ``x -> l(x, y)`` for a binary target y.

``l((1-w) a + w b, y) > (1-w) l(a, y) + w l(b, y)`` for rational a, b in the unit cube, a binary y of the domain and
0 < w < 1, with finite values, for every choice of the float constants within 2 ulp.

Proof node: ``{"rule": "binary_chord_witness", "a": [...], "b": [...], "target": [...], "weight": "1/2"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import exact, plus, times
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.pairs import joined, vector
from losscheck.verifier.points import value_range
from losscheck.verifier.verify import Checker, Fact

KINDS = ("set",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the inequality."""
    (root,), w = case.roots, rational(proof["weight"])
    expect(0 < w < 1, "the weight lies strictly between 0 and 1")
    a, b, y = (vector(case, proof[name], name == "target") for name in ("a", "b", "target"))
    expect(all(v in (0, 1) for v in y), "the target is binary")
    middle = [(1 - w) * s + w * t for s, t in zip(a, b, strict=True)]
    left, right, above = (value_range(case, root, joined(case, x, y)) for x in (a, b, middle))
    parts = [times((c.lower(), c.upper()), r) for c, r in ((exact(1 - w), left), (exact(w), right))]
    expect(above[0] > plus(*parts)[1], "convexity is not shown to break")
    return Fact("convex_in_x_binary_y", holds=False)
