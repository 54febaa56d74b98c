"""The Lipschitz constant of a convex loss of one variable from its slopes at the ends."""

from __future__ import annotations

from losscheck.engines.breakpoints import breakpoints
from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.theorems import convex_by_curvature, convex_by_pieces
from losscheck.verdict import Outcome


def attempt(lifted: Lifted, norm: str) -> Outcome | None:
    """Prove the Lipschitz constant of a convex loss, or None."""
    breaks = [breakpoints(r, lifted.variables[0], lifted.domain) for r in lifted.roots]
    message = "The loss is convex, so its slopes are steepest at the ends; their limits there are enclosed."
    for convex in (convex_by_curvature.PROOF, convex_by_pieces.proof(lifted)):
        proof = {"rule": "slope_by_convexity", "norm": norm, "convex": convex, "breaks": breaks}
        if found := prove(lifted, "lipschitz", proof, message=message):
            return found
    return None
