"""Piecewise constant scoring rules, such as zero-one scores with their ties (rule ``proper_by_cells``)."""

from __future__ import annotations

from losscheck.expr.graph import topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome


def attempt(lifted: Lifted, strict: bool) -> Outcome | None:
    """Prove properness, or None; a piecewise constant rule is never strictly proper."""
    if strict or lifted.kind != "simplex" or len(lifted.variables) > 5:
        return None
    if not any(n.op == "where" for n in topological(lifted.roots)):
        return None
    message = "The loss is constant on the cells of a hyperplane arrangement, and at no vertex another cell is better."
    return prove(lifted, "proper", {"rule": "proper_by_cells"}, message=message)
