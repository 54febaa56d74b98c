"""Random positive sums of f-divergences, and of squared distances, which merging two classes may raise.

The sum of ``q f(p / q)`` with f convex, strictly so at 1, is jointly convex, 0 exactly for equal arguments and never
raised by a kernel (Csiszár, 1967); its supremum f(0) + lim f(t) / t is linear in f (Liese, Vajda, 2006). A divergence
that is smooth is of second order near p = q, so half way twice costs less: no triangle inequality. Merging classes of
one ratio p / q keeps an f-divergence and raises a squared distance.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from losscheck.expr import build as b
from losscheck.expr.graph import Expr
from losscheck.lifting.lifted import Lifted
from tests.quality.families.drawn import Drawn, weights

TWO = Fraction(2)
SUPREMA = {
    "forward": math.inf, "reverse": math.inf, "right": math.inf, "left": math.inf,
    "JensenShannon": 2 * math.log(2), "Hellinger": 2.0, "variation": 2.0, "triangular": 2.0,
}  # fmt: skip
ALONE: dict[str, dict[str, Any]] = {  # what is no f-divergence
    "roots": {  # concave on both sides of 0, so a metric; splitting a class raises it; greatest at (1, -1/2, -1/2)
        "identity_of_indiscernibles": True, "jointly_convex": False, "triangle_inequality": True,
        "data_processing": False, "supremum": 1 + math.sqrt(2),
    },
    "first class": {  # the other classes are not looked at
        "identity_of_indiscernibles": False, "jointly_convex": True, "triangle_inequality": False,
        "data_processing": False, "supremum": 1.0,
    },
}  # fmt: skip


def _term(name: str, p: Expr, q: Expr) -> Expr:
    middle, square = b.add(p, q), b.power(b.sub(p, q), TWO)
    return {
        "forward": lambda: b.mul(p, b.log(b.div(p, q))),
        "reverse": lambda: b.mul(q, b.log(b.div(q, p))),
        "right": lambda: b.div(square, q),
        "left": lambda: b.div(square, p),
        "JensenShannon": lambda: b.add(
            b.mul(p, b.log(b.div(b.scale(TWO, p), middle))), b.mul(q, b.log(b.div(b.scale(TWO, q), middle)))
        ),
        "Hellinger": lambda: b.power(b.sub(b.sqrt(p), b.sqrt(q)), TWO),
        "variation": lambda: b.absolute(b.sub(p, q)),
        "triangular": lambda: b.div(square, middle),
        "distance": lambda: square,
        "first class": lambda: square if p.value[0] == "p0" else b.ZERO,
        "roots": lambda: b.sqrt(b.absolute(b.sub(p, q))),
    }[name]()


def _lifted(terms: list[tuple[Fraction, str]], rooted: bool, k: int) -> Lifted:
    p, q = ([b.var(f"{letter}{i}", "positive") for i in range(k)] for letter in "pq")
    total = b.add(*(b.scale(w, _term(name, *pair)) for w, name in terms for pair in zip(p, q, strict=True)))
    names = tuple(f"{letter}{i}" for letter in "pq" for i in range(k))
    root = b.sqrt(total) if rooted else total
    return Lifted("divergence", k, (1,), names, "simplex+", (root,), resized=lambda n: _lifted(terms, rooted, n))


@st.composite
def divergences(draw: Any) -> Drawn:
    """One divergence of three classes, now and then under a square root."""
    if draw(st.integers(0, 5)) == 0:
        name, w = draw(st.sampled_from(sorted(ALONE))), draw(weights)
        known = {**ALONE[name], "supremum": float(w) * ALONE[name]["supremum"]}
        always = dict.fromkeys(("nonnegative", "symmetric_arguments", "bounded_above"), True)
        return Drawn(_lifted([(w, name)], False, 3), known | always)
    names = draw(st.lists(st.sampled_from(sorted(SUPREMA)), min_size=1, max_size=2, unique=True))
    terms = [(draw(weights), name) for name in names]
    merging = draw(st.integers(0, 3)) == 0
    if merging:
        terms.append((draw(weights), "distance"))
    rooted = draw(st.integers(0, 3)) == 0
    sizes = {name: w for w, name in terms}
    mirrored = all(sizes.get(a) == sizes.get(c) for a, c in (("forward", "reverse"), ("right", "left")))
    top = sum(w * SUPREMA[name] for w, name in terms if name != "distance")
    truths: dict[str, Any] = {
        "nonnegative": True,
        "identity_of_indiscernibles": True,
        "symmetric_arguments": mirrored,
        "data_processing": not merging,
        "bounded_above": math.isfinite(top),
    }
    if not merging:
        truths["supremum"] = math.sqrt(top) if rooted else top
    if not rooted:
        truths["jointly_convex"] = True
        truths["triangle_inequality"] = names == ["variation"] and not merging
        if "variation" in names and len(terms) > 1:
            del truths["triangle_inequality"]  # the kink may carry the rest
    return Drawn(_lifted(terms, rooted, 3), truths)
