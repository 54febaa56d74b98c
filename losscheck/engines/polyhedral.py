"""Exact linear programming over the rationals: the simplex method with Bland's rule, primal and dual solutions.

Made for small programmes whose origin is feasible (a few variables, some hundred inequalities).

>>> F = Fraction
>>> x, value, y = maximise([F(3), F(2)], [[F(1), F(1)], [F(1), F(0)]], [F(4), F(2)])
>>> (list(map(str, x)), str(value), list(map(str, y)))
(['2', '2'], '10', ['2', '1'])
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import fmpq

Vector = list[Fraction]


class Unbounded(Exception):
    """The programme has no finite optimum."""


def maximise(
    c: Sequence[Fraction], a: Sequence[Sequence[Fraction]], b: Sequence[Fraction]
) -> tuple[Vector, Fraction, Vector]:
    """``max c.x  s.t.  A x <= b, x >= 0`` for ``b >= 0``: ``(x, value, y)`` with y >= 0, ``A'y >= c``, ``b.y = value``.

    Raises
    ------
    ValueError
        A right-hand side is negative, so that the origin is not feasible.
    Unbounded
        The optimum is infinite.
    """
    if any(x < 0 for x in b):
        raise ValueError(f"the right-hand side {min(b)} is negative; only programmes with b >= 0 start at the origin")
    n, m = len(c), len(a)
    rows = [[_q(x) for x in (*row, end)] for row, end in zip(a, b, strict=True)]
    goal = [_q(-x) for x in c] + [fmpq(0)]
    columns, basis = list(range(n)), list(range(n, n + m))  # variable of each column and of each row
    while True:
        entering = min((v, j) for j, v in enumerate(columns) if goal[j] < 0) if any(g < 0 for g in goal[:n]) else None
        if entering is None:
            break
        j = entering[1]
        ratios = [(row[n] / row[j], basis[i], i) for i, row in enumerate(rows) if row[j] > 0]
        if not ratios:
            raise Unbounded("the objective grows without bound")
        i = min(ratios)[2]
        _pivot(rows, goal, i, j)
        columns[j], basis[i] = basis[i], columns[j]
    values = dict.fromkeys(range(n + m), fmpq(0))
    duals = dict.fromkeys(range(n + m), fmpq(0))
    for i, v in enumerate(basis):
        values[v] = rows[i][n]
    for j, v in enumerate(columns):
        duals[v] = goal[j]
    return [_f(values[v]) for v in range(n)], _f(goal[n]), [_f(duals[n + i]) for i in range(m)]


def _pivot(rows: list[list[fmpq]], goal: list[fmpq], i: int, j: int) -> None:
    """Exchange the variable of row i with that of column j, in the condensed tableau."""
    pivot = rows[i][j]
    rows[i] = [x / pivot for x in rows[i]]
    rows[i][j] = 1 / pivot
    for row in [*(r for k, r in enumerate(rows) if k != i), goal]:
        factor = row[j]
        if factor:
            row[j] = fmpq(0)
            for k, x in enumerate(rows[i]):
                if x:
                    row[k] -= factor * x


def _q(x: Fraction | int) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def _f(x: fmpq) -> Fraction:
    return Fraction(int(x.p), int(x.q))
