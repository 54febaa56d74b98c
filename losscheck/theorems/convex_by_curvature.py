"""Convexity in any dimension by composition rules on the graph (rule ``convex_by_curvature``)."""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.proving import prove
from losscheck.verdict import Outcome

PROOF = {"rule": "convex_by_curvature"}


def attempt(lifted: Lifted) -> Outcome | None:
    """Prove convexity of every label, or None."""
    message = "Every loss is convex by composition: sums, maxima and log-sum-exps of convex terms."
    return prove(lifted, "convex", PROOF, message=message)
