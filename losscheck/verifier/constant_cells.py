"""Cells of the simplex on which a scoring rule is constant.

Let no loss use a report p outside of conditions, and let every condition compare affine functions of p, or maxima,
minima and absolute values of such, or again expressions that use p only in conditions. The hyperplanes on which two
affine pieces agree, with p_i = 0 and p_i = p_j, cut the closed simplex into relatively open cells, on each of which
every condition, hence every loss, is constant.

Each cell is the interior of the hull of its vertices, which are vertices of the arrangement, so its sign vector is the
join of theirs; and the mean of vertices whose signs do not oppose lies in a cell. Joining vertices to cells until
nothing new appears therefore lists exactly the cells.
"""

from __future__ import annotations

from fractions import Fraction

from losscheck.verifier.budget import Budget
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.defined import exactly
from losscheck.verifier.piecewise_linear import Vector, hyperplanes, is_piecewise_linear, vertices
from losscheck.verifier.terms import BOOLEAN, COMPARISONS, Node, walk

Signs = tuple[int, ...]
MOST_CELLS = 3000


def uses_report(roots: list[Node]) -> bool:
    """Whether a variable is used outside of conditions."""
    seen: set[Node] = set()
    stack = list(roots)
    while stack:
        n = stack.pop()
        if n not in seen and n.op not in BOOLEAN:
            seen.add(n)
            stack += n.args
    return any(n.op == "var" for n in seen)


def planes(case: Case) -> list[tuple[int, ...]]:
    """The hyperplanes ``b + a . x = 0`` in the first K - 1 probabilities, facets of the simplex included."""
    pool, n = case.pool, len(case.variables)
    gaps = [pool.sub(*m.args) for m in walk(*case.roots) if m.op in COMPARISONS]
    gaps = [g for g in gaps if uses_report([g])]
    expect(gaps and is_piecewise_linear(gaps), "a condition is not piecewise linear in the report")
    rows = hyperplanes([pool.make("abs", None, (g,)) for g in gaps], case.variables)
    rows += [tuple(int(i == j + 1) for i in range(n + 1)) for j in range(n)]
    reduced = {(row[0] + row[-1], *(a - row[-1] for a in row[1:-1])) for row in rows}
    return sorted(row for row in reduced if any(row[1:]))


def signs(rows: list[tuple[int, ...]], x: Vector) -> Signs:
    """The side of every hyperplane that a point lies on."""
    values = (row[0] + sum(a * c for a, c in zip(row[1:], x, strict=True)) for row in rows)
    return tuple((v > 0) - (v < 0) for v in values)


def cells(rows: list[tuple[int, ...]], n: int) -> tuple[dict[Signs, Vector], dict[Signs, Vector]]:
    """A point of every cell of the closed simplex, and the vertices, by sign vector."""
    corners = {signs(rows, x): x for x in vertices(rows, n - 1) if min(x) >= 0 and sum(x) <= 1}
    found, stack = dict(corners), list(corners)
    while stack:
        cell = stack.pop()
        Budget.spend(len(rows) * len(corners))
        for corner, x in corners.items():
            if all(a * b >= 0 for a, b in zip(cell, corner, strict=True)):
                joined = tuple(a or b for a, b in zip(cell, corner, strict=True))
                if joined not in found:
                    found[joined] = tuple((a + b) / 2 for a, b in zip(found[cell], x, strict=True))
                    stack.append(joined)
                    expect(len(found) <= MOST_CELLS, "the simplex is cut into too many cells")
    return found, corners


def full(x: Vector) -> Vector:
    """All K probabilities."""
    return (*x, 1 - sum(x, Fraction(0)))


def constants(case: Case, rows: list[tuple[int, ...]]) -> tuple[dict[Signs, Vector], dict[Signs, Vector]]:
    """The losses of every label on each cell, and the vertices; rejects losses that are no rational constants there."""
    expect(case.kind == "simplex" and not uses_report(case.roots), "a loss is not piecewise constant")
    found, corners = cells(rows, len(case.variables))
    losses: dict[Signs, Vector] = {}
    for cell, x in found.items():
        at = dict(zip(case.variables, full(x), strict=True))
        values = [exactly(case.pool, root, at) for root in case.roots]
        expect(all(v.op == "const" for v in values), "a loss is no rational constant on a cell")
        losses[cell] = tuple(v.value for v in values)
    return losses, corners


def expected(p: Vector, losses: Vector) -> Fraction:
    """The conditional risk of constant losses."""
    return sum((a * b for a, b in zip(p, losses, strict=True)), Fraction(0))
