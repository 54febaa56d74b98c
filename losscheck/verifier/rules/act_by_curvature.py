"""The Bayes act of a convex scoring rule, in a small ball around a report.

Let every l_y be convex on the open simplex (premise) and continuous in (-inf, inf] up to the boundary (by structure),
and ``C(q) = sum p_y l_y(q)`` as a function of the first K - 1 coordinates x. If on a box of half width r around x0,
inside the open simplex, the Hessian is at least ``m`` (interval entries: their middles minus the row sums of their
radii and m are positive semidefinite) and ``|grad C(x0)| < m r / 2``, then on the sphere ``|x - x0| = r``
``C(x) >= C(x0) - |grad| r + m r^2 / 2 > C(x0)``. So C has a minimiser inside the ball, unique there by strict
convexity, and by convexity every report outside has a larger risk.

Proof node: ``{"rule": "act_by_curvature", "params": {"p": [...]}, "truths": [p], "premise": proof of convex,
"centre": q0, "radius": r, "curvature": m}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, point
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import ranges
from losscheck.verifier.definite import definiteness
from losscheck.verifier.faces import Simplex
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.rules.proper_witness import point as simplex_point
from losscheck.verifier.rules.risk_at_truth import truths
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

Rational = tuple[Fraction, Fraction]


def span(value: Enclosure, n: Node) -> Rational:
    """Finite rational bounds of a node on a box."""
    low, high = value(n)
    expect(low.is_finite() and high.is_finite(), "a derivative is not bounded near the report")
    return fraction(low), fraction(high)


def steady(case: Case, truth: list[Fraction]) -> Node:
    """The conditional risk in the first K - 1 coordinates, after checking that each loss is continuous above -inf."""
    pool, simplex = case.pool, Simplex(case.pool, case.variables)
    parts = [(w, simplex.settle(r)) for w, r in zip(truth, case.roots, strict=True) if w]
    for _, loss in parts:
        ends = simplex.ends(loss)
        expect(simplex.analytic(loss), "a loss is not shown to be analytic on the open simplex")
        expect(not ends.minus and frozenset() not in ends.plus | ends.none, "a loss is not shown to be above -inf")
    *free, last = case.variables
    rest = pool.sub(pool.one, pool.add(*(pool.var(x) for x in free)))
    return pool.substitute(pool.linear(*parts), {pool.var(last): rest})


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check convexity, continuity, and the ball."""
    expect(case.kind == "simplex" and list(proof["params"]) == ["p"], "p is asked of a simplex loss")
    checker.premise(proof["premise"], "convex")
    pool, (truth, *_) = case.pool, truths(case, proof)
    risk, centre = steady(case, truth), simplex_point(case, proof["centre"])
    r, m = rational(proof["radius"]), rational(proof["curvature"])
    *free, last = case.variables
    wide = len(free) * r
    expect(r > 0 and m > 0, "radius and curvature are positive")
    expect(min(centre[x] for x in free) > r and centre[last] > wide, "the box leaves the open simplex")
    here = Enclosure({x: point(centre[x]) for x in free})
    box = Enclosure(ranges({x: (centre[x] - r, centre[x] + r) for x in free}))
    slope = [pool.differentiate(risk, x) for x in free]
    size = sum((max(abs(a), abs(b)) ** 2 for a, b in (span(here, g) for g in slope)), Fraction(0))
    expect(4 * size < m * m * r * r, "the report is not close enough to a stationary point")
    bends = [[span(box, pool.differentiate(g, x)) for x in free] for g in slope]
    for i in range(len(free)):  # the Hessian is symmetric: one enclosure per pair
        for j in range(i):
            bends[i][j] = bends[j][i]
    least = [
        [(a + b) / 2 - (m + sum((d - c) / 2 for c, d in row) if i == j else 0) for j, (a, b) in enumerate(row)]
        for i, row in enumerate(bends)
    ]
    expect(definiteness(least) in "+p", "the risk is not shown to be strongly convex near the report")
    found = [
        enclosed(centre[x] - h, centre[x] + h) for x, h in zip(case.variables, [*([r] * len(free)), wide], strict=True)
    ]
    return Fact("bayes_act", params=dict(proof["params"]), value=[v for v, _ in found], bounds=[e for _, e in found])
