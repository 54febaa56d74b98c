"""Rational points of a loss's domain, values there, and whether a loss is defined on its whole domain."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, Range, Undefined
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import ranges, sign
from losscheck.verifier.defined import exactly, natural
from losscheck.verifier.rows import inside
from losscheck.verifier.terms import Node

Point = dict[str, Fraction]
POSITIVE = {
    "real": (False, False),
    "positive": (True, True),
    "yhat:real y:positive": (False, True),
    "yhat:positive y:real": (True, False),
    "yhat:real y:count": (False, False),
    "yhat:positive y:count": (True, False),
}
"""Whether the two arguments of a regression loss are positive.

Counts are read as real numbers: what holds for those holds for counts. Points, slices and lines ask :func:`counted`.
"""


def counted(case: Case) -> bool:
    """Whether the observations of a regression loss are counts: 0, 1, 2, ..."""
    return case.domain.endswith("y:count")


def positives(case: Case) -> dict[str, bool]:
    """Whether each variable of a regression loss (or of the one-variable function of it) is positive; else real."""
    expect(case.kind in ("regression", "profile"), "only numbers of regression losses are real or positive")
    return dict(zip(case.variables, POSITIVE[case.domain], strict=False))


def rational_point(case: Case, values: Any) -> Point:
    """A rational point of the closed domain."""
    expect(isinstance(values, list) and len(values) == len(case.variables), "a point has one number per variable")
    xs = [rational(x) for x in values]
    if case.rows is not None:
        at = dict(zip(case.variables, xs, strict=True))
        for a in case.rows.floats:
            expect(
                all(inside(a.domain, at[x]) for x in case.rows.entries(a)), f"a number of {a.name} leaves its domain"
            )
    elif case.kind == "soft":
        label = xs[len(xs) // 2 :]
        expect(all(x >= 0 for x in label) and sum(label) == 1, "a soft label is a point of the simplex")
    elif case.kind in ("regression", "profile"):
        expect(all(x > 0 or not up for x, up in zip(xs, positives(case).values(), strict=True)), "a number is positive")
        expect(not counted(case) or (xs[1].denominator == 1 and xs[1] >= 0), "an observation is a count")
    elif case.domain == "simplex+":
        halves = sum(xs[: len(xs) // 2]), sum(xs[len(xs) // 2 :])
        expect(all(x > 0 for x in xs) and halves == (1, 1), "two positive probability vectors, each of sum 1")
    elif case.domain != "real":
        expect(all(0 <= x <= 1 for x in xs), "a probability lies in [0, 1]")
        expect(case.domain != "simplex" or sum(xs) == 1, "the probabilities of a simplex point sum to 1")
    return dict(zip(case.variables, xs, strict=True))


def value_range(case: Case, n: Node, at: Point) -> Range:
    """The finite range of a node at a point; rejects where it is undefined or infinite."""
    lo, hi = Enclosure({})(exactly(case.pool, n, at))
    expect(lo.is_finite() and hi.is_finite(), "the loss is not finite at the point")
    return lo, hi


def apart(a: Range, b: Range) -> bool:
    """Whether two ranges are disjoint."""
    return bool(a[1] < b[0] or b[1] < a[0])


def soft_halves(case: Case) -> tuple[list[str], list[str]]:
    """The names of the scores of a loss of soft labels, and those of the label's entries."""
    expect(case.kind == "soft", "a loss of soft labels")
    k = len(case.variables) // 2
    return case.variables[:k], case.variables[k:]


def whole_domain(case: Case) -> Enclosure:
    """Ranges on the box of the domain; that of soft labels is a cube that holds the simplex."""
    if case.kind == "soft":
        scores, labels = soft_halves(case)
        ends = {**dict.fromkeys(scores, (None, None)), **dict.fromkeys(labels, (Fraction(0), Fraction(1)))}
        return Enclosure(ranges(ends))
    end = None if case.domain == "real" else Fraction(0), None if case.domain == "real" else Fraction(1)
    return Enclosure(ranges(dict.fromkeys(case.variables, end)))


def defined_everywhere(n: Node, value: Enclosure) -> bool:
    """Whether a node is shown to be a real number at every finite point of the box.

    Logarithms need positive arguments, negative powers bases away from 0, fractional powers bases >= 0; of a branch
    that is decided on the whole box only the one taken counts.
    """
    done: set[Node] = set()
    stack = [n]
    while stack:
        m = stack.pop()
        if m in done:
            continue
        done.add(m)
        if m.op == "where":
            state = value.holds(m.args[0])
            stack += m.args if state is None else [m.args[0], m.args[1 if state else 2]]
            continue
        stack += m.args
        if m.op == "log" or (m.op == "pow" and not natural(m)):
            try:
                s = sign(m.args[0], value)
            except Undefined:
                return False
            fine = "+" if m.op == "log" else "+-" if m.value.denominator == 1 else "+p0" if m.value > 0 else "+"
            if s not in fine:
                return False
    return True


def broken_nowhere(case: Case) -> bool:
    """Whether the losses are shown to be real numbers at every finite point: no isolated point is left out.

    An identity speaks of the points where both sides are defined; this keeps out ``sqrt(z)^2 - z`` and ``z^2 / z^2``
    beside a good loss.
    """
    value = whole_domain(case)
    return all(defined_everywhere(root, value) for root in case.roots)
