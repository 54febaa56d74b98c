"""Convexity of losses that are quadratic on polyhedral cells (rule ``convex_by_cells``)."""

from __future__ import annotations

from losscheck.expr.graph import topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome

LARGEST = [0, 5000, 5000, 5000, 600, 0]
"""Nodes of a graph by number of scores: cells multiply with both."""


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove convexity cell by cell, or None."""
    if lifted.domain != "real" or len(topological(lifted.roots)) > LARGEST[min(len(lifted.variables), 5)]:
        return None
    message = "Every loss is continuous, quadratic and convex on polyhedral cells, and its slopes rise across cells."
    return prove(lifted, "convex", {"rule": "convex_by_cells"}, message=message)
