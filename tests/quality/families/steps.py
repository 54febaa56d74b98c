"""Random step losses of the sign of the margin: the risk takes three values, so every answer is a comparison.

With a for negative, m for no and c for positive margins the risk of a right sign, eta c + (1 - eta) a, is the least for
every eta > 1/2 exactly if a > c and m is at least their mean.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from tests.quality.families.drawn import Drawn, V, margin, places, weights


@st.composite
def steps(draw: Any) -> Drawn:
    """One step loss, or one with a slope beside the step."""
    a, m, c = draw(places), draw(places), draw(places)
    phi = b.where(b.less(V, b.ZERO), b.const(a), b.where(b.less(b.ZERO, V), b.const(c), b.const(m)))
    if draw(st.integers(0, 3)) == 0:
        sloped = b.add(phi, b.scale(draw(weights), b.maximum([b.ZERO, b.sub(b.ONE, V)])))
        return Drawn(margin(sloped), {"scale_invariant": False, "bounded_above": False, "bounded_below": True})
    flat = a == m == c
    return Drawn(
        margin(phi),
        {
            "scale_invariant": True,
            "classification_calibrated": a > c and 2 * m >= a + c,
            "nonincreasing": a >= m >= c,
            "nonnegative": min(a, m, c) >= 0,
            "symmetric": 2 * m == a + c,
            "convex": flat,
            "differentiable": flat,
            "bounded_above": True,
            "bounded_below": True,
            "recovers_probability": False,
        },
    )
