"""Definiteness of rational quadratic forms, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import rational

Matrix = Sequence[Sequence[Fraction]]


def rationals(rows: Any) -> list[list[Fraction]]:
    """A matrix of a certificate."""
    return [[rational(x) for x in row] for row in rows]


def grown(matrix: Matrix, vectors: Matrix, weights: Sequence[Fraction]) -> list[list[Fraction]]:
    """``matrix + sum of weight v v^T``."""
    pairs = list(zip(weights, vectors, strict=True))
    zero = Fraction(0)
    return [
        [x + sum((w * v[j] * v[k] for w, v in pairs), zero) for k, x in enumerate(row)] for j, row in enumerate(matrix)
    ]


def definiteness(matrix: Matrix) -> str:
    """``+`` positive definite, ``p`` positive semidefinite, ``?`` neither, of a symmetric rational matrix.

    Schur complements: a positive pivot is eliminated; a zero pivot needs a zero row.
    """
    rows = [list(row) for row in matrix]
    if any(rows[i][j] != rows[j][i] for i in range(len(rows)) for j in range(i)):
        return "?"
    found = "+"
    while rows:
        pivot, head = rows[0][0], rows[0][1:]
        if pivot < 0 or (pivot == 0 and any(head)):
            return "?"
        if pivot == 0:
            found = "p"
            rows = [row[1:] for row in rows[1:]]
        else:
            rest = [row[1:] for row in rows[1:]]
            rows = [
                [x - a * b / pivot for x, b in zip(row, head, strict=True)] for row, a in zip(rest, head, strict=True)
            ]
    return found
