r"""Nonnegative losses, label by label, by the first of four ways that the proof names.

- ``sign``: signs of the graph on the whole domain (sums of nonnegative terms, squares, exponentials, ranges);
- ``minorant``: a constant affine minorant ``>= 0`` from convexity inequalities (``lse(z) - z_0 >= 0``);
- ``pieces`` (one variable): the sign on every open piece and at every cut;
- ``boxes``: bisection of the domain's box, infinite ends included.

Each covers every point of the domain where the loss is defined; on [0, 1] and on the simplex values at the ends are
limits from inside or values of their own, which the box with closed ends contains; pieces check the ends apart.

Proof node: ``{"rule": "nonnegative_by_signs", "labels": [{"way": "minorant", "flows": [...]}, ...]}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import acceptor, cover, implies, sign
from losscheck.verifier.curve import curve
from losscheck.verifier.functions_1d import ends
from losscheck.verifier.minorant import minorant
from losscheck.verifier.points import whole_domain
from losscheck.verifier.terms import Node, walk
from losscheck.verifier.verify import Checker, Fact


def by_pieces(case: Case, root: Node, breaks: Any) -> bool:
    """The sign on pieces and cuts; a branch could give the closed ends of [0, 1] values of their own."""
    c = curve(case.pool, root, case.variables[0], *ends(case), breaks)
    if case.domain == "unit" and any(n.op == "where" for n in walk(root)):
        x = case.variables[0]
        own = [Enclosure({x: (v, v)})(root) for v in whole_domain(case).box[x]]
        if not all(lo >= 0 for lo, _ in own):
            return False
    on_pieces = all(c.on(p.node, i) in "+p0" for i, p in enumerate(c.pieces))
    return on_pieces and all(c.sign(v, i) in "+p0" for i, v in enumerate(c.values))


def nonnegative(case: Case, root: Node, how: dict[str, Any]) -> bool:
    """Whether one label is shown to be >= 0."""
    way = how["way"]
    if way == "sign":
        return implies(sign(root, whole_domain(case)), ">=")
    if way == "minorant":
        expect(case.domain == "real", "minorants are affine on all of R^K")
        found = minorant({root: Fraction(1)}, how["flows"], case.variables)
        return not any(found.slopes.values()) and bool(found.total >= 0)
    if way == "pieces":
        return by_pieces(case, root, how["breaks"])
    expect(way == "boxes", "a way is sign, minorant, pieces or boxes")
    end = (None, None) if case.domain == "real" else (Fraction(0), Fraction(1))
    cover(acceptor(case.pool, root, ">="), dict.fromkeys(case.variables, end), 2000)
    return True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every label."""
    ways = proof["labels"]
    expect(isinstance(ways, list) and len(ways) == len(case.roots), "one way per label")
    for y, (root, how) in enumerate(zip(case.roots, ways, strict=True)):
        expect(nonnegative(case, root, how), f"label {y} is not shown to be nonnegative")
    return Fact("nonnegative")
