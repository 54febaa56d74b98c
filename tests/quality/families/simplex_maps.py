"""Random maps onto the simplex: ratios g(z_i) / sum_j g(z_j), mixtures of softmaxes, and spoilt ones.

Ratios with g positive and increasing are probabilities in the order of the scores, largest at a corner of a cube; their
Jacobian is symmetric only where (log g)' is constant. A mixture of softmaxes with positive temperatures is the gradient
of a convex function; negative temperatures turn it round, biases on the scores break its order.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.identifier import identifier
from losscheck.lifting.lifted import Lifted
from tests.quality.families.drawn import Drawn, places, weights


def _sigmoid(z: Expr) -> Expr:
    return b.exp(b.neg(b.lse([b.ZERO, b.neg(z)])))


def _gauge(name: str, z: Expr) -> Expr:
    return {
        "sigmoid": lambda: _sigmoid(z),
        "softplus": lambda: b.lse([b.ZERO, z]),
        "angle": lambda: b.add(b.const(2), b.atan(z)),
        "raised": lambda: b.add(b.ONE, b.exp(z)),
    }[name]()


VALUES = {
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "softplus": lambda x: math.log1p(math.exp(x)),
    "angle": lambda x: 2 + math.atan(x),
    "raised": lambda x: 1 + math.exp(x),
}


def _lifted(roots: list[Expr]) -> Lifted:
    k = len(roots)
    return Lifted("map", k, tuple(range(k)), tuple(f"z{i}" for i in range(k)), "real", tuple(roots))


@st.composite
def simplex_maps(draw: Any) -> Drawn:
    """One map of two or three scores."""
    k = draw(st.sampled_from([2, 3, 3]))
    z = [b.var(f"z{i}") for i in range(k)]
    low, high = sorted(draw(st.sets(places, min_size=2, max_size=2)))
    cube = identifier("dispersion_bound", {"low": float(low), "high": float(high)})
    if draw(st.booleans()):
        names = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=2, unique=True))
        sizes = [draw(weights) for _ in names]
        gauges = [b.add(*(b.scale(w, _gauge(n, x)) for w, n in zip(sizes, names, strict=True))) for x in z]
        top, bottom = (
            sum(float(w) * VALUES[n](float(end)) for w, n in zip(sizes, names, strict=True)) for end in (high, low)
        )
        short = draw(st.integers(0, 3)) == 0  # one more in the denominator: sums below 1
        whole = b.add(*gauges, b.ONE) if short else b.add(*gauges)
        truths: dict[str, Any] = {
            "simplex_valued": not short,
            "order_preserving": True,
            "jacobian_symmetric_psd": False,
            "shift_invariant": False,
            "permutation_equivariant": True,
            cube: top / (top + (k - 1) * bottom + short),
        }
        return Drawn(_lifted([b.div(g, whole) for g in gauges]), truths)
    steep = draw(st.lists(weights, min_size=1, max_size=2))
    shares = [draw(weights) for _ in steep]
    flat = draw(st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(3)]))
    backwards, biased = draw(st.sampled_from([(False, False), (False, False), (True, False), (False, True)]))
    total = sum(shares) + flat
    seen = [b.add(x, b.const(Fraction(i))) if biased else x for i, x in enumerate(z)]
    roots = []
    for y in range(k):
        parts = []
        for share, c in zip(shares, steep, strict=True):
            scaled = [b.scale(-c if backwards else c, x) for x in seen]
            parts.append(b.scale(share / total, b.exp(b.sub(scaled[y], b.lse(scaled)))))
        roots.append(b.add(*parts, b.const(flat / total / k)))
    truths = {
        "simplex_valued": True,
        "order_preserving": not (backwards or biased),
        "jacobian_symmetric_psd": not backwards,
        "shift_invariant": True,
        "permutation_equivariant": not biased,
    }
    if not biased:
        gap = float(high - low)  # turned round, the largest output is at the corner where one score is low alone
        peak = sum(float(w) / (1 + (k - 1) * math.exp(-float(c) * gap)) for w, c in zip(shares, steep, strict=True))
        truths[cube] = (peak + float(flat) / k) / float(total)
    return Drawn(_lifted(roots), truths)
