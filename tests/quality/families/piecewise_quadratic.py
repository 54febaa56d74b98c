"""Random sums of squared knots and plain knots: convex by construction, calibrated by the slope at 0."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from tests.quality.families.drawn import Drawn, V, margin, places, weights


@st.composite
def piecewise_quadratic(draw: Any) -> Drawn:
    r"""One sum of :math:`w \max(0, s (c - v))^n`, s = 1 or -1, n = 1 or 2: (w, c, s, n) are drawn."""
    term = st.tuples(weights, places, st.sampled_from([1, 1, 1, -1]), st.sampled_from([1, 2, 2]))
    terms = draw(st.lists(term, min_size=1, max_size=4))
    parts, slope, corner = [], Fraction(0), False
    for w, c, s, n in terms:
        knot = b.maximum([b.ZERO, b.scale(Fraction(s), b.sub(b.const(c), V))])
        parts.append(b.scale(w, b.power(knot, Fraction(n))))
        inside = max(Fraction(0), s * c)
        slope += -w * s * n * (inside if n == 2 else Fraction(inside > 0))
        corner |= n == 1 and c == 0
    left = any(s == 1 for _, _, s, _ in terms)
    right = any(s == -1 for _, _, s, _ in terms)
    squared = any(n == 2 for *_, n in terms)
    total = sum(w for w, *_ in terms)
    return Drawn(
        margin(b.add(*parts)),
        {
            "classification_calibrated": not corner and slope < 0,  # Bartlett, Jordan, McAuliffe, 2006, Theorem 2
            "convex": True,
            "nonnegative": True,
            "bounded_below": True,
            "bounded_above": False,
            "nonincreasing": left and not right,
            "symmetric": False,
            "differentiable": not any(n == 1 for *_, n in terms),
            **({} if squared or (left and right) else {"lipschitz[norm=l2]": total}),
        },
    )
