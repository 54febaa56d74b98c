"""The Bayes act of a convex scoring rule, in a small ball around a report.

Let every l_y be convex on the open simplex (premise) and continuous in (-inf, inf] up to the boundary (by structure),
and ``C(q) = sum p_y l_y(q)`` as a function of the first K - 1 coordinates. If C has an isolated minimiser in a box
inside the open simplex (:mod:`losscheck.verifier.isolated_minimum`), then by convexity every report outside the box has
a larger risk.

Proof node: ``{"rule": "act_by_curvature", "params": {"p": [...]}, "truths": [p], "premise": proof of convex,
"centre": q0, "radius": r, "curvature": m}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.faces import Simplex
from losscheck.verifier.isolated_minimum import isolated
from losscheck.verifier.numbers import enclosed
from losscheck.verifier.rules.proper_witness import point as simplex_point
from losscheck.verifier.rules.risk_at_truth import truths
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact


def settled_risk(case: Case, truth: list[Fraction]) -> Node:
    """The conditional risk, after checking that each loss is analytic on the open simplex and continuous above -inf."""
    simplex = Simplex(case.pool, case.variables)
    parts = [(w, simplex.settle(r)) for w, r in zip(truth, case.roots, strict=True) if w]
    for _, loss in parts:
        ends = simplex.ends(loss)
        expect(simplex.analytic(loss), "a loss is not shown to be analytic on the open simplex")
        expect(not ends.minus and frozenset() not in ends.plus | ends.none, "a loss is not shown to be above -inf")
    return case.pool.linear(*parts)


def reduced(case: Case, risk: Node) -> Node:
    """A function on the simplex in the first K - 1 coordinates."""
    pool, (*free, last) = case.pool, case.variables
    rest = pool.sub(pool.one, pool.add(*(pool.var(x) for x in free)))
    return pool.substitute(risk, {pool.var(last): rest})


def act(case: Case, proof: dict[str, Any], centre: dict[str, Fraction], r: Fraction) -> Fact:
    """The claim that the only best report is within r of the centre."""
    radii = [*([r] * (len(centre) - 1)), (len(centre) - 1) * r]
    found = [enclosed(centre[x] - h, centre[x] + h) for x, h in zip(case.variables, radii, strict=True)]
    return Fact("bayes_act", params=dict(proof["params"]), value=[v for v, _ in found], bounds=[e for _, e in found])


def inside(case: Case, centre: dict[str, Fraction], reach: Fraction) -> list[str]:
    """The first K - 1 coordinates, after checking that the box around the centre lies in the open simplex."""
    *free, last = case.variables
    wide = len(free) * reach
    expect(min(centre[x] for x in free) > reach and centre[last] > wide, "the box leaves the open simplex")
    return free


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check convexity, continuity, and the ball."""
    expect(case.kind == "simplex" and list(proof["params"]) == ["p"], "p is asked of a simplex loss")
    checker.premise(proof["premise"], "convex")
    (truth, *_), centre = truths(case, proof), simplex_point(case, proof["centre"])
    r, m = rational(proof["radius"]), rational(proof["curvature"])
    risk, free = reduced(case, settled_risk(case, truth)), inside(case, centre, r)
    isolated(case.pool, risk, free, centre, radius=r, reach=r, curvature=m)
    return act(case, proof, centre, r)
