"""Sums of functions of one difference each (rule ``by_entries``)."""

from __future__ import annotations

from fractions import Fraction

from losscheck.engines.breakpoints import breakpoints
from losscheck.expr.build import const, substitute, var
from losscheck.expr.graph import topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome


def attempt(lifted: Lifted, ask: str) -> Outcome | None:
    """Prove ``ask`` of a sum over the entries, or None."""
    (root,), n = lifted.roots, len(lifted.variables) // 2
    hints = []
    for i in range(n):
        keep = lifted.variables[i]
        swap = {m: var("v", "unit") if m.value[0] == keep else const(0) for m in topological([root]) if m.op == "var"}
        try:
            (h,) = substitute([root], swap)
        except (ZeroDivisionError, ValueError, ArithmeticError):
            return None
        cuts = breakpoints(h, "v", "unit")
        hints.append([c for c in cuts if isinstance(c, list) or 0 < Fraction(c) < 1])
    message = "The loss is a sum of functions of one difference each, 0 where that is 0 and positive elsewhere."
    return prove(lifted, ask, {"rule": "by_entries", "ask": ask, "breaks": hints}, message=message)
