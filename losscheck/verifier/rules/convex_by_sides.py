"""Convexity in yhat of a regression loss from its formulas above and below the diagonal.

Lemma. Let ``yhat -> l(yhat, y)`` be continuous, analytic where yhat differs from y with a second derivative >= 0, and
let its slopes be continuous up to yhat = y from both sides, the left one at most the right one. Then its slope is
nondecreasing and it is convex, for every y. The second derivatives are signed on the whole sides at once.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.diagonal import continuous, reach, side, sides
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the second derivatives, and the slopes on the diagonal."""
    pool, on, slopes = case.pool, side(case, proof["chart"], "on"), []
    for region, node in sides(case, proof["chart"]):
        slope = pool.differentiate(node, "yhat")
        expect(region.sign(pool.differentiate(slope, "yhat")) in "+p0", "a second derivative is not shown to be >= 0")
        expect(continuous(slope, on.sign), "a slope is not shown to be continuous up to the diagonal")
        slopes.append(reach(pool, slope))
    above, below = slopes
    expect(on.sign(pool.sub(above, below)) in "+p0", "the slopes are not shown to be ordered on the diagonal")
    return Fact("convex")
