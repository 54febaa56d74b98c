"""A regression loss that is homogeneous of no degree.

Lemma. If ``l(c x) = c^k l(x)`` for all c > 0 and all points x, then ``l(c x) l(x') = l(c x') l(x)`` for any two points
x, x' and any c > 0. Two rational points and a rational c at which the two products differ refute every k.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import times
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.points import apart, rational_point, value_range
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the products differ."""
    c, a, b = rational(proof["c"]), rational_point(case, proof["a"]), rational_point(case, proof["b"])
    expect(c > 0, "the factor is positive")
    far = [{x: c * q for x, q in at.items()} for at in (a, b)]
    for at in far:
        rational_point(case, [str(at[x]) for x in case.variables])
    la, lb, fa, fb = (value_range(case, case.roots[0], at) for at in (a, b, *far))
    expect(apart(times(fa, lb), times(fb, la)), "the products are not shown to differ")
    return Fact("homogeneous_degree")
