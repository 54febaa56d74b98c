"""The matrix of a noise correction: the transition of a question, its inverse, or a vector that it loses."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.noise import Matrix
from losscheck.verifier.rules.risk_at_truth import nominal


def asked(case: Case, proof: dict[str, Any]) -> Matrix:
    """The transition that the proof names: one distribution per label, that of the question."""
    params, k = proof["params"], 2 if case.kind == "margin" else len(case.roots)
    expect(set(params) == {"transition"}, "the question has a transition")
    rows = [[rational(x) for x in row] for row in proof["transition"]]
    given = params["transition"]
    expect(len(rows) == len(given) == k, f"a transition is a {k} x {k} matrix")
    for row, numbers in zip(rows, given, strict=True):
        expect(len(row) == len(numbers) == k, f"a transition is a {k} x {k} matrix")
        expect(min(row) >= 0 and sum(row) == 1, "a row of the transition is a distribution")
        expect(all(nominal(x, t) for x, t in zip(numbers, row, strict=True)), "the transition is not that asked")
    return rows


def invertible(rows: Matrix, said: Any) -> bool:
    """Whether the matrix that the proof names is the inverse."""
    inverse = [[rational(x) for x in row] for row in said]
    expect(len(inverse) == len(rows) and all(len(r) == len(rows) for r in inverse), "the inverse has the same shape")
    columns = list(zip(*inverse, strict=True))
    return all(
        sum(a * b for a, b in zip(row, column, strict=True)) == int(i == j)
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    )


def lost(rows: Matrix, said: Any) -> list[Fraction]:
    """A vector ``a != 0`` with ``a' T = 0``: a difference of label laws that the noise hides."""
    a = [rational(x) for x in said]
    expect(len(a) == len(rows) and any(a), "the vector is 0, or of another length")
    hidden = all(sum(c * row[j] for c, row in zip(a, rows, strict=True)) == 0 for j in range(len(rows)))
    expect(hidden, "the vector is not lost")
    return a
