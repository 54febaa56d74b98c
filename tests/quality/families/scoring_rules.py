"""Random positive sums of strictly proper scoring rules on the simplex; one spoiling term makes the sum improper.

A spoiling term is differentiable inside, and its expected value under p has a gradient at q = p that is not constant
over the classes unless p is uniform: the sum is then not stationary at q = p.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from tests.quality.families.drawn import Drawn, scores, weights

TWO = Fraction(2)


def _proper(name: str, p: list[Expr], y: int) -> Expr:
    squares = b.add(*(b.power(q, TWO) for q in p))
    return {
        "log": b.neg(b.log(p[y])),
        "Brier": b.sub(squares, b.scale(TWO, p[y])),
        "spherical": b.neg(b.div(p[y], b.sqrt(squares))),
        "cubic": b.sub(
            b.scale(TWO, b.add(*(b.power(q, Fraction(3)) for q in p))), b.scale(Fraction(3), b.power(p[y], TWO))
        ),
    }[name]


def _spoiler(name: str, p: list[Expr], y: int) -> Expr:
    return {
        "linear": b.sub(b.ONE, p[y]),
        "root": b.neg(b.sqrt(p[y])),
        "common": b.power(p[0], TWO),
        "smoothed": b.neg(b.log(b.add(p[y], b.const(Fraction(1, 64))))),
        "focal": b.neg(b.mul(b.power(b.sub(b.ONE, p[y]), TWO), b.log(p[y]))),
    }[name]


@st.composite
def scoring_rules(draw: Any) -> Drawn:
    """One rule for two or three classes."""
    k = draw(st.sampled_from([2, 3, 3]))
    term = st.tuples(weights, st.sampled_from(["log", "Brier", "spherical", "cubic"]))
    terms = draw(st.lists(term, min_size=1, max_size=3))
    spoiler = draw(st.none() | st.sampled_from(["linear", "root", "common", "smoothed", "focal"]))
    offsets = draw(st.lists(weights, min_size=k, max_size=k))
    amount = draw(weights)
    p = [b.var(f"p{i}", "unit") for i in range(k)]
    roots = []
    for y in range(k):
        parts = [b.scale(w, _proper(name, p, y)) for w, name in terms]
        parts += [b.scale(amount, _spoiler(spoiler, p, y))] if spoiler else []
        roots.append(b.add(*parts, b.const(offsets[y])))
    alone = {name for _, name in terms} == {"log"} and spoiler in (None, "linear", "root", "smoothed", "focal")
    truths = {"proper": spoiler is None, "strictly_proper": spoiler is None, "bounded_below": True}
    if k == 3 and spoiler != "common":  # for two classes every rule depends on p_y alone
        truths["local"] = alone
    return Drawn(scores(roots, "simplex"), truths)
