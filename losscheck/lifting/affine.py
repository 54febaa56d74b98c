"""Affine forms of trace nodes over opaque atoms, in exact rationals.

Whatever is not affine (``exp(z)``) is an atom of its own, and so is each long float constant: what follows from the
forms then holds for every real value of the atoms, whichever reading of the constants is chosen later.
"""

from __future__ import annotations

from fractions import Fraction

from losscheck.expr.trace import Trace, short, topological

Form = dict[int, Fraction]
CONSTANT = -1
"""The key of the constant term; atoms are keyed by serial number."""


def affine(root: Trace, known: dict[int, Form]) -> Form:
    """Return the affine form of ``root``; ``known`` is a memory shared between calls."""
    if root.serial not in known:
        for n in topological([root]):
            if n.serial not in known:
                known[n.serial] = {k: c for k, c in _form(n, known).items() if c}
    return known[root.serial]


def _form(n: Trace, known: dict[int, Form]) -> Form:
    args = [known[a.serial] for a in n.args]
    match n.op:
        case "const" if isinstance(n.value, int) or (abs(n.value) < 2.0**1000 and short(n.value)):
            return {CONSTANT: Fraction(n.value)}
        case "add" | "sum":
            return _combine([(Fraction(1), a) for a in args])
        case "sub":
            return _combine([(Fraction(1), args[0]), (Fraction(-1), args[1])])
        case "neg":
            return _combine([(Fraction(-1), args[0])])
        case "cast":
            return args[0]
        case "mul" if set(args[0]) <= {CONSTANT} or set(args[1]) <= {CONSTANT}:
            c, other = (args[0], args[1]) if set(args[0]) <= {CONSTANT} else (args[1], args[0])
            return _combine([(c.get(CONSTANT, Fraction(0)), other)])
        case "div" if set(args[1]) == {CONSTANT}:
            return _combine([(1 / args[1][CONSTANT], args[0])])
    return {n.serial: Fraction(1)}


def _combine(parts: list[tuple[Fraction, Form]]) -> Form:
    result: Form = {}
    for factor, form in parts:
        for k, c in form.items():
            result[k] = result.get(k, Fraction(0)) + factor * c
    return result
