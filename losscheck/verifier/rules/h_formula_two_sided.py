r"""A formula of T of a convex loss of two classes, from the places of its least risk.

Let f(x) be the loss of the score x when its sign is right, scores in [-A, A] at a point, A between a least and a most
value. f is continuous and convex on the widest of these intervals (checked a little beyond it, or on the reals), and
its slope to the right of 0 is <= 0. Then the risk of x <= 0 is convex with a left slope at 0 of ``eta f'(0-) - (1 -
eta) f'(0+) <= 0``, eta = (1 + t)/2: it is least at 0, and

    T(t) = f(0) - inf over 0 <= x <= A of h(x),    h(x) = eta f(x) + (1 - eta) f(-x),    A the least of all,

as the infimum does not increase in A. h is convex with h'(0-) <= 0, so that it is least on some x >= 0 if anywhere. On
every piece of t the certificate names where it is least:

- a number X in [0, A], with h'(X-) <= 0 (or X = 0) and h'(X+) >= 0 (or X = A): both are affine in t;
- a formula x(t) whose values and their negatives stay inside two of the intervals on which f is analytic, at which h'
  vanishes identically: there h is least on the widest interval; if A is finite, h'(A-) >= 0 as well, so that h is also
  least, with the same value, somewhere in [0, A].

T is convex in t, and the formula holds between the ends of the pieces, in the limit at 0, 1 and the ends.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.hypothesis_set import Hypotheses, hypotheses
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.rules.growth_rate_two_sided import BEYOND, convex
from losscheck.verifier.terms import Node
from losscheck.verifier.transform_formula import Span, spans
from losscheck.verifier.two_sided import two_sided
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")
ZERO, HALF = Fraction(0), Fraction(1, 2)


def slope(c: Curve, x: Fraction, side: int) -> Node:
    """The one-sided derivative at a rational point, a constant."""
    for i, piece in enumerate(c.pieces):
        low = piece.a is None or piece.a < x or (piece.a == x and side > 0)
        high = piece.b is None or piece.b > x or (piece.b == x and side < 0)
        if low and high:
            found = c.pool.substitute(c.derivative(i), {c.pool.var(c.x): c.pool.const(x)})
            ends = Enclosure({})(found)
            expect(ends[0].is_finite() and ends[1].is_finite(), "a slope is not finite")
            return found
    expect(False, "a point is not on the curve")
    raise AssertionError


def slope_signs(span: Span, c: Curve, x: Fraction, side: int) -> set[str]:
    """Signs at both ends of the span of the one-sided derivative of h at x."""
    own, other = slope(c, x, side), slope(c, -x, -side)
    pool = span.pool
    return span.affine_signs(pool.scale(HALF, pool.sub(own, other)), pool.scale(HALF, pool.add(own, other)))


def inside(span: Span, c: Curve, at: Node) -> int:
    """The piece of the curve in which a function of t stays on the span."""
    pool = span.pool
    for i, piece in enumerate(c.pieces):
        low = piece.a is None or span.sign(pool.sub(at, pool.const(piece.a))) == "+"
        if low and (piece.b is None or span.sign(pool.sub(pool.const(piece.b), at)) == "+"):
            return i
    expect(False, "the place of an infimum is not shown to stay where the loss is analytic")
    raise AssertionError


def least_risk(span: Span, c: Curve, root: Node, cap: Fraction | None, text: Any) -> Node:
    """The least risk on a span, at the place the certificate names."""
    pool, x = span.pool, span.pool.var("x")
    if set(text) <= set("0123456789/"):
        at = rational(text)
        expect(at >= 0 and (cap is None or at <= cap), "the place of an infimum is outside the scores")
        expect(at == 0 or slope_signs(span, c, at, -1) <= {"-", "0"}, "the risk is not shown to fall up to there")
        expect(at == cap or slope_signs(span, c, at, 1) <= {"+", "0"}, "the risk is not shown to rise from there on")
        return span.mixed(exactly(pool, root, {"x": at}), exactly(pool, root, {"x": -at}))
    place = span.act(text)
    minus = pool.scale(-1, place)
    i, j = inside(span, c, place), inside(span, c, minus)
    up, down = (pool.substitute(c.derivative(n), {x: p}) for n, p in ((i, place), (j, minus)))
    expect(span.is_zero(span.mixed(up, pool.scale(-1, down))), "the slope of the risk is not shown to vanish")
    expect(cap is None or slope_signs(span, c, cap, -1) <= {"+", "0"}, "the risk may be less beyond the scores")
    return span.mixed(*(pool.substitute(c.pieces[n].node, {x: p}) for n, p in ((i, place), (j, minus))))


def convex_side(case: Case, over: Hypotheses, hints: Any) -> tuple[Node, Curve, Fraction]:
    """``(f, its curve, scale)``, shown convex on all scores and a bit beyond, with a slope <= 0 to the right of 0."""
    f, _, scale = two_sided(case, over)
    widest = None if over.most is None else scale * over.most * BEYOND
    expect(widest is None or widest > 0, "all scores are 0")
    c = curve(case.pool, f, "x", None if widest is None else -widest, widest, hints)
    expect(convex(c), "the loss is not shown convex")
    expect(constant_sign(case.pool, slope(c, ZERO, 1)) in "-0", "the slope at 0 is not shown to be at most 0")
    return f, c, scale


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check convexity and the formula."""
    over, pool = hypotheses(proof["hypotheses"]), case.pool
    f, c, scale = convex_side(case, over, proof["breaks"])
    cap = None if over.least is None else scale * over.least
    start = exactly(pool, f, {"x": ZERO})
    for span, text in zip((found := spans(pool, proof["formula"])), proof["acts"], strict=True):
        span.claims(pool.sub(start, least_risk(span, c, f, cap, text)))
    expect(len(found) > 0, "the formula has no pieces")
    return Fact("transform_formula", True, {"hypotheses": proof["hypotheses"]}, value=proof["formula"])
