"""Sorted scores: the cells of a piecewise linear loss up to the order of the classes.

The chamber ``D = {z_0 >= z_1 >= ... >= z_(K-1)}`` has the coordinates ``g_j = z_j - z_(j+1) >= 0`` and ``c = z_(K-1)``.
A switch ``b + a . z`` is ``b + sum_j A_j g_j + A_(K-1) c`` with the running sums A of a. Where ``A_(K-1) = 0`` and no
two of b and the A_j have opposite signs it does not change sign on D, so that the loss is one affine piece across it.
The closed cells of D are cut out by the other switches and the sides ``g_j = 0``. All arithmetic is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate

from losscheck.verifier.certificate import expect
from losscheck.verifier.piecewise_linear import Vector, evaluate, hyperplanes, primitive, rank, solutions
from losscheck.verifier.terms import F0, F1, Node

Row = tuple[int, ...]
"""``(b, A_0, ..., A_(K-1))``."""
MOST_HYPERPLANES = 400


def changes_sign(row: Row) -> bool:
    """Whether ``b + sum A_j g_j + A_(K-1) c`` takes both signs where all g_j are >= 0."""
    return row[-1] != 0 or (min(row) < 0 < max(row))


def sides(k: int) -> set[Row]:
    """The sides ``g_j = 0`` of the chamber."""
    return {tuple(int(i == j) for i in range(k + 1)) for j in range(1, k)}


def walls(losses: Sequence[Node], names: Sequence[str]) -> list[Row]:
    """Every switch of the losses that changes sign on the chamber, and the sides of the chamber."""
    planes = hyperplanes(losses, names, MOST_HYPERPLANES)
    rows = {(b, *(int(x) for x in accumulate(a))) for b, *a in planes}
    return sorted({primitive(map(Fraction, r)) for r in rows if changes_sign(r)} | sides(len(names)))


def scores(point: Sequence[Fraction], k: int) -> Vector:
    """The sorted scores with these gaps, and with this last score (0 when it is left out)."""
    last = point[k - 1] if len(point) == k else F0
    return tuple(last + sum(point[i : k - 1], F0) for i in range(k))


def inside(points: Iterable[Vector], k: int) -> list[Vector]:
    """The scores of the points whose gaps are not negative."""
    return sorted({scores(x, k) for x in points if all(g >= 0 for g in x[: k - 1])})


def directions(rows: Sequence[Row], size: int, k: int) -> list[Vector]:
    """All rays of cells of the chamber; both directions of the diagonal when some wall cuts it."""
    central = sorted(
        {primitive(map(Fraction, (0, *r[1 : size + 1]))) for r in rows if changes_sign((0, *r[1:]))}
        | {s[: size + 1] for s in sides(k)}
    )
    found: list[Vector] = []
    for j in range(1, k):  # a ray off the diagonal has a gap, which may be scaled to 1
        pin = (-1, *(int(i == j) for i in range(1, size + 1)))
        found += inside(solutions(central, size, [pin]), k)
    ones: Vector = (F1,) * k
    return [*found, ones, tuple(-x for x in ones)]


def sorted_vertices(losses: Sequence[Node], names: Sequence[str]) -> list[tuple[Vector, Vector]]:
    """The vertices of the cells of the chamber, modulo the diagonal if no wall cuts it, with the losses there.

    On every cell each loss is affine; it is checked to be bounded below there, by its slopes along all rays, and
    constant along the diagonal where the cells contain it. So every combination of the losses with weights >= 0
    attains its minimum over a cell, or over a face of one, at one of its vertices.
    """
    k = len(names)
    rows = walls(losses, names)
    size = rank(rows, k)
    for r in directions(rows, size, k):
        slopes = evaluate(losses, names, r, homogeneous=True)
        expect(all(s >= 0 for s in slopes), f"a loss falls without bound along {[str(x) for x in r]}")
        expect(size == k or len(set(r)) > 1 or not any(slopes), "a loss changes along the diagonal, which no wall cuts")
    points = solutions([r[: size + 1] for r in rows], size)
    return [(z, evaluate(losses, names, z)) for z in inside(points, k)]
