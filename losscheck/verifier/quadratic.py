"""Quadratic polynomials of the variables, exactly: their Hessians and whether these are positive semidefinite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from losscheck.verifier.terms import F0, Node, Pool

Matrix = list[list[Fraction]]


@dataclass(frozen=True)
class Quadratic:
    """``sum of coefficients``: keys are pairs of names (products), ``("", name)`` (linear) and ``("", "")``."""

    terms: dict[tuple[str, str], Fraction] = field(default_factory=dict)

    def plus(self, other: Quadratic, factor: Fraction) -> Quadratic:
        """``self + factor * other``."""
        out = dict(self.terms)
        for key, c in other.terms.items():
            out[key] = out.get(key, F0) + factor * c
        return Quadratic(out)

    def times(self, other: Quadratic) -> Quadratic | None:
        """The product, if it is quadratic."""
        out: dict[tuple[str, str], Fraction] = {}
        for (a, b), c in self.terms.items():
            for (d, e), f in other.terms.items():
                names = sorted(x for x in (a, b, d, e) if x)
                if len(names) > 2:
                    return None
                key = tuple([""] * (2 - len(names)) + names)
                out[key[0], key[1]] = out.get((key[0], key[1]), F0) + c * f
        return Quadratic(out)

    def matrix(self, names: Sequence[str]) -> Matrix:
        """The symmetric matrix of the form in the given names (use ``""`` for the constant 1)."""
        out = [[F0 for _ in names] for _ in names]
        index = {x: i for i, x in enumerate(names)}
        for (a, b), c in self.terms.items():
            if a in index and b in index:
                out[index[a]][index[b]] += c / 2
                out[index[b]][index[a]] += c / 2
        return out

    def hessian(self, names: Sequence[str], simplex: bool) -> Matrix:
        """Half the Hessian; on the simplex restricted to directions that sum to zero."""
        m = self.matrix(names)
        if not simplex:
            return m
        k = len(names) - 1
        return [[m[i][j] - m[i][k] - m[k][j] + m[k][k] for j in range(k)] for i in range(k)]

    def bordered(self, names: Sequence[str]) -> Matrix:
        """The matrix of ``q`` in ``(1, x)``: semidefinite exactly when q is a sum of squares of affine functions."""
        return self.matrix(["", *names])


def quadratic(pool: Pool, n: Node) -> Quadratic | None:
    """A node as a quadratic polynomial, or None."""
    if n.op == "const":
        return Quadratic({("", ""): n.value})
    if n.op == "var":
        return Quadratic({("", n.value): Fraction(1)})
    if n.op == "add":
        out = Quadratic({("", ""): n.value[0]})
        for c, a in zip(n.value[1:], n.args, strict=True):
            part = quadratic(pool, a)
            if part is None:
                return None
            out = out.plus(part, c)
        return out
    if n.op == "mul" and len(n.args) == 2:
        left, right = quadratic(pool, n.args[0]), quadratic(pool, n.args[1])
        return left.times(right) if left is not None and right is not None else None
    if n.op == "pow" and n.value == 2:
        base = quadratic(pool, n.args[0])
        return base.times(base) if base is not None else None
    return None


def nonnegative_definite(matrix: Matrix) -> bool:
    """Whether a symmetric rational matrix is positive semidefinite, by exact elimination.

    >>> one = Fraction(1)
    >>> nonnegative_definite([[one, one], [one, one]]), nonnegative_definite([[one, 2 * one], [2 * one, one]])
    (True, False)
    """
    m = [list(row) for row in matrix]
    for i in range(len(m)):
        pivot = m[i][i]
        if pivot < 0 or (pivot == 0 and any(m[i][j] for j in range(i, len(m)))):
            return False
        if pivot:
            for j in range(i + 1, len(m)):
                factor = m[j][i] / pivot
                for k in range(i, len(m)):
                    m[j][k] -= factor * m[i][k]
    return True
