r"""When the two-class value of a comp-sum loss is its T for K classes: the tie at 1/2 is the worst one.

``l_y = phi(s_y)``, s softmax, phi convex, phi' < 0 on (0, 1), rho = -1/phi'. By :mod:`losscheck.verifier.tied_swap` T
is at least the least of V(tau, t) over tau in [1/K, 1/2], V the largest over m in [0, 1] of

    G(tau, m) = phi(tau) - (1 + t)/2 phi(tau (1 + m)) - (1 - t)/2 phi(tau (1 - m)),

and V(1/2, t) is the two-class value, which T does not exceed. V(1/2, t) is the least if

- rho is convex on (a, 1), and on (0, a] above its tangent at 1/K > a; a = 0 needs no tangent;
- ``phi(tau) - phi(2 tau) >= phi(1/2) - phi(1)`` on [1/K, 1/2], or ``-phi'(s) -> inf`` as s -> 0.

Proof. For tau >= 1/K the tangent of rho at tau lies below rho on (0, 1): on (a, 1) by convexity, and at x <= a it is
not above that at 1/K. So ``rho(tau + d) + rho(tau - d) >= 2 rho(tau)``. Let 0 < t < 1, the largest m lie inside (0, 1)
and ``A, B = -phi'(tau (1 +- m))``. Then ``(1 + t) A = (1 - t) B = 2 A B / (A + B)``, the harmonic mean of A and B, at
most ``-phi'(tau)`` by the above; and the derivative of V in tau is ``phi'(tau)`` plus that mean (the terms with m
cancel): V does not increase there. m = 1 is the largest where ``(1 + t) (-phi'(2 tau)) >= (1 - t) (-phi'(0))``, that is
for t from some t(tau) on, t(tau) non-decreasing; with phi'(0) = -inf for no t < 1. For t >= t(tau), V(tau, .) is affine
in t, and V(1/2, .), convex in t, lies below it at t(tau) (nothing between tau and 1/2 has m = 1 there) and at 1, by the
second condition: between them as well.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.ends import end_limit
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.terms import Node, Pool

ZERO, HALF, ONE = Fraction(0), Fraction(1, 2), Fraction(1)


def bend_of_reciprocal(pool: Pool, slope: Node) -> Node:
    """What has the sign of the second derivative of ``-1/slope``, slope < 0."""
    second = pool.differentiate(slope, "s")
    third = pool.differentiate(second, "s")
    return pool.linear((Fraction(2), pool.power(second, Fraction(2))), (Fraction(-1), pool.mul(slope, third)))


def above_tangent(pool: Pool, slope: Node, a: Fraction, s1: Fraction) -> bool:
    """Whether ``-1/slope``, times ``-slope > 0``, is above its tangent at s1 on (0, a]."""
    s, at = pool.var("s"), {pool.var("s"): pool.const(s1)}
    steep = pool.substitute(slope, at)
    rise = pool.mul(pool.substitute(pool.differentiate(slope, "s"), at), pool.power(steep, Fraction(-2)))
    tangent = pool.linear(
        (Fraction(-1), pool.power(steep, Fraction(-1))), (ONE, pool.mul(rise, pool.sub(s, pool.const(s1))))
    )
    gap = pool.add(pool.one, pool.mul(slope, tangent))
    return interval_sign(pool, gap, "s", ZERO, (a + s1) / 2) in "+p0"


def tie_at_half_is_worst(case: Case, phi: Node, proof: Any) -> None:
    """Check both conditions for the classes of the case; phi is known to be convex and non-increasing."""
    pool, k = case.pool, len(case.variables)
    if k == 2:
        return
    slope = pool.differentiate(phi, "s")
    expect(interval_sign(pool, slope, "s", ZERO, ONE) == "-", "the profile is not shown strictly decreasing")
    a = rational(proof["convex_from"])
    expect(0 <= a < Fraction(1, k), "the reciprocal of the slope is convex from too late on")
    bend = bend_of_reciprocal(pool, slope)
    expect(interval_sign(pool, bend, "s", a, ONE) in "+p0", "the reciprocal of the slope is not shown convex")
    if a:
        expect(above_tangent(pool, slope, a, Fraction(1, k)), "the reciprocal of the slope is not above its tangent")
    limit = end_limit(pool, slope, "s", ZERO, 1)
    if limit is not None and limit[0] == "inf":
        return
    twice = pool.substitute(phi, {pool.var("s"): pool.scale(2, pool.var("s"))})
    half, one = (pool.substitute(phi, {pool.var("s"): pool.const(c)}) for c in (HALF, ONE))
    gap = pool.linear((ONE, phi), (-ONE, twice), (-ONE, half), (ONE, one))
    expect(interval_sign(pool, gap, "s", Fraction(1, k), HALF) in "+p0", "swaps may be largest at other ties")
