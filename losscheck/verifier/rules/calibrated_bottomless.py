r"""Calibration of margin losses that are a falling line up to something bounded: the unhinged loss and its like.

Lemma (van Rooyen, Menon, Williamson 2015, for phi(v) = 1 - v). Let phi(v) = -a v + g(v) with a > 0 and \|g\| <= B on R.
For eta > 1/2 the risk at z is -(2 eta - 1) a z + eta g(z) + (1 - eta) g(-z): it tends to -infinity as z does to
+infinity, and is at least -B on the wrong side z <= 0. Mirrored for eta < 1/2. So the loss is calibrated: the infimum
-infinity is never approached by wrong scores. Nothing is asked of phi inside: kinks, jumps and wells are free.

Hypotheses checked: a > 0; on each of finitely many pieces phi + a v is bounded below and above, and its value at every
cut is finite (which the curve demands of it).

Proof node: ``{"rule": "calibrated_bottomless", "slope": "1", "breaks": [...]}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import curve
from losscheck.verifier.rules.bounded_by_limits import bounded
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the loss less its line is bounded."""
    expect(case.kind == "margin", "the rule is about margin losses")
    phi, pool, x, slope = case.roots[0], case.pool, case.variables[0], rational(proof["slope"])
    expect(slope > 0, "the line must fall")
    c = curve(pool, pool.linear((Fraction(1), phi), (slope, pool.var(x))), x, None, None, proof["breaks"], (phi,))
    for i in range(len(c.pieces)):
        expect(bounded(c, i, -1) and bounded(c, i, 1), f"no bound is shown on piece {i}")
    return Fact("classification_calibrated")
