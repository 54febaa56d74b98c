"""Gamma(u), the largest t with T**(t) <= u, between two regrets: T** the largest convex function below T.

``T(t) <= u`` gives ``Gamma(u) >= t``. If T is convex, with T(0) = 0 <= u, ``T(t) > u`` gives T > u from t on, and T** =
T: ``Gamma(u) <= t``. Without the second premise Gamma is at most 1.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.law import decimal
from losscheck.verifier.numbers import enclosed
from losscheck.verifier.transform_claim import asked
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premises and look for the regrets closest to u."""
    u = decimal(proof["u"])
    expect(u >= 0, "a surrogate regret is not negative")
    fact = checker.premise(proof["transform"], "h_transform")
    expect(isinstance(fact.params["t"], list), "the enclosures are a list")
    rows = list(zip(asked(fact.params["t"]), fact.bounds, strict=True))
    low = max([Fraction(0), *(t for t, (_, b) in rows if b != "inf" and Fraction(b) <= u)])
    high = Fraction(1)
    if proof["convex"] is not None:
        shape = checker.premise(proof["convex"], "transform_convex")
        expect(shape.params["hypotheses"] == fact.params["hypotheses"], "the premises are about two hypothesis sets")
        high = min([high, *(t for t, (a, _) in rows if a == "inf" or Fraction(a) > u)])
    narrow = high - low <= Fraction(1, 10**7)
    value, bounds = enclosed(low, high) if narrow else (None, [float(low), float(high)])
    return Fact("h_gamma", True, {"u": proof["u"], "hypotheses": fact.params["hypotheses"]}, value=value, bounds=bounds)
