"""Functions of one probability on (0, 1): how a comp-sum loss depends on the probability of its label."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.defined import analytic_on
from losscheck.verifier.ends import end_limit
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import interval_sign
from losscheck.verifier.pieces import Piece, finite_at, pieces
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.terms import Node, walk

F0, F1 = Fraction(0), Fraction(1)


def continuous_profile(case: Case, a: Node, hints: list[Any]) -> Curve:
    """Cut (0, 1) into pieces on which a is analytic, and check that a does not jump at a cut."""
    c = curve(case.pool, a, "s", F0, F1, hints)
    for i in range(len(c.cuts)):
        expect(c.step(i) == ("0", "0"), f"a profile may jump at cut {i}")
    return c


def convex_profile(case: Case, a: Node, hints: list[Any]) -> Curve:
    """The same for an a that is convex on (0, 1)."""
    c = continuous_profile(case, a, hints)
    for i in range(len(c.pieces)):
        expect(c.on(c.derivative(i, 2), i) in "+p0", f"a profile is not shown to be convex on piece {i}")
    for i in range(len(c.cuts)):
        expect(c.bend(i) in "+p0", f"a profile is not shown to be convex at cut {i}")
    return c


def of_softmax(case: Case, alpha: Fraction, own: list[Node]) -> None:
    """Check ``l_y(z) = a_y(softmax(alpha z)_y)``."""
    for s, a, root in zip(softmax(case, alpha), own, case.roots, strict=True):
        same = vanishes(case.pool, case.pool.sub(root, replace(case, a, {"s": s})))
        expect(same, "a loss is not the claimed function of softmax")


def profiles(case: Case, proof: dict[str, Any]) -> list[tuple[Node, Any]]:
    """The profiles that a certificate brings along, one for all classes or one for each, with their breaks.

    Checks that the losses are defined at all scores and are these functions of softmax(alpha z), alpha > 0.
    """
    alpha, own, hints, n = rational(proof["alpha"]), proof["own"], proof["breaks"], len(case.roots)
    expect(alpha > 0 and broken_nowhere(case), "alpha is positive and the losses are defined everywhere")
    expect(len(own) == len(hints) and len(own) in (1, n), "one profile for all classes, or one for each")
    found = [formula(case, a, {"s"}) for a in own]
    of_softmax(case, alpha, found if len(found) == n else found * n)
    return list(zip(found, hints, strict=True))


def profile_with_limits(case: Case, f: Node, breaks: list[Fraction]) -> list[Piece]:
    """Check that f is continuous on (0, 1), with limits above -inf at both ends; return its pieces."""
    pool = case.pool
    expect(not any(n.op == "where" for n in walk(f)), "a profile branches, so its continuity is not shown")
    parts = pieces(pool, f, "s", F0, F1, breaks)
    for piece in parts:
        smooth = analytic_on(pool, piece.node, "s", piece.a, piece.b)
        expect(smooth, f"a profile is not shown smooth on ({piece.a}, {piece.b})")
    for left, right in pairwise(parts):
        # max, min and abs are continuous, so f is where both of its pieces are finite
        expect(left.b is not None and finite_at(left.node, "s", left.b), f"a profile may jump at {left.b}")
        expect(right.a is not None and finite_at(right.node, "s", right.a), f"a profile may jump at {right.a}")
    for piece, end, rising in ((parts[0], F0, "-m0"), (parts[-1], F1, "+p0")):
        limit = end_limit(pool, piece.node, "s", end, 1 if end == F0 else -1)
        if limit is None:  # a limit exists where it is monotone, a finite one or +inf if it rises towards the end
            slope = interval_sign(pool, pool.differentiate(piece.node, "s"), "s", piece.a, piece.b)
            expect(slope in rising, f"a profile has no known limit at {end}")
        expect(limit != ("inf", -1), f"a profile falls without bound next to {end}")
    return parts
