"""Random sums of scores of cumulative probabilities: strictly proper, and mass far from the outcome costs more.

A strictly proper binary score of ``P_k = p_0 + ... + p_k`` against 1[y <= k] for every k identifies all P_k. Mass moved
from j to k > j > y lowers P_j, ..., P_{k-1}, all of which should be 1. Added scores of p_y do not see such a move; the
Brier score falls where the mass had been in one class, faster than cumulative scores rise.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from tests.quality.families.drawn import Drawn, scores, weights

TWO = Fraction(2)


def _cumulative(name: str, p: list[Expr], y: int, k: int) -> Expr:
    """The score of the sum up to k; of the mass on the label's side for the logarithm."""
    below, above = b.add(*p[: k + 1]), b.add(*p[k + 1 :])
    right, wrong = (below, above) if y <= k else (above, below)
    return b.power(wrong, TWO) if name == "square" else b.neg(b.log(right))


@st.composite
def ranked_rules(draw: Any) -> Drawn:
    """One rule for three or four classes."""
    k = draw(st.sampled_from([3, 3, 4]))
    p = [b.var(f"p{i}", "unit") for i in range(k)]
    name = draw(st.sampled_from(["square", "log"]))
    sizes = [draw(weights) for _ in range(k - 1)]
    beside = draw(st.none() | st.sampled_from(["log", "Brier"]))
    amount = draw(weights)
    squares = b.add(*(b.power(q, TWO) for q in p))
    roots = []
    for y in range(k):
        parts = [b.scale(w, _cumulative(name, p, y, i)) for i, w in enumerate(sizes)]
        if beside:
            parts.append(b.scale(amount, b.neg(b.log(p[y])) if beside == "log" else b.sub(squares, b.scale(TWO, p[y]))))
        roots.append(b.add(*parts))
    truths = {
        "proper": True,
        "strictly_proper": True,
        "local": False,
        "distance_sensitive": beside != "Brier",
        "permutation_equivariant": False,
        "symmetric": False,
        "bounded_below": True,
        "bounded_above": name == "square" and beside != "log",
    }
    return Drawn(scores(roots, "simplex"), truths)
