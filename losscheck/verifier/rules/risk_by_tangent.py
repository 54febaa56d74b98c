"""The Bayes risk of a convex scoring rule, between a tangent and a report.

If every l_y is convex on the open simplex (premise), so is ``C(q) = sum p_y l_y(q)``; with the gradient g at an
interior point q0 of analyticity, ``C(q) >= C(q0) + g.(q - q0) >= C(q0) + min_i g_i - g.q0`` on the open simplex, hence
on the boundary too, where each l_y is the limit of its interior values (continuous by structure). The risk at any
rational report bounds the infimum above.

Proof node: ``{"rule": "risk_by_tangent", "params": {"p": [...]}, "truths": [p], "premise": proof of convex,
"inner": q0, "best": report}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Enclosure, plus, times
from losscheck.verifier.balls import point as thin
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.defined import exactly
from losscheck.verifier.faces import Simplex
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.rules.proper_witness import point, risk
from losscheck.verifier.rules.risk_at_truth import truths
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check convexity, continuity and the two bounds."""
    expect(case.kind == "simplex" and list(proof["params"]) == ["p"], "p is asked of a simplex loss")
    checker.premise(proof["premise"], "convex")
    pool, (truth, *_) = case.pool, truths(case, proof)
    simplex, inner = Simplex(pool, case.variables), point(case, proof["inner"])
    expect(min(inner.values()) > 0, "the point of the tangent is interior")
    losses = [(w, simplex.settle(r)) for w, r in zip(truth, case.roots, strict=True) if w]
    for _, loss in losses:
        ends = simplex.ends(loss)
        expect(simplex.analytic(loss), "a loss is not shown to be analytic on the open simplex")
        expect(frozenset() not in ends.plus | ends.minus | ends.none, "a loss is not shown to be continuous")
    total = pool.linear(*losses)
    slopes = [Enclosure({})(exactly(pool, pool.differentiate(total, x), inner)) for x in case.variables]
    low = Enclosure({})(exactly(pool, total, inner))
    for g, x in zip(slopes, case.variables, strict=True):
        low = plus(low, times(thin(-inner[x]), g))
    least = slopes[0][0]
    for g in slopes[1:]:
        least = g[0] if g[0] < least else least
    below = plus(low, (least, least))[0]
    above = Enclosure({})(risk(case, truth, point(case, proof["best"])))[1]
    expect(below.is_finite() and above.is_finite(), "the bounds are not finite")
    value, bounds = enclosed(fraction(below), fraction(above))
    return Fact("bayes_risk", params=dict(proof["params"]), value=value, bounds=bounds)
