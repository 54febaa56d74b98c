"""A minimiser in a small box around a nearly stationary point, and no other point as low in a larger box.

Let f be analytic on the box of half width R around c, its Hessian there at least ``m`` (interval entries: their middles
minus the row sums of their radii and m are positive semidefinite), and ``|grad f(c)| < m r / 2`` with ``0 < r <= R``.
On the sphere ``|x - c| = r`` then ``f(x) >= f(c) - |grad| r + m r^2 / 2 > f(c)``: f has a minimiser over the large box
within r of c, the only one there by strict convexity, and ``f >= f(c) - |grad|^2 / (2 m)`` on the large box.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from losscheck.verifier.balls import Enclosure, point
from losscheck.verifier.certificate import expect
from losscheck.verifier.cover import ranges
from losscheck.verifier.definite import definiteness
from losscheck.verifier.numbers import fraction
from losscheck.verifier.terms import Node, Pool


def span(value: Enclosure, n: Node) -> tuple[Fraction, Fraction]:
    """Finite rational bounds of a node on a box."""
    low, high = value(n)
    expect(low.is_finite() and high.is_finite(), "a derivative is not bounded near the report")
    return fraction(low), fraction(high)


def isolated(
    pool: Pool, f: Node, names: Sequence[str], centre: Mapping[str, Fraction], *,
    radius: Fraction, reach: Fraction, curvature: Fraction,
) -> Fraction:  # fmt: skip
    """Check all but that f is analytic on the box; return how far f may fall below f(c)."""
    r, m = radius, curvature
    expect(0 < r <= reach and m > 0, "radius and curvature are positive")
    here = Enclosure({x: point(centre[x]) for x in names})
    box = Enclosure(ranges({x: (centre[x] - reach, centre[x] + reach) for x in names}))
    slope = [pool.differentiate(f, x) for x in names]
    size = sum((max(abs(a), abs(b)) ** 2 for a, b in (span(here, g) for g in slope)), Fraction(0))
    expect(4 * size < m * m * r * r, "the report is not close enough to a stationary point")
    bends = [[span(box, pool.differentiate(g, x)) for x in names] for g in slope]
    for i in range(len(names)):  # the Hessian is symmetric: one enclosure per pair
        for j in range(i):
            bends[i][j] = bends[j][i]
    least = [
        [(a + b) / 2 - (m + sum((d - c) / 2 for c, d in row) if i == j else 0) for j, (a, b) in enumerate(row)]
        for i, row in enumerate(bends)
    ]
    expect(definiteness(least) in "+p", "the risk is not shown to be strongly convex near the report")
    return size / (2 * m)
