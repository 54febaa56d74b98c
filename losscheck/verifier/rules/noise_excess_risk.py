r"""What uniform label noise can cost, from the range of the sum of the losses over the classes.

Let ``a <= sum_y l_y <= b`` (premise ``class_sum_bounds``, or ``symmetric``: a = b) and ``rate < 1 - 1/K``. With S(f)
the expectation of the sum, ``R_noisy(f) = g R(f) + rate / (K - 1) S(f)``, ``g = 1 - rate K / (K - 1)``. If f* minimises
R and f_r minimises R_noisy over some hypothesis class, then ``g (R(f_r) - R(f*)) <= rate / (K - 1) (S(f*) - S(f_r))``
and ``R_noisy(f*) - R_noisy(f_r) <= rate / (K - 1) (S(f*) - S(f_r))``, so

- clean: ``R(f_r) - R(f*) <= rate (b - a) / (K - 1 - rate K)``;
- noisy: ``R_noisy(f*) - R_noisy(f_r) <= rate (b - a) / (K - 1)``.

The value is the right-hand side; infinite where b - a is and the rate is not 0 (no bound of this kind).

Proof node: ``{"rule": "noise_excess_risk", "params": {"rate": 0.3, "side": "clean"}, "rate": "3/10", "premise":
proof}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.noise import KINDS, label_losses
from losscheck.verifier.numbers import enclosed
from losscheck.verifier.rules.risk_at_truth import nominal
from losscheck.verifier.verify import Checker, Fact

__all__ = ["KINDS", "check"]


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise and compute the bound."""
    params, rate, k = dict(proof["params"]), rational(proof["rate"]), len(label_losses(case))
    expect(set(params) == {"rate", "side"} and params["side"] in ("clean", "noisy"), "the side is clean or noisy")
    expect(nominal(params["rate"], rate) and 0 <= rate < Fraction(k - 1, k), "the rate is not that asked, or too large")
    sums, name = checker.fact(proof["premise"]), "noise_excess_risk_bound"
    if sums.property == "symmetric" and sums.holds:
        return Fact(name, params=params, value=0.0, bounds=[0.0, 0.0])
    expect(sums.property == "class_sum_bounds", "the premise does not bound the sum of the losses")
    (a_low, a_high), (b_low, b_high) = sums.bounds
    if "-inf" in (a_low, a_high) or "inf" in (b_low, b_high):
        expect(rate > 0, "without noise nothing is to be bounded")
        return Fact(name, params=params, value="inf", bounds=["inf", "inf"])
    scale = rate / (k - 1 - (rate * k if params["side"] == "clean" else 0))
    low, high = max(Fraction(b_low) - Fraction(a_high), Fraction(0)), Fraction(b_high) - Fraction(a_low)
    value, bounds = enclosed(scale * low, scale * high)
    return Fact(name, params=params, value=value, bounds=bounds)
