r"""Convexity of a loss that is quadratic on polyhedral cells.

R^K is cut into relatively open cells (:mod:`losscheck.verifier.cells`), ties included; on each the loss is a quadratic
polynomial. Hypotheses checked, per label:

1. on every cell of full dimension the Hessian is positive semidefinite;
2. continuity: on every lower cell L the polynomial of every full cell whose closure meets L equals that of L;
3. on every cell L of codimension 1, cut by ``h = 0``, for full cells F (h < 0) and G (h > 0) whose closures meet at a
   point of L: with ``q_G - q_F = h m`` the affine m is nowhere negative on L.

Then f is convex along every line that crosses only full cells and cells of codimension 1, at finitely many points:
its slope does not fall inside cells (1) nor at crossings (3). Such lines are dense and f is continuous (2), so f is
convex.

Proof node: ``{"rule": "convex_by_cells"}``.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from losscheck.verifier.cells import Cell, Cells, inequalities
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.linear_system import Inequality, solvable, whole
from losscheck.verifier.quadratic import Quadratic, nonnegative_definite, quadratic
from losscheck.verifier.terms import Node, Pool
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = EACH_LABEL


def restricted(cells: Cells, n: Node, cell: Cell) -> Node:
    """The node on the affine hull of a cell."""
    for row, at in cell.equations:
        n = cells.pool.substitute(n, {cells.variable(at): cells.solved(row, at)})
    return n


def equal(pool: Pool, a: Node, b: Node) -> bool:
    """Whether two quadratic polynomials are the same."""
    p = quadratic(pool, pool.sub(a, b))
    return p is not None and not any(p.terms.values())


def jump(cells: Cells, low: Cell, high: Cell, wall: Cell) -> Quadratic | None:
    """The affine m of premise 3 on the wall, for two full cells and the wall between them."""
    pool, ((row, at),) = cells.pool, wall.equations
    gap = pool.sub(high.node, low.node)
    slope = pool.scale(Fraction(1, row[at]), pool.differentiate(gap, cells.names[at - 1]))
    return quadratic(pool, restricted(cells, slope, wall))


def ordered(cells: Cells, low: Cell, high: Cell, wall: Cell) -> bool:
    """Premise 3 for two full cells and the wall between them."""
    p = jump(cells, low, high, wall)
    if p is None or any(c for key, c in p.terms.items() if key[0]):
        return False
    falling = whole([-p.terms.get(("", x), Fraction(0)) for x in ("", *cells.names)])
    return not solvable([*inequalities(wall.signs), (falling, True)])


def joined(cells: Cells, across: Callable[[Cells, Cell, Cell, Cell], bool]) -> bool:
    """Continuity (premise 2), and what is asked of every two full cells that meet at a wall of codimension 1."""
    full = [c for c in cells.found if not c.equations]
    closures: dict[int, list[Inequality]] = {id(c): inequalities(c.signs, closed=True) for c in full}
    for wall in (c for c in cells.found if c.equations):
        here = inequalities(wall.signs)
        first = next(i for i, s in enumerate(wall.signs) if s[1] == 0)
        near = [c for c in full if c.signs[:first] == wall.signs[:first] and solvable([*closures[id(c)], *here])]
        if not all(equal(cells.pool, restricted(cells, c.node, wall), wall.node) for c in near):
            return False
        if len(wall.equations) > 1:
            continue
        low, high = ([c for c in near if c.signs[first][1] == s] for s in (-1, 1))
        for a in low:
            for b in high:
                if solvable([*closures[id(a)], *closures[id(b)], *here]) and not across(cells, a, b, wall):
                    return False
    return True


def convex(cells: Cells) -> bool:
    """All premises for one label."""
    for c in (c for c in cells.found if not c.equations):
        p = quadratic(cells.pool, c.node)
        if p is None or not nonnegative_definite(p.hessian(cells.names, False)):
            return False
    return joined(cells, ordered)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every label."""
    expect(case.domain == "real", "the cells cover all of R^K")
    for y, root in enumerate(case.roots):
        expect(convex(Cells(case.pool, root, case.variables)), f"label {y} is not shown to be convex on its cells")
    return Fact("convex")
