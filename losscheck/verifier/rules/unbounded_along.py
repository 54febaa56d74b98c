"""A loss that is unbounded along a line in its domain.

Lemma. If l(a + b t, y) tends to -inf (+inf) as t goes to +inf, or to 0 from above, along a line that stays in the
domain, then the loss is not bounded below (above). Real domain: any line, t to +inf or to 0. Unit interval, simplex and
pairs of simplex points: t to 0 from above, with the points at 0 < t < ``reach`` in the open domain.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import curve
from losscheck.verifier.functions_1d import inside, line
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = (*EACH_LABEL, "divergence", "embedding")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the path and the infinite limit."""
    side = {"below": -1, "above": 1}[proof["side"]]
    reach = rational(proof["reach"])
    expect(reach > 0, "reach must be positive")
    far = proof.get("far") is True
    f, t = line(case, proof["label"], proof["path"], *((reach, None) if far else (Fraction(0), reach)))
    expect(case.domain == "real" or not far, "the line leaves the domain")
    expect(inside(case, proof["path"], Fraction(0), reach), "the line leaves the domain")
    c = curve(case.pool, f, t, reach, None, []) if far else curve(case.pool, f, t, Fraction(0), reach, [])
    limit = c.end(c.pieces[0].node, far)
    expect(isinstance(limit, int) and limit == side, "no infinite limit is shown along the line")
    return Fact(f"bounded_{proof['side']}", holds=False)
