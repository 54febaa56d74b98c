r"""The link of a binary loss and its inverse at given points.

Let f1, f0 be the losses of a score z for the two labels (phi(z), phi(-z) for a margin loss), ``C = eta f1 + (1 - eta)
f0`` and ``eta(z) = f0' / (f0' - f1')``. The premise is one of

- convex: f1 and f0 are convex, so that a point where both are differentiable minimises C iff ``C' = 0`` there;
- link: the proof ``recovers_by_link``, which shows that for eta in (0, 1) the minimisers of C are exactly the z in its
  (L, U) with ``eta(z) = eta``.

``inverse_link`` at v, where both sides are differentiable and ``f0' != f1'``: only ``eta(v)`` can make v stationary. It
does if it lies in [0, 1] (premise convex), or in (0, 1) with L < v < U (premise link; there f1', f0' != 0, so v does
not minimise f1 or f0).

``link`` at eta in (0, 1), with a bracket a < b inside (L, U) on one analytic piece: ``C'(a) < 0 < C'(b)`` and C'' > 0
between them: all minimisers lie there, and there is one. Premise convex and a = b a kink: left slope < 0 < right one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, point
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import ranges, sign
from losscheck.verifier.curve import Curve, curve, value_in
from losscheck.verifier.functions_1d import two_sides
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.rules.risk_at_truth import nominal
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact

Ends = tuple[Fraction | None, Fraction | None]


def premise(checker: Checker, proof: Any) -> Ends:
    """Check the premise; return the interval on which the link is known, or raise."""
    if proof.get("rule") != "recovers_by_link":
        checker.premise(proof, "convex")
        return None, None
    checker.premise(proof, "recovers_probability")
    low, high = (None if proof[k] is None else rational(proof[k]) for k in ("low", "high"))
    return low, high


def between(at: Fraction, ends: Ends) -> bool:
    """Whether a point lies in the open interval."""
    low, high = ends
    return (low is None or low < at) and (high is None or at < high)


def piece_at(c: Curve, z: Fraction) -> int:
    """The piece that holds a point, or the one left of an exact cut there; rejects what is not known."""
    for i, cut in enumerate(c.cuts):
        if cut.low <= z <= cut.high:
            expect(cut.low == cut.high, "the point lies at an inexact breakpoint")
            return i
    return sum(cut.high < z for cut in c.cuts)


def slope_at(c: Curve, z: Fraction) -> Node:
    """The derivative at a point, as a node to be read there; rejects where there may be none."""
    i = piece_at(c, z)
    if i < len(c.cuts) and c.cuts[i].low == z:
        expect(c.step(i) == ("0", "0") and c.bend(i) == "0", f"the loss is not shown to be smooth at {z}")
        found = c.limit(c.derivative(i), i, -1)
        expect(isinstance(found, Node), f"the slope at {z} is not known")
    return c.derivative(i)


def eta_at(sides: list[Curve], z: Fraction, strictly: bool) -> tuple[float, list[float]]:
    """``f0' / (f0' - f1')`` at a point."""
    pool = sides[0].pool
    d1, d0 = (slope_at(c, z) for c in sides)
    at = Enclosure({sides[0].x: point(z)})
    gap = pool.sub(d0, d1)
    expect(sign(gap, at) in "+-", f"the slopes at {z} are not shown to differ")
    ratio = pool.one if d1 is pool.zero else pool.mul(d0, pool.power(gap, Fraction(-1)))
    low, high = at(ratio)
    expect(low.is_finite() and high.is_finite(), f"the slopes at {z} are not finite")
    inside = 0 < low and high < 1 if strictly else 0 <= low and high <= 1
    expect(inside, f"{z} is not shown to minimise a risk")
    return enclosed(fraction(low), fraction(high))


def score_at(sides: list[Curve], eta: Fraction, a: Fraction, b: Fraction, ends: Ends) -> tuple[float, list[float]]:
    """The only minimiser of C, between a and b."""
    expect(0 < eta < 1 and a <= b and between(a, ends) and between(b, ends), "eta or bracket is out of place")
    pool, x, i = sides[0].pool, sides[0].x, piece_at(sides[0], a)
    one, zero = sides

    def slope(j: int) -> Node:
        return pool.linear((eta, one.derivative(j)), (1 - eta, zero.derivative(j)))

    if a == b:
        expect(ends == (None, None) and i < len(one.cuts) and one.cuts[i].low == a, "a kink of convex sides is needed")
        signs = []
        for j in (i, i + 1):
            low, high = value_in(pool, slope(j), x, one.cuts[i])
            signs.append("+" if low > 0 else "-" if high < 0 else "?")
        expect(signs == ["-", "+"], "the slopes at the kink are not shown to differ in sign")
        return enclosed(a, b)
    whole = all(cut.high < a or b < cut.low for cut in one.cuts)
    expect(whole, "a breakpoint lies in the bracket")
    expect(sign(slope(i), Enclosure({x: point(a)})) == "-", f"the risk is not shown to fall at {a}")
    expect(sign(slope(i), Enclosure({x: point(b)})) == "+", f"the risk is not shown to rise at {b}")
    bend = sign(pool.differentiate(slope(i), x), Enclosure(ranges({x: (a, b)})))
    expect(bend == "+", "the minimiser is not shown to be unique")
    return enclosed(a, b)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise, then every point of the question."""
    ask, params = proof["ask"], dict(proof["params"])
    name = {"inverse_link": "v", "link": "eta"}[ask]
    expect(list(params) == [name], f"{ask} is asked at {name}")
    given, known = params[name], premise(checker, proof["premise"])
    convex = proof["premise"]["rule"] != "recovers_by_link"
    asked = given if isinstance(given, list) else [given]
    points = [rational(x) for x in proof["points"]]
    expect(len(points) == len(asked) and all(map(nominal, asked, points)), "a point is not the number of the question")
    pair = two_sides(case)
    sides = [curve(case.pool, f, case.variables[0], None, None, proof["breaks"], pair) for f in pair]
    found = []
    if ask == "inverse_link":
        expect(all(between(v, known) for v in points), "the score lies outside the range of the link")
        found = [eta_at(sides, v, strictly=not convex) for v in points]
    else:
        expect(len(proof["brackets"]) == len(points), "one bracket per eta")
        for eta, (a, b) in zip(points, proof["brackets"], strict=True):
            found.append(score_at(sides, eta, rational(a), rational(b), known))
    values, bounds = [v for v, _ in found], [e for _, e in found]
    listed = isinstance(given, list)
    return Fact(ask, params=params, value=values if listed else values[0], bounds=bounds if listed else bounds[0])
