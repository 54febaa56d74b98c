"""Exact sign of a polynomial of one variable on an open interval, roots of even order included (Sturm 1829)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from flint import fmpq, fmpq_poly, fmpz_poly

from losscheck.verifier.terms import Node, walk

MAX_DEGREE = 40
End = Fraction | None


def polynomial(n: Node, x: str) -> fmpq_poly | None:
    """The polynomial in ``x`` that a node visibly is, else None."""
    done: dict[Node, fmpq_poly | None] = {}
    for m in walk(n):
        done[m] = _polynomial(m, x, [done[a] for a in m.args])
    return done[n]


def _polynomial(n: Node, x: str, parts: list[fmpq_poly | None]) -> fmpq_poly | None:
    if n.op == "var":
        return fmpq_poly([0, 1]) if n.value == x else None
    if n.op == "const":
        return fmpq_poly([fmpq(n.value.numerator, n.value.denominator)])
    if n.op not in ("add", "mul", "pow"):
        return None
    if n.op == "pow" and not (n.value.denominator == 1 and 0 < n.value <= MAX_DEGREE):
        return None
    known = [p for p in parts if p is not None]
    if len(known) < len(parts):
        return None
    if n.op == "add":
        out = fmpq_poly([fmpq(n.value[0].numerator, n.value[0].denominator)])
        for c, p in zip(n.value[1:], known, strict=True):
            out += fmpq(c.numerator, c.denominator) * p
        return out
    if (sum(p.degree() for p in known) if n.op == "mul" else known[0].degree() * n.value) > MAX_DEGREE:
        return None
    out = known[0]
    for p in known[1:] if n.op == "mul" else [out] * (n.value.numerator - 1):
        out *= p
    return out


def _side(f: fmpq_poly, end: End, top: int) -> int:
    """The sign of f at a rational point, or at infinity (``top`` is +1 or -1)."""
    if end is not None:
        value = f(fmpq(end.numerator, end.denominator))
    else:
        value = f[f.degree()] * (top if f.degree() % 2 else 1)
    return int(value > 0) - int(value < 0)


def roots_between(f: fmpz_poly, a: End, b: End) -> int:
    """How many real roots a squarefree polynomial has in the open interval (a, b), by Sturm's chain."""
    chain = [fmpq_poly(f), fmpq_poly(f).derivative()]
    while chain[-1].degree() > 0:
        chain.append(-(chain[-2] % chain[-1]))

    def changes(signs: Sequence[int]) -> int:
        kept = [s for s in signs if s]
        return sum(s != t for s, t in pairwise(kept))

    found = changes([_side(g, a, -1) for g in chain]) - changes([_side(g, b, +1) for g in chain])
    return found - (b is not None and _side(chain[0], b, 1) == 0)  # Sturm counts the roots in (a, b]


def polynomial_sign(n: Node, x: str, a: End, b: End) -> str | None:
    """``+ - p m 0 ?`` on the open interval (a, b), exactly; None if the node is not a polynomial.

    Over the rationals n is a constant times irreducible factors; one of odd order must have no root inside.
    """
    f = polynomial(n, x)
    if f is None:
        return None
    if not f:
        return "0"
    if a is not None and b is not None and a >= b:
        return "?"
    touches = False
    for factor, order in f.numer().factor()[1]:
        if factor.degree() > 0 and roots_between(factor, a, b):
            if order % 2:
                return "?"
            touches = True
    low, high = (b - 1 if b is not None else Fraction(-1)) if a is None else a, b
    inside = low + 1 if high is None else (low + high) / 2
    step = Fraction(1)
    while not _side(f, inside, 1):  # a root of even order: move off it
        step /= 2
        inside = low + (inside - low) * (1 - step / 3)
    return ("p" if touches else "+") if _side(f, inside, 1) > 0 else ("m" if touches else "-")
