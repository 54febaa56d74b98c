"""A proof that a loss is convex, for use as a premise of another theorem."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from losscheck.engines.breakpoints import grid
from losscheck.engines.numeric import evaluate
from losscheck.expr.constants import choices, chosen
from losscheck.lifting.lifted import Lifted
from losscheck.proving import derive
from losscheck.theorems import convex_by_curvature, convex_by_pieces


@lru_cache(maxsize=16)
def bends_down(lifted: Lifted) -> bool:
    """Whether a loss of one variable lies clearly above one of its chords, in floats: no proof is worth trying."""
    x = grid(lifted.domain)
    low, high = {"unit": (1e-3, 1 - 1e-3), "positive": (1e-3, 12.0)}.get(lifted.domain, (-12.0, 12.0))
    x = x[(x >= low) & (x <= high)][::4]  # where nothing cancels, and sums of exponentials do not vanish in rounding
    with np.errstate(all="ignore"):
        for y in evaluate(chosen(lifted.roots, choices(lifted.roots)[0]), {lifted.variables[0]: x}):
            for gap in (1, 16, 256):
                a, b, c = (slice(None, -2 * gap), slice(gap, -gap), slice(2 * gap, None))
                share = (x[b] - x[a]) / (x[c] - x[a])
                size = np.abs(y[a]) + np.abs(y[b]) + np.abs(y[c])
                above = y[b] - (1 - share) * y[a] - share * y[c] > 1e-6 * size + 1e-9
                if (above & np.isfinite(size)).any():
                    return True
    return False


def convex_premise(lifted: Lifted, *, every: bool = False) -> dict[str, Any] | None:
    """A proof node of convexity under some choice of float constants, or under ``every`` choice; None if none holds."""
    candidates: list[dict[str, Any]] = [dict(convex_by_curvature.PROOF)]
    if len(lifted.variables) == 1 and not lifted.parameters and not bends_down(lifted):
        candidates += [convex_by_pieces.proof(lifted, balls=every, fine=fine) for fine in (False, True)]
    for proof in candidates:
        for choice in [{}] if every else choices(lifted.roots):
            if derive(lifted, "convex", "refuted" if every else "proved", proof, choice) is not None:
                return proof
    return None
