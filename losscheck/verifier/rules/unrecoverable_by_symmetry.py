"""Probabilities cannot be recovered when the two sides add up to a constant, or are equal.

Lemma. Let f1, f0 be the losses of a score for the two labels (phi(z), phi(-z) for a margin loss). If f1 + f0 = c, the
risk is (2 eta - 1) f1 + (1 - eta) c, so all eta > 1/2 have the same minimisers, those of f1, or none. If f1 = f0 the
risk is f1 for every eta. Either way two eta share their minimisers or have none. The identity is shown on every open
piece and at every cut.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.curve import curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.functions_1d import two_sides
from losscheck.verifier.identity import vanishes
from losscheck.verifier.verify import Checker, Fact
from losscheck.verifier.weighted import weighted


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the sum minus its value at 0, or the difference, is identically zero."""
    (one, zero), pool, x = two_sides(case), case.pool, case.variables[0]
    if proof["even"] is True:
        n = weighted(case, [(Fraction(1), one), (Fraction(-1), zero)])
    else:
        n = weighted(case, [(Fraction(1), one), (Fraction(1), zero)])
        n = pool.sub(n, exactly(pool, n, {x: Fraction(0)}))
    c = curve(pool, n, x, None, None, proof["breaks"], (one, zero))
    # The normal form is asked first: expansions at infinity of something that vanishes never end.
    zero_on = (vanishes(pool, p.node) or c.on(p.node, i) == "0" for i, p in enumerate(c.pieces))
    expect(all(zero_on), "the identity is not shown on a piece")
    expect(all(c.sign(v, i) == "0" for i, v in enumerate(c.values)), "the identity is not shown at a cut")
    return Fact("recovers_probability", holds=False, params={"link": None})
