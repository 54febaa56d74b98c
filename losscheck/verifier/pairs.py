"""Losses of two vectors: divergences d(p, q) on the open simplex and set losses l(x, y) on the unit cube."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import ranges
from losscheck.verifier.points import Point
from losscheck.verifier.terms import Node

PAIRS = ("divergence", "set")
Vector = list[Fraction]


def names(case: Case) -> tuple[list[str], list[str]]:
    """The variables of the first and of the second vector."""
    expect(case.kind in PAIRS, "the loss has no two vectors")
    n = len(case.variables) // 2
    return case.variables[:n], case.variables[n:]


def swappable(case: Case) -> bool:
    """Whether both vectors come from the same set, so that they may change places."""
    return case.domain in ("simplex+", "unit")


def vector(case: Case, values: Any, second: bool) -> Vector:
    """A rational vector that may be the first (second) argument."""
    expect(isinstance(values, list) and len(values) == len(case.variables) // 2, "a vector has one number per entry")
    xs = [rational(x) for x in values]
    if case.domain == "simplex+":
        expect(all(x > 0 for x in xs) and sum(xs) == 1, "a probability vector is positive and sums to 1")
    elif second and not swappable(case):
        expect(all(x in (0, 1) for x in xs), "the target is binary")
        expect(not case.domain.endswith("+") or any(xs), "the target is not empty")
    else:
        expect(all(0 <= x <= 1 for x in xs), "the entries lie in [0, 1]")
    return xs


def joined(case: Case, first: Vector, second: Vector) -> Point:
    """Two vectors as one point."""
    return dict(zip(case.variables, [*first, *second], strict=True))


def pair(case: Case, first: Any, second: Any) -> Point:
    """A rational point of the domain from the texts of its two vectors."""
    return joined(case, vector(case, first, False), vector(case, second, True))


def region(case: Case) -> Enclosure:
    """Ranges and signs on the domain: entries in [0, 1], those of an open simplex positive and below 1."""
    value = Enclosure(ranges(dict.fromkeys(case.variables, (Fraction(0), Fraction(1)))))
    if case.domain == "simplex+":
        value.signs.update({case.pool.var(x).id: "+" for x in case.variables})
    return value


def exchanged(case: Case, node: Node | None = None) -> Node:
    """The loss, or some other node, with the two vectors exchanged."""
    first, second = names(case)
    pool = case.pool
    swap = {pool.var(a): pool.var(b) for a, b in [*zip(first, second, strict=True), *zip(second, first, strict=True)]}
    return pool.substitute(case.roots[0] if node is None else node, swap)
