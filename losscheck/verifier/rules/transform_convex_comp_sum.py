"""T of a comp-sum loss whose ties are worst at 1/2 is the two-class value, which is convex in t.

``l_y = phi(softmax_y)``, phi convex and non-increasing, over all scores; :mod:`losscheck.verifier.swap_at_half`. The
two-class value is phi(1/2) minus an infimum of functions that are affine in t.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.comp_sum import comp_sum, convex_decreasing
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.swap_at_half import tie_at_half_is_worst
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss and where its ties are worst."""
    expect(hypotheses(proof["hypotheses"]).everything, "the rule is about all scores")
    phi = comp_sum(case, proof)
    convex_decreasing(case, phi)
    tie_at_half_is_worst(case, phi, proof)
    return Fact("transform_convex", True, {"hypotheses": proof["hypotheses"]})
