"""T of a loss of two classes that is convex over all its scores, with a slope <= 0 to the right of 0, is convex in t.

As in ``h_formula_two_sided``: ``T(t) = f(0) - inf over x of (1 + t)/2 f(x) + (1 - t)/2 f(-x)``, an infimum of functions
that are affine in t, hence concave in t.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.rules.h_formula_two_sided import convex_side
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check convexity and the slope."""
    convex_side(case, hypotheses(proof["hypotheses"]), proof["breaks"])
    return Fact("transform_convex", True, {"hypotheses": proof["hypotheses"]})
