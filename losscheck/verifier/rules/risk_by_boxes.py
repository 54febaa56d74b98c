"""The Bayes risk and act of a smooth scoring rule that need not be convex: curvature near the best report, boxes else.

Let every l_y be analytic on the open simplex and continuous in (-inf, inf] up to the boundary (by structure), and
``C(q) = sum p_y l_y(q)``. If C has an isolated minimiser in a box B inside the open simplex, within r of its centre c
(:mod:`losscheck.verifier.isolated_minimum`), and ``C > C(c)`` on finitely many boxes that cover the rest of the closed
simplex (outward rounding; near the boundary all K coordinates have ranges, so infinite values are seen), then that
minimiser is the only best report, and the least risk lies between ``C(c)`` less the fall in B and ``C(c)``.

Proof node: ``{"rule": "risk_by_boxes", "ask": "bayes_risk" or "bayes_act", "params": {"p": [...]}, "truths": [p],
"centre": c, "radius": r, "reach": half width of B, "curvature": m}``.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, Undefined
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import Box, Exhausted, acceptor, cover, implies, ranges, sign
from losscheck.verifier.isolated_minimum import isolated
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.rules.act_by_curvature import act, inside, reduced, settled_risk
from losscheck.verifier.rules.proper_witness import point, risk
from losscheck.verifier.rules.risk_at_truth import truths
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

MOST_BOXES = 6000


def higher(case: Case, gap: Node, near: dict[str, tuple[Fraction, Fraction]]) -> Callable[[Box], bool]:
    """Accept boxes of the first K - 1 coordinates that lie near c, outside the simplex, or where the gap is > 0."""
    last = case.variables[-1]
    within = acceptor(case.pool, reduced(case, gap), ">", smooth=True)

    def accept(box: Box) -> bool:
        ends = {x: (Fraction(a or 0), Fraction(b or 0)) for x, (a, b) in box.items()}
        low, high = (sum((e[i] for e in ends.values()), Fraction(0)) for i in (0, 1))
        if low > 1 or all(near[x][0] <= a and b <= near[x][1] for x, (a, b) in ends.items()):
            return True
        if high < 1 and min(a for a, _ in ends.values()) > 0:
            try:
                return within(box)
            except Exhausted:  # a middle where C is no higher: near c, or there is a better report
                if any(b < near[x][0] or a > near[x][1] for x, (a, b) in ends.items()):
                    raise
                return False
        try:
            rest = (max(Fraction(0), 1 - high), 1 - low)
            value = Enclosure(ranges({**ends, last: rest}))
            return implies(sign(gap, value), ">") and bool(value(gap)[0] > 0)  # exp(-1/q) > 0 has the limit 0 at q = 0
        except Undefined:
            return False

    return accept


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the isolated minimiser and the cover of the rest."""
    expect(case.kind == "simplex" and list(proof["params"]) == ["p"], "p is asked of a simplex loss")
    expect(proof["ask"] in ("bayes_risk", "bayes_act"), "nothing else follows")
    pool, (truth, *_), centre = case.pool, truths(case, proof), point(case, proof["centre"])
    r, reach, m = (rational(proof[x]) for x in ("radius", "reach", "curvature"))
    total, free = settled_risk(case, truth), inside(case, centre, reach)
    fall = isolated(pool, reduced(case, total), free, centre, radius=r, reach=reach, curvature=m)
    low, high = (fraction(x) for x in Enclosure({})(risk(case, truth, centre)))
    near = {x: (centre[x] - reach, centre[x] + reach) for x in free}
    accept = higher(case, pool.sub(total, pool.const(high)), near)
    cover(accept, dict.fromkeys(free, (Fraction(0), Fraction(1))), MOST_BOXES)
    if proof["ask"] == "bayes_act":
        return act(case, proof, centre, r)
    value, bounds = enclosed(low - fall, high)
    return Fact("bayes_risk", params=dict(proof["params"]), value=value, bounds=bounds)
