r"""Random sums of distances between soft sets, alone and beside the Jaccard and Dice losses of sums and minima.

Weighted sums of :math:`|x_i - y_i|` are metrics, so is the Jaccard distance 2 D / (S + D) of vectors (D the distance,
S the sum of both); squares and the Dice distance D / S break the triangle inequality. The products of the soft Jaccard
loss are exact for sets only: it is not 0 for equal soft vectors.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from tests.quality.families.drawn import Drawn, weights

M = 2
X, Y = ([b.var(f"{letter}{i}", "unit") for i in range(M)] for letter in "xy")
WHICH = ("equals_set_function[which=jaccard]", "equals_set_function[which=dice]")


def _ratio(above: Expr, below: Expr) -> Expr:
    """0 for two empty sets, as it is written in code that never divides by 0."""
    some = b.less(b.ZERO, below)
    return b.where(some, b.div(above, b.where(some, below, b.ONE)), b.ZERO)


@st.composite
def set_losses(draw: Any) -> Drawn:
    """One loss of two vectors of length two."""
    name = draw(st.sampled_from(["distance", "square", "jaccard", "dice", "products", "both"]))
    w = [draw(weights) for _ in range(M)]
    a = draw(st.sampled_from([Fraction(1), Fraction(1), Fraction(1, 2), Fraction(3)]))
    gaps = [b.absolute(b.sub(x, y)) for x, y in zip(X, Y, strict=True)]
    sums, gap = b.add(*X, *Y), b.add(*gaps)
    overlap = b.add(*(b.mul(x, y) for x, y in zip(X, Y, strict=True)))
    distance = b.add(*(b.scale(c, g) for c, g in zip(w, gaps, strict=True)))
    jaccard = _ratio(b.scale(Fraction(2), gap), b.add(sums, gap))
    loss = {
        "distance": lambda: distance,
        "square": lambda: b.add(*(b.scale(c, b.power(g, Fraction(2))) for c, g in zip(w, gaps, strict=True))),
        "jaccard": lambda: b.scale(a, jaccard),
        "dice": lambda: b.scale(a, _ratio(gap, sums)),
        "products": lambda: b.scale(a, _ratio(b.sub(sums, b.scale(Fraction(2), overlap)), b.sub(sums, overlap))),
        "both": lambda: b.add(b.scale(a, jaccard), distance),
    }[name]()
    lifted = Lifted("set", M, (1,), tuple(f"{letter}{i}" for letter in "xy" for i in range(M)), "unit", (loss,))
    metric, soft = name in ("distance", "jaccard", "both"), name != "products"
    truths: dict[str, Any] = {
        "symmetric_arguments": True,
        "triangle_inequality": metric,
        "zero_iff_equal": soft,
        "min_at_target": soft,
        WHICH[0]: name in ("jaccard", "products") and a == 1,
        WHICH[1]: name == "dice" and a == 1,
    }
    if name in ("distance", "square"):
        truths["convex_in_x_binary_y"] = True
    if name == "products":  # next to the set {0} it is 1 - x_0 / (1 + x_1)
        truths["convex_in_x_binary_y"] = False
        del truths["triangle_inequality"]
    return Drawn(lifted, truths)
