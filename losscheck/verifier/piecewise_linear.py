"""Continuous piecewise linear losses: their switching hyperplanes, and the vertices and rays these cut out.

A loss qualifies when its graph has only constants, variables, sums, max, min and abs. On every closed cell of the
arrangement of all hyperplanes ``{piece = piece}`` such a loss is affine. All arithmetic is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from math import comb, gcd, lcm

from flint import fmpq, fmpq_mat

from losscheck.verifier.certificate import expect
from losscheck.verifier.terms import F0, F1, Node, walk

Affine = tuple[Fraction, ...]
"""``(constant, coefficient of each variable)``."""
Vector = tuple[Fraction, ...]
ALLOWED = frozenset({"const", "var", "add", "max", "min", "abs"})
MOST_PIECES, MOST_HYPERPLANES, MOST_SYSTEMS = 64, 80, 120_000


def is_piecewise_linear(roots: Sequence[Node]) -> bool:
    """Whether the graphs use only operations that keep a loss continuous and piecewise linear."""
    return all(n.op in ALLOWED for n in walk(*roots))


def evaluate(roots: Sequence[Node], names: Sequence[str], z: Vector, homogeneous: bool = False) -> Vector:
    """Exact values at ``z``; homogeneous: of the recession functions ``lim l(t z) / t`` (constants dropped)."""
    at = dict(zip(names, z, strict=True))
    value: dict[Node, Fraction] = {}
    for n in walk(*roots):
        xs = [value[a] for a in n.args]
        if n.op == "const":
            value[n] = F0 if homogeneous else n.value
        elif n.op == "var":
            value[n] = at[n.value]
        elif n.op == "add":
            start = F0 if homogeneous else n.value[0]
            value[n] = sum((c * x for c, x in zip(n.value[1:], xs, strict=True)), start)
        else:
            value[n] = abs(xs[0]) if n.op == "abs" else max(xs) if n.op == "max" else min(xs)
    return tuple(value[r] for r in roots)


def _pieces(roots: Sequence[Node], names: Sequence[str]) -> tuple[dict[Node, set[Affine]], list[tuple[Node, int, int]]]:
    """All affine pieces of every node that a switch looks at, and the pairs of arguments that switches compare."""
    switches = [n for n in walk(*roots) if n.op in ("max", "min", "abs")]
    needed = set(walk(*(a for n in switches for a in n.args)))
    pieces: dict[Node, set[Affine]] = {}
    unit = {x: tuple(F1 if i == j + 1 else F0 for i in range(len(names) + 1)) for j, x in enumerate(names)}
    for n in walk(*roots):
        if n not in needed:
            continue
        if n.op == "const":
            pieces[n] = {(n.value, *(F0 for _ in names))}
        elif n.op == "var":
            pieces[n] = {unit[n.value]}
        elif n.op == "add":
            sums: set[Affine] = {(n.value[0], *(F0 for _ in names))}
            for c, a in zip(n.value[1:], n.args, strict=True):
                sums = {tuple(x + c * y for x, y in zip(s, p, strict=True)) for s in sums for p in pieces[a]}
                expect(len(sums) <= MOST_PIECES, "a nested switch has too many pieces")
            pieces[n] = sums
        else:
            found = {p for a in n.args for p in pieces[a]}
            pieces[n] = found | {tuple(-x for x in p) for p in found} if n.op == "abs" else found
        expect(len(pieces[n]) <= MOST_PIECES, "a nested switch has too many pieces")
    compared = [(n, i, j) for n in switches for i, j in combinations(range(len(n.args)), 2)]
    return pieces, compared + [(n, 0, -1) for n in switches if n.op == "abs"]


def primitive(row: Iterable[Fraction]) -> tuple[int, ...]:
    """Scale a row to the integer vector without common factor whose last non-zero entry is positive."""
    row = list(row)
    scale = lcm(*(x.denominator for x in row))
    whole = [int(x * scale) for x in row]
    divisor = gcd(*whole) or 1
    sign = next((1 if x > 0 else -1 for x in reversed(whole) if x), 1)
    return tuple(sign * x // divisor for x in whole)


def hyperplanes(roots: Sequence[Node], names: Sequence[str], most: int = MOST_HYPERPLANES) -> list[tuple[int, ...]]:
    """``(b, a1, ..., aK)`` for ``b + a . z = 0``: every switch of the losses and every tie ``z_i = z_j``."""
    pieces, compared = _pieces(roots, names)
    zero: Affine = tuple(F0 for _ in range(len(names) + 1))
    found = set()
    for n, i, j in compared:
        for p in pieces[n.args[i]]:
            for q in pieces[n.args[j]] if j >= 0 else {zero}:
                row = tuple(x - y for x, y in zip(p, q, strict=True))
                if any(row[1:]):
                    found.add(primitive(row))
    for i, j in combinations(range(len(names)), 2):
        found.add(primitive([F0, *(Fraction((k == i) - (k == j)) for k in range(len(names)))]))
    expect(len(found) <= most, f"{len(found)} hyperplanes are too many")
    return sorted(found)


def solutions(rows: Sequence[tuple[int, ...]], size: int, always: Sequence[tuple[int, ...]] = ()) -> set[Vector]:
    """Find the unique common points of every ``size`` independent equations ``b + a . x = 0``, some always chosen."""
    expect(comb(len(rows), size - len(always)) <= MOST_SYSTEMS, "too many vertices")
    points: set[Vector] = set()
    for some in combinations(rows, size - len(always)):
        chosen = (*some, *always)
        left = fmpq_mat(size, size, [x for r in chosen for x in r[1:]])
        try:
            x = left.solve(fmpq_mat(size, 1, [fmpq(-r[0]) for r in chosen]))
        except ZeroDivisionError:
            continue
        points.add(tuple(Fraction(int(x[i, 0].p), int(x[i, 0].q)) for i in range(size)))
    return points


def rank(rows: Sequence[tuple[int, ...]], width: int) -> int:
    """The rank of the normals of hyperplanes."""
    return int(fmpq_mat(len(rows), width, [x for r in rows for x in r[1:]]).rref()[1])


def vertices(planes: Sequence[tuple[int, ...]], count: int) -> list[Vector]:
    """All vertices of the arrangement, modulo the diagonal when every hyperplane contains it (last entry 0)."""
    size = rank(planes, count)
    expect(size in (count, count - 1), "the arrangement has a lineality space beyond the diagonal")
    rows = sorted({r[: size + 1] for r in planes})
    return sorted((*p, *(F0 for _ in range(count - size))) for p in solutions(rows, size))


def rays(planes: Sequence[tuple[int, ...]], count: int) -> list[Vector]:
    """Both directions of every ray of the central arrangement, modulo the diagonal as in :func:`vertices`."""
    size = rank(planes, count)
    normals = sorted({primitive(Fraction(x) for x in (0, *r[1 : size + 1])) for r in planes})
    found: set[Vector] = set()
    for i in range(size):  # a ray has some coordinate 1 or -1; coordinate i = 1 is one more equation
        pin = (-1, *(1 if j == i else 0 for j in range(size)))
        for chosen in combinations(normals, size - 1):
            found |= solutions([*chosen, pin], size)
    out = {(*p, *(F0 for _ in range(count - size))) for p in found}
    return sorted(out | {tuple(-x for x in p) for p in out})
