"""Facts of a regression loss from its function of one variable.

Let ``l(u + v, u) = f(v) + c(u)`` (shift), ``l(u v, u) = u^k f(v) + c(u)`` for u > 0 (scale), or ``l(u + v, u) = h(u)
f(v) + c(u)`` with h > 0 (weighted), as :mod:`losscheck.verifier.regression` shows. For every y the map ``yhat ->
l(yhat, y)`` is f up to an affine change of its argument, a positive factor and a constant, so the loss is convex
(differentiable) iff f is. Its slope is ``f'(v)``, or ``u^(k-1) f'(v)``: the least Lipschitz constant is that of f for a
shift and for k = 1, and infinite for every other k unless that of f is 0. So is that of the slope (``smoothness``),
with k = 2 in place of 1; and bounded slopes of f bound those of l for a shift and for k = 1. Where c = 0, the loss is
nonnegative if f is; it is bounded below (above) if f is and there is no factor u^k other than 1.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, CertificateRejected, expect, rational
from losscheck.verifier.regression import profile
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the reduction, then the fact of the function of one variable."""
    found = profile(case, proof["chart"], rational(proof.get("degree", "0")))
    fact = Checker(found.case).fact(proof["proof"])
    if fact.property in ("convex", "differentiable"):
        return fact
    expect(found.chart != "weighted", "only convexity and differentiability hold whatever the weight")
    if fact.property in ("lipschitz", "smoothness"):
        if found.chart == "shift" or found.degree == (1 if fact.property == "lipschitz" else 2):
            return fact
        expect(fact.bounds[0] == "inf" or fact.bounds[0] > 0, "the slope is not shown to differ from 0")
        return Fact(fact.property, params=fact.params, value="inf", bounds=["inf", "inf"])
    if fact.property == "bounded_influence":
        expect(found.chart == "shift" or found.degree == 1, "the slopes grow with y")
        return fact
    expect(found.bare and fact.holds, "the loss has a term of its own in y, or a bound does not transfer")
    if fact.property == "nonnegative":
        return fact
    if fact.property in ("bounded_below", "bounded_above"):
        expect(found.degree == 0, "a bound of the function of one variable is none of the loss")
        return fact
    raise CertificateRejected(f"{fact.property} does not transfer from a function of one variable")
