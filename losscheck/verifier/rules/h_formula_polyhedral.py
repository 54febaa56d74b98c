r"""A formula of T of a continuous piecewise linear loss of interchangeable classes: affine in t, piece by piece.

As in ``h_transform_cells``, class 0 is the top class, class 1 the predicted one, ``p_0 - p_1 = t``, and the others are
sorted downwards, none above p_0: a polytope of distributions. C(p) is the least risk, R(p) that of the scores which
predict class 1, both minima of finitely many linear functions (:mod:`losscheck.verifier.piecewise_risk`).

Below. Let S be some vectors of losses at scores (the certificate names the scores), [a, b] a piece and f affine. The
polytope with ``a <= t <= b`` is the union of its parts on which one v in S has the least ``v.p`` of all in S. There
``R - C - f(t) >= R - v.p - f(t)``, which is concave, R being a minimum of linear functions: if it is not negative at
the vertices of the part, ``R - C >= f(t)`` on it. So T >= f on [a, b].

Above. Let p, p' be distributions of the polytope at the ends of a step of [a, b] and u the losses at some scores that
predict class 1. On the segment between p and p' the regret is at most ``u.p - C``, convex in the place as C is concave;
so it is at most f if it is at both ends, and T <= f on the step. The steps cover [a, b].
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from losscheck.verifier.budget import Budget
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.piecewise_linear import Vector, evaluate, primitive, solutions
from losscheck.verifier.piecewise_risk import PiecewiseRisk
from losscheck.verifier.regret_cells import distribution
from losscheck.verifier.transform_formula import Span, spans
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)
ZERO, ONE = Fraction(0), Fraction(1)
MOST = 40
Row = tuple[Fraction, ...]
"""``(c, c_t, c_2, ..., c_(K-1))`` of ``c + c_t t + sum c_j p_j``, which is not negative."""


def dot(v: Sequence[Fraction], p: Sequence[Fraction]) -> Fraction:
    """The scalar product."""
    return sum((x * y for x, y in zip(v, p, strict=True)), ZERO)


def in_rest(v: Sequence[Fraction]) -> Row:
    """``v.p`` as a function of t and the probabilities of the others."""
    mean, half = (v[0] + v[1]) / 2, (v[0] - v[1]) / 2
    return (mean, half, *(x - mean for x in v[2:]))


def sides(k: int, a: Fraction, b: Fraction) -> list[Row]:
    """The inequalities of the polytope with ``a <= t <= b``."""
    unit = [tuple(ONE if i == j else ZERO for i in range(k)) for j in range(k)]  # the probabilities
    sorted_down = [tuple(x - y for x, y in zip(unit[i], unit[j], strict=True)) for i, j in pairs(k)]
    slab: list[Row] = [(-a, ONE, *(ZERO for _ in range(k - 2))), (b, -ONE, *(ZERO for _ in range(k - 2)))]
    return [*slab, *(in_rest(v) for v in (unit[1], unit[-1], *sorted_down))]


def pairs(k: int) -> list[tuple[int, int]]:
    """Classes of which the first is at least as probable."""
    return [(0, 2), *((i, i + 1) for i in range(2, k - 1))]


def holds(row: Row, x: Vector) -> Fraction:
    """The value of an inequality's left side."""
    return row[0] + dot(row[1:], x)


def vertices(rows: Sequence[Row]) -> list[Vector]:
    """The vertices of a bounded polytope."""
    Budget.spend(20 * len(rows))
    found = solutions(sorted({primitive(row) for row in rows if any(row[1:])}), len(rows[0]) - 1)
    return [x for x in sorted(found) if all(holds(row, x) >= 0 for row in rows)]


def affine(span: Span) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """``(a, b, c, m)`` of a piece ``c + m t`` on [a, b]."""
    expect(span.left.op == span.right.op == "const", "the ends of the pieces are rational")
    constant, terms = span.pool.form(span.formula)
    expect(all(n is span.pool.var("t") for n in terms), "a piece is not affine in t")
    return span.left.value, span.right.value, constant, terms.get(span.pool.var("t"), ZERO)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every piece from both sides."""
    over, k = hypotheses(proof["hypotheses"]), len(case.variables)
    expect(3 <= k <= 5 and over.least == over.most, "the rule is about 3 to 5 classes and one range of scores")
    risk = PiecewiseRisk(case, over, over.least)

    def losses(texts: Any) -> Vector:
        risk.values(texts)  # among the scores
        return evaluate(case.roots, case.variables, tuple(rational(x) for x in texts))

    chosen = [losses(texts) for texts in proof["acts"]]
    expect(0 < len(chosen) <= MOST, "one act or more, and at most 40")
    for span, part in zip(spans(case.pool, proof["formula"]), proof["pieces"], strict=True):
        a, b, c, m = affine(span)
        for v in chosen:
            least = [tuple(y - x for x, y in zip(in_rest(v), in_rest(w), strict=True)) for w in chosen if w != v]
            for x in vertices([*sides(k, a, b), *least]):
                p = distribution(x[0], x[1:])
                wrong = min(dot(u, p) for u in risk.predicted)
                expect(wrong - dot(v, p) >= c + m * x[0], "the regret is below the formula")
        for step in part:
            risk.values(step["predicted"], predicted=True)
            u, end = losses(step["predicted"]), rational(step["to"])
            expect(a < end <= b, "a step leaves its piece")
            for t, texts in zip((a, end), step["rests"], strict=True):
                x = (t, *(rational(y) for y in texts))
                expect(len(x) == k - 1 and all(holds(row, x) >= 0 for row in sides(k, t, t)), "no such distribution")
                p = distribution(t, x[1:])
                expect(dot(u, p) - min(dot(v, p) for v in risk.every) <= c + m * t, "the regret is above the formula")
            a = end
        expect(a == b, "the steps do not reach the end of the piece")
    return Fact("transform_formula", True, {"hypotheses": proof["hypotheses"]}, value=proof["formula"])
