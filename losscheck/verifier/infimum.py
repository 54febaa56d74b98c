"""Infima of functions of one variable: shared boxes, each bounded below by range, slope or curvature.

On a box the least value of f is at least: the low end of its range; its value at an end towards which f' has one sign;
the mean value form at the middle m; or ``f(m) - f'(m)^2 / (2 c)`` where ``f'' >= c > 0``. All are evaluated in balls.
Boxes may end at infinity: there the range speaks, or the sign of ``f - level``, found by series at infinity. A function
whose derivative vanishes identically is known from one point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from losscheck.verifier.balls import NINF, ZERO, Enclosure, Range, Undefined, ball, exact, plus, point, times
from losscheck.verifier.certificate import expect
from losscheck.verifier.cover import Exhausted, ranges, split
from losscheck.verifier.curve import Curve, value_in
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import End, interval_sign
from losscheck.verifier.numbers import fraction
from losscheck.verifier.terms import Node, Pool

LEAST = Fraction(1, 2**80)
TINY = Fraction(1, 2**80)
FAR = frozenset(Fraction(2**k) for k in (3, 6, 12))


@dataclass(frozen=True)
class Member:
    """A switch-free function with its derivatives and the level it must not fall below."""

    value: Node
    slope: Node
    curvature: Node
    level: arb


def low_end(n: Node, value: Enclosure) -> arb:
    """The low end of a range, -inf where there is none."""
    try:
        return value(n)[0]
    except Undefined:
        return NINF


def stays(f: Member, box: Enclosure, ends: tuple[Enclosure, Enclosure], middle: Enclosure, radius: arb) -> bool:
    """Whether ``f >= level`` is shown on a finite box."""
    try:
        low, high = box(f.slope)
        if low >= 0 or high <= 0:
            return bool(low_end(f.value, ends[0] if low >= 0 else ends[1]) >= f.level)
        centre = middle(f.value)
        if plus(centre, times((low, high), (-radius, radius)))[0] >= f.level:
            return True
        bend = box(f.curvature)[0]
        if not bend > 0:
            return False
        a, b = middle(f.slope)
        steep = max(abs(a), abs(b))
        return bool((centre[0] - steep * steep / (2 * bend)).lower() >= f.level)
    except Undefined:
        return False


def constant_above(pool: Pool, n: Node, slope: Node, x: str, level: arb, at: Fraction) -> bool:
    """Whether a function is constant and not below its level."""
    try:
        value = Enclosure({x: point(at)})
        return bool(value(n)[0] >= level and abs(ball(value(slope))) < exact(TINY) and vanishes(pool, slope))
    except Undefined:
        return False


def tail_above(pool: Pool, f: Member, x: str, a: Fraction) -> bool:
    """Whether ``f >= level`` on (a, inf), by its sign there, and at a."""
    gap = pool.sub(f.value, pool.const(fraction(f.level)))
    start = low_end(f.value, Enclosure({x: point(a)}))
    return bool(start >= f.level) and interval_sign(pool, gap, x, a, None) in "+p0"


def at_least(pool: Pool, x: str, a: End, b: End, functions: Sequence[tuple[Node, arb]], budget: int) -> int:
    """Show every ``(f, level)``: f >= level on [a, b]; return how many boxes it took.

    Raises
    ------
    Exhausted
        The budget of boxes ran out, or a box became too small.
    """
    members = []
    for n, level in functions:
        slope = pool.differentiate(n, x)
        if not constant_above(pool, n, slope, x, level, split(a, b)):
            members.append(Member(n, slope, pool.differentiate(slope, x), level))
    stack: list[tuple[End, End, list[Member]]] = [(a, b, members)]
    used = 0
    while stack:
        a, b, todo = stack.pop()
        used += 1
        if used > budget:
            raise Exhausted(f"{budget} boxes were not enough for an infimum")
        box = Enclosure(ranges({x: (a, b)}))
        todo = [f for f in todo if not low_end(f.value, box) >= f.level]
        if todo and a is not None and b is not None:
            mid, half = (a + b) / 2, point((b - a) / 2)[1]
            ends = Enclosure({x: point(a)}), Enclosure({x: point(b)})
            middle = Enclosure({x: point(mid)})
            todo = [f for f in todo if not stays(f, box, ends, middle, half)]
            if todo and b - a < LEAST:
                raise Exhausted(f"an infimum next to {float(mid)!r} stays open")
        elif todo and a in FAR:
            todo = [f for f in todo if not tail_above(pool, f, x, a)]
        if todo:
            cut = split(a, b)
            stack += [(cut, b, todo), (a, cut, todo)]
    return used


def mixture(pool: Pool, weights: Sequence[Fraction], nodes: Sequence[Node]) -> Node:
    """``sum of weight * node``."""
    return pool.linear(*zip(weights, nodes, strict=True))


def mixtures_at_least(
    curves: Sequence[Curve], mixes: Sequence[tuple[Sequence[Fraction], arb]], budget: int = 6000
) -> None:
    """Show ``sum of weight * curve >= level`` for every mix, on the open interval of the curves, cuts included."""
    pool, x = curves[0].pool, curves[0].x
    for i, piece in enumerate(curves[0].pieces):
        nodes = [c.pieces[i].node for c in curves]
        budget -= at_least(pool, x, piece.a, piece.b, [(mixture(pool, w, nodes), s) for w, s in mixes], budget)
    for i, cut in enumerate(curves[0].cuts):
        nodes = [c.values[i] for c in curves]
        for w, level in mixes:
            expect(value_in(pool, mixture(pool, w, nodes), x, cut)[0] >= level, "a value at a breakpoint is lower")


def difference(a: Range, b: Range) -> Range:
    """Range of ``a - b``."""
    return plus(a, (-b[1], -b[0]))


def positive_part(a: Range) -> Range:
    """Range of ``max(0, a)``."""
    return (a[0] if a[0] > 0 else ZERO), (a[1] if a[1] > 0 else ZERO)
