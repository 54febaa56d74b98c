"""Functions of one probability on (0, 1): how a comp-sum loss depends on the probability of its label."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.identity import vanishes
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.terms import Node

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
