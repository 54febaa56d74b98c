"""A regression loss that tends to an infinity along a line of its domain, so it is not bounded on that side.

Proof node: ``{"rule": "unbounded_on_line", "side": "below" | "above", "path": [[a, b], [c, d]], "far": bool,
"reach": "r"}``: ``yhat = a + b t, y = c + d t``, for 0 < t < r, or for t > r if far.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.carried import nothing_lost
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.curve import curve
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.regression import line
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the line and the infinite limit."""
    sense = {"below": -1, "above": 1}[proof["side"]]
    change, low, high = line(case, proof["path"], proof["far"] is True, proof["reach"])
    f = case.pool.substitute(case.roots[0], change)
    nothing_lost(case.pool, case.roots[0], f, change, lambda n: interval_sign(case.pool, n, "t", low, high))
    c = curve(case.pool, f, "t", low, high, [])
    limit = c.end(c.pieces[0].node, high is None)
    expect(isinstance(limit, int) and limit == sense, "no infinite limit is shown along the line")
    return Fact(f"bounded_{proof['side']}", holds=False)
