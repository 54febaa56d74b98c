"""Random losses c - g(v) with g odd and increasing: phi(v) + phi(-v) = 2 c, so label noise does not move minimisers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from tests.quality.families.drawn import Drawn, V, margin, places, weights


def odd(name: str, v: Expr) -> Expr:
    """An odd and increasing function."""
    sigmoid = b.exp(b.neg(b.lse([b.ZERO, b.neg(v)])))
    return {
        "line": v,
        "sigmoid": b.sub(sigmoid, b.const(Fraction(1, 2))),
        "angle": b.atan(v),
        "erf": b.erf(v),
        "clip": b.sub(b.maximum([b.const(-1), v]), b.maximum([b.ZERO, b.sub(v, b.ONE)])),
    }[name]


@st.composite
def odd_margins(draw: Any) -> Drawn:
    """One symmetric loss, or one spoilt by an even term that breaks the symmetry alone."""
    term = st.tuples(weights, weights, st.sampled_from(["line", "sigmoid", "angle", "erf", "clip"]))
    terms = draw(st.lists(term, min_size=1, max_size=3))
    lines = any(name == "line" for *_, name in terms)
    spoilt = draw(st.integers(0, 3)) == 0
    c = draw(places)
    parts = [b.neg(b.scale(w, odd(name, b.scale(s, V)))) for w, s, name in terms]
    if spoilt:
        parts.append(b.scale(draw(weights), b.exp(b.neg(b.power(V, Fraction(2))))))
    truths: dict[str, Any] = {
        "symmetric": not spoilt,
        "noise_tolerant[model=uniform]": not spoilt,
        "bounded_below": not lines,
        "bounded_above": not lines,
    }
    if not spoilt:
        truths |= dict.fromkeys(("classification_calibrated", "nonincreasing"), True)
        truths |= dict.fromkeys(("recovers_probability", "proper_composite"), False)
    return Drawn(margin(b.add(b.const(c), *parts)), truths)
