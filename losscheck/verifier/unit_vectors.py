"""Cosines: ``x . y / (b c)`` with ``b >= |x|`` and ``c >= |y|`` lies in [-1, 1], by Cauchy and Schwarz."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, Undefined
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import sign
from losscheck.verifier.identity import same
from losscheck.verifier.off_zero import guarded_length
from losscheck.verifier.softmax import formula
from losscheck.verifier.terms import Node, Pool

HALF, TWO = Fraction(1, 2), Fraction(2)


def sign_on(n: Node, value: Enclosure) -> str:
    """The sign of a node on a region, ``?`` where it is not defined on all of it."""
    try:
        return sign(n, value)
    except Undefined:
        return "?"


def cosine(case: Case, said: dict[str, Any], value: Enclosure) -> Node:
    """The cosine that a proof names, shown to lie in [-1, 1]."""
    pool, names = case.pool, set(case.variables)
    xs, ys = ([formula(case, each, names) for each in said[side]] for side in ("x", "y"))
    expect(0 < len(xs) == len(ys) <= 64, "two vectors of one length")
    b, c = (formula(case, each, names) for each in said["under"])
    for vector, below in ((xs, b), (ys, c)):
        square = pool.add(*(pool.power(n, TWO) for n in vector))
        expect(at_least_root(pool, below, square, value), "a vector is not shown to be no longer than what it is over")
    dot = pool.add(*(pool.mul(x, y) for x, y in zip(xs, ys, strict=True)))
    return pool.mul(dot, pool.power(b, Fraction(-1)), pool.power(c, Fraction(-1)))


def at_least_root(pool: Pool, b: Node, square: Node, value: Enclosure) -> bool:
    """Whether ``b >= sqrt(square)`` is read off the form of b, wherever both have a value."""
    if b.op == "const" and square.op == "const":
        return bool(b.value >= 0 and b.value**2 >= square.value)
    if b.op == "pow" and b.value == HALF:
        return at_least(pool, b.args[0], square, value)
    if b.op == "max":
        return any(at_least_root(pool, a, square, value) for a in b.args)
    guard = guarded_length(b)
    if guard is not None:  # where it is not s, s <= 0, so that s >= |x| makes x the zero vector
        s, c = guard
        return c.op == "const" and bool(c.value >= 0) and at_least_root(pool, s, square, value)
    if b.op == "add" and b.value[0] >= 0:
        rest = list(zip(b.value[1:], b.args, strict=True))
        others_fine = [all(k > 0 and sign_on(m, value) in "+p0" for k, m in rest if m is not a) for _, a in rest]
        return any(
            fine and k >= 1 and at_least_root(pool, a, square, value)
            for fine, (k, a) in zip(others_fine, rest, strict=True)
        )
    return False


def at_least(pool: Pool, a: Node, square: Node, value: Enclosure) -> bool:
    """Whether ``a >= square``, which is >= 0, is read off the form of a."""
    if a.op == "max" and any(at_least(pool, each, square, value) for each in a.args):
        return True
    if same(pool, a, square):
        return True
    gap = pool.sub(a, square)
    return gap.op == "const" and bool(gap.value >= 0)
