"""Random losses a(softmax(z)_y) with a decreasing and convex, strictly: calibrated; shifted scores spoil them.

The risk sum_y p_y a(s_y) is minimised where p_y a'(s_y) is one number for all y with s_y > 0: as a' increases strictly,
a larger p_y means a larger s_y, and a class with another at least as high costs strictly more (Zhang, 2004). With
scores shifted by different constants the minimiser of the logarithmic part has another order for p close to a tie.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from tests.quality.families.drawn import Drawn, scores, weights


def profile(name: str, s: Expr, log: Expr) -> Expr:
    """A function of s = exp(log), decreasing and strictly convex."""
    return {
        "log": b.neg(log),
        "root": b.scale(Fraction(2), b.sub(b.ONE, b.sqrt(s))),
        "power": b.scale(Fraction(10, 7), b.sub(b.ONE, b.power(s, Fraction(7, 10)))),
        "square": b.power(b.sub(b.ONE, s), Fraction(2)),
        "inverse": b.sub(b.power(s, Fraction(-1)), b.ONE),
    }[name]


@st.composite
def comp_sums(draw: Any) -> Drawn:
    """One loss of two or three scores."""
    k = draw(st.sampled_from([2, 3, 3]))
    term = st.tuples(weights, st.sampled_from(["log", "root", "power", "square", "inverse"]))
    terms = draw(st.lists(term, min_size=1, max_size=3))
    linear = draw(st.none() | weights)  # plus w (1 - s_y): decreasing, and convexity stays strict
    shifted = draw(st.integers(0, 3)) == 0
    z = [b.var(f"z{i}") for i in range(k)]
    seen = [b.add(score, b.const(Fraction(i, 3))) if shifted else score for i, score in enumerate(z)]
    whole = b.lse(seen)
    roots = []
    for y in range(k):
        log = b.sub(seen[y], whole)
        s = b.exp(log)
        parts = [b.scale(w, profile(name, s, log)) for w, name in terms]
        parts += [b.scale(linear, b.sub(b.ONE, s))] if linear else []
        roots.append(b.add(*parts))
    only = {name for _, name in terms} == {"log"} and linear is None
    truths: dict[str, Any] = {
        "classification_calibrated": not shifted,
        "shift_invariant": True,
        "permutation_equivariant": not shifted,
        "symmetric": False,
        "nonnegative": True,
        "differentiable": True,
        "bounded_above": all(name in ("root", "power", "square") for _, name in terms),
    }
    if only:
        truths |= {"convex": True, "recovers_probability[link=softmax]": not shifted}
    return Drawn(scores(roots), truths)
