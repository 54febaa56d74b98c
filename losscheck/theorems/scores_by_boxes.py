"""Least risks of linear scores from below, by boxes of the scores at base points: what certificates need."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from losscheck.certificate import q
from losscheck.verifier.rules.minimizability_gap import Law

SLACKS, MOST_SCORES = (3e-8, 1e-4, 1e-2), 2


def combinations_of_base(rows: Law) -> tuple[list[int], list[list[str]]] | None:
    """Rows whose points span all others affinely, one more than features, and each row as their combination."""
    from flint import fmpq, fmpq_mat

    def column(x: list[Fraction]) -> list[fmpq]:
        return [fmpq(c.numerator, c.denominator) for c in (*x, Fraction(1))]

    size = len(rows[0][0]) + 1
    base: list[int] = []
    for i in range(len(rows)):
        if len(base) < size and fmpq_mat([column(rows[j][0]) for j in (*base, i)]).rank() == len(base) + 1:
            base.append(i)
    if len(base) < size:
        return None
    matrix = fmpq_mat([column(rows[j][0]) for j in base]).transpose()
    found = []
    for x, _, _ in rows:
        solved = matrix.solve(fmpq_mat([[c] for c in column(x)]))
        found.append([q(Fraction(int(solved[i, 0].p), int(solved[i, 0].q))) for i in range(size)])
    return base, found


def proposals(rows: Law, scores_per_point: int, most: float) -> Iterator[dict[str, Any]]:
    """Parts that show the least risk to be hardly less than ``most``, where the scores are few."""
    spanned = combinations_of_base(rows)
    if spanned is None or len(spanned[0]) * scores_per_point > MOST_SCORES:
        return
    base, shares = spanned
    for slack in SLACKS:
        yield {"base": base, "shares": shares, "level": q(Fraction(most - slack).limit_denominator(10**12))}
