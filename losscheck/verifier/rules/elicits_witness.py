"""A law at which a regression loss does not elicit a functional.

A finite law with rational atoms in the domain and rational weights, its functional m (the only quantile, where one is
asked), and a report r in the domain whose expected loss is certified to be smaller than that of m, for every choice of
the float constants and every level within 2 ulp of the one asked (an expectile is then an interval).
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Enclosure, Range, hull, plus, point, times
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import exactly
from losscheck.verifier.law import expectile, law, level_of, quantile
from losscheck.verifier.points import counted, positives, rational_point
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the law and the two expected losses."""
    pool, (root,), positive = case.pool, case.roots, positives(case)
    params, t, spread = level_of(proof)
    rows = law([rational(y) for y in proof["y"]], [rational(w) for w in proof["w"]])
    expect(positive["y"] or not positive["yhat"] or counted(case), "the functional of a real y may be no yhat")
    if params["functional"] in ("mean", "expectile"):
        low, high = expectile(rows, t - spread), expectile(rows, t + spread)
    else:
        low = high = quantile(rows, t, spread)

    def loss(yhat: Any, y: Any) -> Range:
        at = rational_point(case, [str(yhat), str(y)])
        return Enclosure({})(exactly(pool, root, at))

    better, worse = point(0), point(0)
    for y, w in rows:
        rational_point(case, [str(low), str(y)])
        if low == high:
            true = loss(low, y)
        else:  # switches may be open on the interval: the enclosure takes both branches
            true = Enclosure({"yhat": hull(point(low), point(high)), "y": point(y)})(root)
        better = plus(better, times(point(w), loss(rational(proof["report"]), y)))
        worse = plus(worse, times(point(w), true))
    expect(better[1].is_finite() and better[1] < worse[0], "the report is not shown to be better")
    return Fact("elicits", holds=False, params=params)
