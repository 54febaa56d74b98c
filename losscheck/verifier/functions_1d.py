"""The functions of one variable that a loss consists of: one per label, or a loss of many variables along a line."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.carried import nothing_lost
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.interval import End, interval_sign
from losscheck.verifier.terms import Node

ONE_VARIABLE = ("margin", "binary", "signed", "probability", "profile")


def ends(case: Case) -> tuple[End, End]:
    """The open domain of a loss of one variable."""
    expect(case.kind in ONE_VARIABLE, f"a loss of kind {case.kind!r} has no single variable")
    low = None if case.domain == "real" else Fraction(0)
    return low, Fraction(1) if case.domain == "unit" else None


def label_curves(case: Case, hints: Any) -> list[Curve]:
    """One curve per label on the open domain; ``hints`` is one list of breakpoints per label."""
    expect(isinstance(hints, list) and len(hints) == len(case.roots), "one list of breakpoints per label")
    a, b = ends(case)
    return [curve(case.pool, r, case.variables[0], a, b, h) for r, h in zip(case.roots, hints, strict=True)]


def two_sides(case: Case) -> tuple[Node, Node]:
    """The losses of a score when the label is the positive and when it is the negative one.

    A margin loss phi has phi(v) and phi(-v).
    """
    expect(case.kind in ("margin", "binary", "signed"), f"kind {case.kind!r} is not binary with a real score")
    if case.kind == "margin":
        v = case.pool.var("v")
        return case.roots[0], case.pool.substitute(case.roots[0], {v: case.pool.scale(-1, v)})
    return case.roots[1], case.roots[0]


def line(case: Case, label: Any, path: Any, low: End, high: End) -> tuple[Node, str]:
    """The loss of one label along ``t -> a + b t`` as a function of ``t``; ``path`` has ``[a, b]`` per variable.

    What is no longer seen along the line is shown to be a number for ``low < t < high``.
    """
    expect(type(label) is int and 0 <= label < len(case.roots), "the label is an index into the roots")
    expect(isinstance(path, list) and len(path) == len(case.variables), "a line has [a, b] for every variable")
    pool, t = case.pool, case.pool.var("t")
    changes = {}
    for name, (a, b) in zip(case.variables, path, strict=True):
        changes[pool.var(name)] = pool.linear((rational(a), pool.one), (rational(b), t))
    f = pool.substitute(case.roots[label], changes)
    nothing_lost(pool, case.roots[label], f, changes, lambda n: interval_sign(pool, n, "t", low, high))
    return f, "t"


def inside(case: Case, path: Any, low: Fraction, high: Fraction) -> bool:
    """Whether the line's points at ``low < t < high`` lie in the open domain (the ends may lie on its boundary)."""
    if case.domain == "real":
        return low < high
    points = [[rational(a) + rational(b) * t for a, b in path] for t in (low, high)]
    if case.domain == "positive":
        return low < high and all(p >= 0 and q >= 0 and p + q > 0 for p, q in zip(*points, strict=True))
    if case.domain == "simplex" and any(sum(p) != 1 for p in points):
        return False
    half = len(path) // 2
    if case.domain == "simplex+" and any(sum(p[:half]) != 1 or sum(p[half:]) != 1 for p in points):
        return False
    return low < high and all(0 <= p <= 1 and 0 <= q <= 1 and 0 < p + q < 2 for p, q in zip(*points, strict=True))
