r"""How T of a loss of two classes grows at 0, for a convex loss that is smooth at 0.

``growth_rate`` r says: with some 0 < c <= C, ``c t^r <= T(t)`` for all t in [0, 1], and ``T(t) <= C t^r`` for small t.

Let phi(x) be the loss of the score x when its sign is right, convex on [-A, A] for the most A of all points x (a loss
may be least far on the wrong side), the least A > 0, analytic around 0, phi'(0) < 0. The risk of a wrong x <= 0 is
convex with slope ``t phi'(0) < 0`` at 0, so it is least at 0: ``T(t) = phi(0) - P(t)``, P the infimum over 0 <= x <= A
of ``h(x) = (1 + t)/2 phi(x) + (1 - t)/2 phi(-x)``. P is concave in t and does not increase in A: T is convex, T(0) = 0,
and the least A decides. ``h(x) = phi(0) + t phi'(0) x + phi''(0) x^2/2 + o(x^2)``.

- phi''(0) > 0: h is convex and its minimiser tends to 0 with t: ``T(t) = t^2 phi'(0)^2 / (2 phi''(0)) (1 + o(1))``,
  rate 2; that T is convex gives the lower bound on all of [0, 1].
- phi'' = 0 around 0: ``T(t) >= - t phi'(0) e`` for a small e, and ``T(t) <= t T(1)``: rate 1, if T(1) is finite, as it
  is for finite A, or if phi does not fall on its last piece.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, point
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.identity import vanishes
from losscheck.verifier.two_sided import two_sided
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")
BEYOND = 1 + Fraction(1, 2**20)


def convex(c: Curve) -> bool:
    """Whether the function is continuous and convex."""
    bends = all(c.on(c.derivative(i, 2), i) in "+p0" for i in range(len(c.pieces)))
    cuts = range(len(c.cuts))
    return bends and all(c.step(i) == ("0", "0") and c.bend(i) in "+p0" for i in cuts)


def middle_piece(c: Curve) -> int:
    """The piece around 0."""
    inside = [i for i, p in enumerate(c.pieces) if (p.a is None or p.a < 0) and (p.b is None or p.b > 0)]
    expect(len(inside) == 1, "0 is a breakpoint")
    return inside[0]


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check convexity and the derivatives at 0."""
    over, pool = hypotheses(proof["hypotheses"]), case.pool
    f, _, scale = two_sided(case, over)
    cap = None if over.most is None else scale * over.most * BEYOND
    expect(over.least is None or over.least > 0, "all scores are 0 somewhere")
    c = curve(pool, f, "x", None if cap is None else -cap, cap, proof["breaks"])
    expect(convex(c), "the loss is not shown convex")
    i = middle_piece(c)
    slope, bend = (Enclosure({"x": point(Fraction(0))})(c.derivative(i, n)) for n in (1, 2))
    expect(slope[1] < 0, "the slope at 0 is not shown negative")
    params = {"hypotheses": proof["hypotheses"]}
    if bend[0] > 0:
        expect(bend[1].is_finite(), "the second derivative at 0 is not finite")
        return Fact("growth_rate", True, params, value=2)
    expect(vanishes(pool, c.derivative(i, 2)), "the curvature at 0 is not decided")
    last = len(c.pieces) - 1
    expect(cap is not None or c.on(c.derivative(last), last) in "+p0", "the loss may fall without bound")
    return Fact("growth_rate", True, params, value=1)
