"""A proof that a loss is convex, for use as a premise of another theorem."""

from __future__ import annotations

from typing import Any

from losscheck.expr.constants import choices
from losscheck.lifting.lifted import Lifted
from losscheck.proving import derive
from losscheck.theorems import convex_by_curvature, convex_by_pieces


def convex_premise(lifted: Lifted, *, every: bool = False) -> dict[str, Any] | None:
    """A proof node of convexity under some choice of float constants, or under ``every`` choice; None if none holds."""
    candidates: list[dict[str, Any]] = [dict(convex_by_curvature.PROOF)]
    if len(lifted.variables) == 1:
        candidates += [convex_by_pieces.proof(lifted, balls=every, fine=fine) for fine in (False, True)]
    for proof in candidates:
        for choice in [{}] if every else choices(lifted.roots):
            if derive(lifted, "convex", "refuted" if every else "proved", proof, choice) is not None:
                return proof
    return None
