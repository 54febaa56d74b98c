"""Calibration and recovery do not see constants added to the loss of each class.

Lemma. With ``m_y = l_y - c_y`` the conditional risks differ by the number ``sum p_y c_y``, so infima over any set of
scores and minimising sequences are the same: ``classification_calibrated`` and ``recovers_probability`` hold for (l_y)
iff they hold for (m_y). The premise is proved of the m_y.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise on the shifted losses."""
    pool, shifts = case.pool, [rational(x) for x in proof["constants"]]
    expect(case.kind == "logits" and len(shifts) == len(case.roots), "one constant for each class of a logit loss")
    expect(proof["premise"].get("rule") != "shifted_by_constants", "shifting twice is shifting once")
    roots = [pool.linear((Fraction(1), n), (-c, pool.one)) for n, c in zip(case.roots, shifts, strict=True)]
    shifted = Checker(replace(case, roots=roots))
    shifted.steps = checker.steps
    fact = shifted.fact(proof["premise"])
    known = ("classification_calibrated", "recovers_probability")
    expect(fact.property in known, f"{fact.property} may see constants")
    return fact
