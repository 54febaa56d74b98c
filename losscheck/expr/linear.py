"""Affine forms ``c0 + sum ci ti`` over nodes: the arithmetic below the ``add`` constructor."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from losscheck.expr.graph import Expr

Terms = dict[Expr, Fraction]


def affine(n: Expr) -> tuple[Fraction, Terms]:
    """Read a node as ``(c0, {term: coefficient})``; an opaque node is itself with coefficient 1."""
    if n.op == "const":
        return n.value, {}
    if n.op == "add":
        return n.value[0], dict(zip(n.args, n.value[1:], strict=True))
    return Fraction(0), {n: Fraction(1)}


def combine(*parts: tuple[Fraction, tuple[Fraction, Mapping[Expr, Fraction]]]) -> tuple[Fraction, Terms]:
    """The sum of ``factor * form`` over the parts."""
    c0 = Fraction(0)
    terms: Terms = {}
    for factor, (b0, bs) in parts:
        c0 += factor * b0
        for t, b in bs.items():
            c = terms.get(t, Fraction(0)) + factor * b
            if c:
                terms[t] = c
            else:
                terms.pop(t, None)
    return c0, terms


def size(form: tuple[Fraction, Mapping[Expr, Fraction]]) -> int:
    """How many non-constant terms a form has."""
    return len(form[1])
