"""Signs of a log-sum-exp or a maximum less something that is known to lie below it.

- ``lse(a) - a_i`` is >= 0, and > 0 when there is another argument and all are finite; ``max(a) - a_i >= 0``.
- ``lse(a)`` and ``max(a)`` are at least every weighted mean of the a_i.
- Jensen's inequality for the uniform mean of m arguments: ``lse(a) - mean(a) - log m >= 0``.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import lcm

from losscheck.verifier.terms import Node, walk

Form = tuple[Fraction, dict[Node, Fraction]]
FINITE = frozenset({"var", "const", "add", "mul"})
"""Operations that are finite at every finite point."""
LARGEST = 256
"""Exponents of exact powers stop here."""


def form(n: Node) -> Form:
    """A node as ``(c0, {term: coefficient})``."""
    if n.op in ("const", "add"):
        return (n.value, {}) if n.op == "const" else (n.value[0], dict(zip(n.args, n.value[1:], strict=True)))
    return Fraction(0), {n: Fraction(1)}


def above(n: Node) -> str:
    """``+ - p m`` for a sum ``c (lse(a) - b)`` or ``c (max(a) - b)`` that is shown to have that sign, else ``?``."""
    for c, top in zip(n.value[1:], n.args, strict=True):
        if top.op in ("lse", "max"):
            for found in _signs(c, top, n):
                if found != "?":
                    return found if c > 0 else {"+": "-", "p": "m"}[found]
    return "?"


def _signs(c: Fraction, top: Node, n: Node) -> Iterator[str]:
    """What is known of the sign of ``n / c = top - b``."""
    b0 = -n.value[0] / c
    rest = {a: -k / c for k, a in zip(n.value[1:], n.args, strict=True) if a is not top}
    if top.op == "lse":
        yield _jensen(top, b0, rest)
    if any((b0, rest) == form(a) for a in top.args):
        strict = top.op == "lse" and len(set(top.args)) > 1 and all(m.op in FINITE for a in top.args for m in walk(a))
        yield "+" if strict else "p"
    if not b0 and rest.keys() <= {*top.args} and sum(rest.values()) == 1 and min(rest.values()) >= 0:
        yield "p"


def _jensen(top: Node, b0: Fraction, rest: dict[Node, Fraction]) -> str:
    """Sign of ``lse(a) - b`` where b is the uniform mean plus rational multiples of logarithms of rationals."""
    m = len(top.args)
    left = dict(rest)
    for a in top.args:
        a0, terms = form(a)
        b0 -= a0 / m
        for t, k in terms.items():
            left[t] = left.get(t, Fraction(0)) - k / m
    logs = {t: k for t, k in left.items() if k}
    if b0 or not all(t.op == "log" and t.args[0].op == "const" and t.args[0].value > 0 for t in logs):
        return "?"
    whole = lcm(*(k.denominator for k in logs.values()))
    if whole > LARGEST or any(abs(k * whole) > LARGEST for k in logs.values()):
        return "?"
    gap = Fraction(m) ** whole  # exp of whole (log m - (b - mean))
    for t, k in logs.items():
        gap /= Fraction(t.args[0].value) ** int(k * whole)
    return "+" if gap > 1 else "p" if gap == 1 else "?"
