r"""Nonnegative losses, label by label, each by the way that the proof names.

- ``sign``: signs of the graph on the whole domain (sums of nonnegative terms, squares, exponentials, ranges);
- ``minorant``: a constant affine minorant ``>= 0`` from convexity inequalities (``lse(z) - z_0 >= 0``);
- ``pieces`` (one variable): the sign on every open piece and at every cut;
- ``boxes``: bisection of the domain's box, infinite ends included;
- ``cells``: affine on polyhedral cells, and nowhere negative on any of them;
- ``stationary``: the loss is convex (the premise ``convex``), and on the open cell that holds the rational point ``at``
  it is smooth with gradient 0 and a value >= 0 there: a minimum.

On the real domain each loss is shown to be a number at every finite point. On [0, 1] and on the simplex the statement
is about the points where it is defined (so for soft labels, of which ``sign`` alone speaks, on a cube that holds the
simplex); values at the ends are limits from inside or values of their own, which the box
with closed ends contains; pieces check the ends apart.

Proof node: ``{"rule": "nonnegative_by_signs", "labels": [{"way": "minorant", "flows": [...]}, ...]}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.cells import Cells, inequalities
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import acceptor, cover, implies, sign
from losscheck.verifier.curve import curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.functions_1d import ends
from losscheck.verifier.linear_system import solvable
from losscheck.verifier.minorant import minorant
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import Point, defined_everywhere, rational_point, whole_domain
from losscheck.verifier.soft_labels import defined_in_scores
from losscheck.verifier.terms import Node, walk
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = (*EACH_LABEL, "soft", "divergence", "embedding")


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


def on_cells(cells: Cells) -> bool:
    """Whether the loss is affine on every cell and nowhere negative."""
    for cell in cells.found:
        row = cells.affine(cell.node)
        if solvable([*inequalities(cell.signs), (tuple(-c for c in row), True)]):
            return False
    return True


def flat_cell(cells: Cells, at: Point) -> Node | None:
    """The formula of the open cell that holds a point, if its gradient vanishes there."""
    pool, names = cells.pool, cells.names
    for cell in cells.found:
        sides = [
            (s, sum((Fraction(c) * at[x] for c, x in zip(row[1:], names, strict=True)), Fraction(row[0])))
            for row, s, _ in cell.signs
        ]
        if all(s * value > 0 for s, value in sides):
            slopes = [exactly(pool, pool.differentiate(cell.node, x), at) for x in names]
            return cell.node if all(constant_sign(pool, s) == "0" for s in slopes) else None
    return None


def at_minimum(cells: Cells, at: Point) -> bool:
    """Whether the gradient vanishes at a point of an open cell, with a value >= 0."""
    found = flat_cell(cells, at)
    return found is not None and constant_sign(cells.pool, exactly(cells.pool, found, at)) in "+0"


def nonnegative(case: Case, root: Node, how: dict[str, Any]) -> bool:
    """Whether one label is shown to be >= 0."""
    way = how["way"]
    expect(way == "sign" or case.kind != "soft", "soft labels are read by signs alone")
    if way == "sign":
        return implies(sign(root, whole_domain(case)), ">=")
    if way == "minorant":
        expect(case.domain == "real", "minorants are affine on all of R^K")
        found = minorant({root: Fraction(1)}, how["flows"], case.variables)
        return not any(found.slopes.values()) and bool(found.total >= 0)
    if way == "pieces":
        return by_pieces(case, root, how["breaks"])
    if way in ("cells", "stationary"):
        expect(case.domain == "real", "the cells cover all of R^K")
        cells = Cells(case.pool, root, case.variables)
        return on_cells(cells) if way == "cells" else at_minimum(cells, rational_point(case, how["at"]))
    expect(way == "boxes", "unknown way")
    end = (None, None) if case.domain == "real" else (Fraction(0), Fraction(1))
    cover(acceptor(case.pool, root, ">="), dict.fromkeys(case.variables, end), 2000)
    return True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every label."""
    ways = proof["labels"]
    expect(isinstance(ways, list) and len(ways) == len(case.roots), "one way per label")
    expect(case.kind != "soft" or defined_in_scores(case), "the loss is not shown to be defined for all scores")
    if any(how["way"] == "stationary" for how in ways):
        checker.premise(proof["convex"], "convex")
    for y, (root, how) in enumerate(zip(case.roots, ways, strict=True)):
        known = case.domain != "real" or how["way"] == "pieces" or defined_everywhere(root, whole_domain(case))
        expect(known, f"label {y} is not shown to be defined everywhere")
        expect(nonnegative(case, root, how), f"label {y} is not shown to be nonnegative")
    return Fact("nonnegative")
