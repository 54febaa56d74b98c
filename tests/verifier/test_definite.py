"""Definiteness against eigenvalues, and the cases eigenvalues cannot tell."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from losscheck.verifier.definite import definiteness, grown


def exact(rows: object) -> list[list[Fraction]]:
    return [[Fraction(int(x)) for x in row] for row in rows]  # type: ignore[attr-defined]


def test_against_eigenvalues() -> None:
    rng = np.random.default_rng(0)
    for _ in range(400):
        n = int(rng.integers(1, 5))
        a = rng.integers(-3, 4, (n, n))
        m = a @ a.T if rng.random() < 0.5 else a + a.T
        least = np.linalg.eigvalsh(m).min()
        want = "+" if least > 1e-9 else "p" if least > -1e-9 else "?"
        assert definiteness(exact(m)) == want, m


def test_edges() -> None:
    assert definiteness([]) == "+"
    assert definiteness(exact([[1, 2], [0, 1]])) == "?"
    tiny = Fraction(1, 10**40)
    assert definiteness([[tiny]]) == "+"
    assert definiteness([[Fraction(1), Fraction(1)], [Fraction(1), 1 - tiny]]) == "?"
    assert grown(exact([[0, 0], [0, 0]]), exact([[1, -1]]), [Fraction(2)]) == exact([[2, -2], [-2, 2]])
