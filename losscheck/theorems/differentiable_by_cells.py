"""Differentiability of losses that are quadratic on polyhedral cells (rule ``differentiable_by_cells``)."""

from __future__ import annotations

from losscheck.expr.graph import topological
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems.convex_by_cells import LARGEST
from losscheck.verdict import Outcome


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove differentiability cell by cell, or None."""
    if lifted.domain != "real" or len(lifted.variables) < 2:
        return None
    if len(topological(lifted.roots)) > LARGEST[min(len(lifted.variables), 5)]:
        return None
    message = "Every loss is quadratic on polyhedral cells, and the gradients of cells agree where they meet."
    return prove(lifted, "differentiable", {"rule": "differentiable_by_cells"}, message=message)
