"""Systems of rational linear inequalities: whether they have a solution, by Fourier-Motzkin elimination."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, lcm

from losscheck.verifier.budget import Budget
from losscheck.verifier.certificate import CertificateRejected

Row = tuple[int, ...]
"""``(c0, c1, ..., cn)`` of ``c0 + c1 x1 + ... + cn xn``."""
Inequality = tuple[Row, bool]
"""A row that is ``> 0`` (True) or ``>= 0``."""
MOST = 4000


def whole(row: Iterable[Fraction]) -> Row:
    """The row times a positive rational, with coprime integer entries."""
    row = list(row)
    scale = lcm(*(x.denominator for x in row))
    return coprime([x.numerator * (scale // x.denominator) for x in row])


def coprime(entries: Sequence[int]) -> Row:
    """The integers without their common divisor."""
    divisor = gcd(*entries) or 1
    return tuple(x // divisor for x in entries)


def oriented(row: Row) -> tuple[Row, int]:
    """The row or its negative, the first coefficient of a variable positive; and which it was."""
    lead = next(c for c in row[1:] if c)
    return (row, 1) if lead > 0 else (tuple(-c for c in row), -1)


def eliminated(row: Row, equation: Row, at: int) -> Row:
    """The row where ``equation = 0``, without the variable ``at``; its sign stays."""
    up, down = abs(equation[at]), row[at] if equation[at] > 0 else -row[at]
    return coprime([up * x - down * y for x, y in zip(row, equation, strict=True)])


def solvable(system: Iterable[Inequality]) -> bool:
    """Whether some real point satisfies all inequalities.

    >>> solvable([((0, 1), True), ((1, -1), False)]), solvable([((0, 1), True), ((0, -1), False)])
    (True, False)
    """
    rows = _tightest(system)
    width = len(rows[0][0]) if rows else 1
    for i in range(width - 1, 0, -1):
        up = [r for r in rows if r[0][i] > 0]
        down = [r for r in rows if r[0][i] < 0]
        made = [r for r in rows if r[0][i] == 0]
        if len(up) * len(down) > MOST:
            raise CertificateRejected("a system of inequalities is too large")
        Budget.spend(3 * (len(rows) + len(up) * len(down)))
        for a, strict in up:
            for b, also in down:
                row = coprime([-b[i] * x + a[i] * y for x, y in zip(a, b, strict=True)])
                made.append((row, strict or also))
        rows = _tightest(made)
    return all(row[0] > 0 or (row[0] == 0 and not strict) for row, strict in rows)


def _tightest(system: Iterable[Inequality]) -> list[Inequality]:
    """One inequality per direction: the one that asks most."""
    best: dict[Row, tuple[int, bool, Row]] = {}
    for row, strict in system:
        size = gcd(*row[1:]) or 1
        key = tuple(x // size for x in row[1:])
        found = best.get(key)
        # the level is row[0] / size
        if found is None or (row[0] * found[0], not strict) < (found[2][0] * size, not found[1]):
            best[key] = (size, strict, row)
    return [(row, strict) for _, strict, row in best.values()]
