"""Class probabilities can be read off the score: the risk's minimiser is an invertible function of eta.

Let f1, f0 be the losses of a score z for the two labels (phi(z), phi(-z) for a margin loss), C = eta f1 + (1 - eta) f0.

Lemma (the link of a composite loss, Buja, Stuetzle, Shen 2005; Reid, Williamson 2010). Let f1 and f0 be continuously
differentiable on R and let L < U be rationals or infinite, with
1. s = f1' - f0' < 0 on the open pieces of (L, U), at the cuts there and at a finite L or U;
2. eta(z) = f0' / (f0' - f1') nondecreasing on (L, U): f0' f1'' - f1' f0'' >= 0 on the pieces;
3. f1' <= 0, f0' <= 0 and f1' + f0' < 0 on the pieces left of L, and the reverse right of U;
4. eta(L) <= 0 and eta(U) >= 1, as values, or as limits at an infinite end.
Then C' = s (eta - eta(z)) on (L, U), so C falls while eta(z) < eta and rises once eta(z) > eta; outside it falls
towards (L, U). As eta(z) is continuous it takes every value in (0, 1), and the minimisers of C are exactly the z with
eta(z) = eta: finite, and disjoint for different eta. The labels may change places ("turned"): C of the swapped pair at
1 - eta is C at eta, so what holds of one pair holds of the other.
"""

from __future__ import annotations

from typing import Any

from flint import arb

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.functions_1d import two_sides
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact


def reaches(c: Curve, n: Node, last: bool) -> bool:
    """Whether a node of the outermost piece has a limit <= 0 at an infinite end."""
    found = c.end(n, last)
    return found == -1 if isinstance(found, int) else isinstance(found, arb) and bool(found <= 0)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check smoothness, the signs on the pieces and the values at the ends."""
    sides, pool, x, hints = two_sides(case), case.pool, case.variables[0], proof["breaks"]
    low, high = (None if proof[k] is None else rational(proof[k]) for k in ("low", "high"))
    expect(isinstance(proof["turned"], bool), "turned must be true or false")
    sides = sides[::-1] if proof["turned"] else sides
    one, zero = (curve(pool, f, x, None, None, hints, sides) for f in sides)
    for c in (one, zero):
        for i in range(len(c.cuts)):
            expect(c.step(i) == ("0", "0") and c.bend(i) == "0", f"a side is not shown to be smooth at cut {i}")
    exact = [cut.low if cut.low == cut.high else None for cut in one.cuts]
    expect(all(end is None or end in exact for end in (low, high)), "a finite end must be an exact breakpoint")
    first = 0 if low is None else exact.index(low) + 1
    last = len(one.pieces) - 1 if high is None else exact.index(high)
    expect(first <= last, "the ends are crossed")
    for i in range(len(one.pieces)):
        d1, d0 = one.derivative(i), zero.derivative(i)
        if first <= i <= last:
            expect(one.on(pool.sub(d1, d0), i) == "-", f"f1' < f0' is not shown on piece {i}")
            turn = pool.sub(pool.mul(d0, one.derivative(i, 2)), pool.mul(d1, zero.derivative(i, 2)))
            expect(one.on(turn, i) in "+p0", f"the link is not shown to be monotone on piece {i}")
            for cut in (i - 1, i):
                at_cut = 0 <= cut < len(one.cuts) and one.sign(pool.sub(d1, d0), cut)
                expect(at_cut in (False, "-"), f"f1' < f0' is not shown at cut {cut}")
        else:
            allowed = "-m0" if i < first else "+p0"
            expect(one.on(d1, i) in allowed and one.on(d0, i) in allowed, f"the risk may turn on piece {i}")
            expect(one.on(pool.add(d1, d0), i) == allowed[0], f"the risk may be flat on piece {i}")
    for i, side, end, is_last in ((first, zero, low, False), (last, one, high, True)):
        n = side.derivative(i)
        if end is None:
            gap = pool.sub(n, (one if side is zero else zero).derivative(i))
            ratio = pool.mul(n, pool.power(gap, rational("-1")))
            expect(reaches(side, ratio, is_last), "the link is not shown to reach 0 and 1")
        else:
            sign = side.sign(n, i if is_last else i - 1)
            expect(sign in ("+p0" if is_last else "-m0"), "the link is not shown to reach 0 and 1")
    return Fact("recovers_probability", params={"link": None})
