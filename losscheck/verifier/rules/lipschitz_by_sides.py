"""The Lipschitz constant in yhat of a regression loss from its slopes on both sides of the diagonal.

Lemma. A function that is continuous, and whose slope is at most U in absolute value where yhat differs from y, has
Lipschitz constant at most U. A limit of slopes along a line on one side of the diagonal is a lower bound.

Proof node: ``{"rule": "lipschitz_by_sides", "chart": "shift" | "log", "upper": "U", "norm": "l2", "line": {"path": [[a,
b], [c, d]], "far": bool, "reach": "r"}}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.certificate import Case, CertificateRejected, expect, rational
from losscheck.verifier.diagonal import sides
from losscheck.verifier.ends import end_limit
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.points import counted
from losscheck.verifier.regression import line
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def seen(case: Case, slopes: tuple[Node, Node], where: dict[str, Any]) -> arb:
    """The limit of the absolute slope along a line that stays on one side of the diagonal."""
    pool = case.pool
    change, low, high = line(case, where["path"], where["far"] is True, where["reach"])
    gap = pool.substitute(pool.sub(pool.var("yhat"), pool.var("y")), change)
    side = interval_sign(pool, gap, "t", low, high)
    expect(side in "+-", "the line is not shown to stay on one side of the diagonal")
    slope = pool.substitute(slopes["+-".index(side)], change)
    limit = end_limit(pool, slope, "t", *((None, -1) if high is None else (low, 1)))
    if limit is None or not isinstance(limit[1], arb):
        raise CertificateRejected("no finite limit of the slope is shown along the line")
    return abs(limit[1])


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the upper bound on both sides and the limit."""
    pool, upper = case.pool, rational(proof["upper"])
    expect(not counted(case), "the slopes of real observations bound those of counts, but need not be reached")
    parts = sides(case, proof["chart"])
    above, below = (pool.differentiate(node, "yhat") for _, node in parts)
    for (region, _), slope in zip(parts, (above, below), strict=True):
        for k in (1, -1):
            gap = pool.linear((upper, pool.one), (Fraction(k), slope))
            expect(region.sign(gap) in "+p0", "the upper bound of the slope is not shown")
    expect(proof["norm"] in ("l2", "linf"), "norm is l2 or linf")
    size = seen(case, (above, below), proof["line"])
    low = upper if size.is_exact() and fraction(size) == upper else fraction(size.lower())
    value, bounds = enclosed(min(low, upper), upper)
    return Fact("lipschitz", params={"norm": proof["norm"]}, value=value, bounds=bounds)
