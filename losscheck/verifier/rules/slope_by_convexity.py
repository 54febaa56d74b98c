"""Least Lipschitz constant of a convex function of one variable: its slopes are monotone, so the ends have the largest.

Lemma. The slope of a convex function on an open interval is nondecreasing where it exists, so the supremum of its
absolute value is the larger of the absolute limits at the two ends. Labels: the largest of all.
"""

from __future__ import annotations

from typing import Any

from flint import arb

from losscheck.verifier.certificate import Case, CertificateRejected, expect
from losscheck.verifier.functions_1d import label_curves
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "profile")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check convexity and enclose the slopes at the ends."""
    expect(proof["norm"] in ("l2", "linf"), "norm is l2 or linf")
    checker.premise(proof["convex"], "convex")
    low = high = arb(0)
    for c in label_curves(case, proof["breaks"]):
        last = len(c.pieces) - 1
        for limit in (c.end(c.derivative(0), False), c.end(c.derivative(last), True)):
            if isinstance(limit, int):
                return Fact("lipschitz", params={"norm": proof["norm"]}, value="inf", bounds=["inf", "inf"])
            if not isinstance(limit, arb):
                raise CertificateRejected("no limit of the slope is shown at an end")
            size = abs(limit)
            low, high = max(low, size.lower()), max(high, size.upper())
    value, bounds = enclosed(fraction(low), fraction(high))
    return Fact("lipschitz", params={"norm": proof["norm"]}, value=value, bounds=bounds)
