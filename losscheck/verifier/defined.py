"""Where an expression is defined: exact values at rational points, smoothness on open intervals.

The pool's constructors simplify by identities that hold only where the original is defined (``0 * log 0`` folds to
0), so a rule that speaks of single points or of whole pieces asks here first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from losscheck.verifier.certificate import CertificateRejected
from losscheck.verifier.interval import End, interval_sign, smooth
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.terms import BOOLEAN, Node, Pool, walk


def natural(n: Node) -> bool:
    """Whether a power is a polynomial in its base: exponent 1, 2, 3, ..."""
    return bool(n.value.denominator == 1 and n.value > 0)


def condition(pool: Pool, c: Node, value: Callable[[Node], Node]) -> bool:
    """Whether a condition holds, given the constant nodes that its numbers are."""
    if c.op in ("true", "false"):
        return c.op == "true"
    if c.op == "not":
        return not condition(pool, c.args[0], value)
    if c.op == "and":
        return all([condition(pool, k, value) for k in c.args])
    s = constant_sign(pool, pool.sub(value(c.args[1]), value(c.args[0])))
    return s in {"lt": "+", "le": "+0", "eq": "0"}[c.op]


def exactly(pool: Pool, root: Node, at: Mapping[str, Fraction]) -> Node:
    """``root`` at a rational point: a constant node, every branch decided exactly; rejects where it is undefined.

    A power with a negative exponent needs a base away from 0, one with a fractional exponent a base >= 0, a logarithm
    a base > 0; every other operation is total on the reals.
    """
    done: dict[Node, Node] = {}

    def holds(c: Node) -> bool:
        return condition(pool, c, go)

    def go(n: Node) -> Node:
        if n not in done:
            done[n] = make(n)
        return done[n]

    def vanishing_power(exponent: Node) -> bool:
        """Whether ``exp(e log b)`` is ``b ** e`` at b = 0 with e > 0: so code writes a power, and gets 0."""
        factors = exponent.args if exponent.op == "mul" else ()
        logs = [f for f in factors if f.op == "log"]
        if len(logs) != 1 or constant_sign(pool, go(logs[0].args[0])) != "0":
            return False
        return all(constant_sign(pool, go(f)) == "+" for f in factors if f.op != "log")

    def make(n: Node) -> Node:
        if n.op == "var":
            return pool.const(at[n.value])
        if n.op == "where":
            return go(n.args[1] if holds(n.args[0]) else n.args[2])
        if n.op in BOOLEAN:
            raise CertificateRejected("a condition is no number")
        if n.op == "exp" and vanishing_power(n.args[0]):
            return pool.zero
        args = tuple(go(a) for a in n.args)
        if n.op == "log" and constant_sign(pool, args[0]) != "+":
            raise CertificateRejected("a logarithm is not defined at the point")
        if n.op == "pow" and not natural(n):
            s = constant_sign(pool, args[0])
            if not (s == "+" or (s == "0" and n.value > 0) or (s == "-" and n.value.denominator == 1)):
                raise CertificateRejected("a power is not defined at the point")
        if n.op == "abs":
            return args[0] if constant_sign(pool, args[0]) in "+0" else pool.scale(-1, args[0])
        if n.op in ("max", "min"):
            best = args[0]
            for other in args[1:]:
                s = constant_sign(pool, pool.sub(other, best))
                best = other if s == ("+" if n.op == "max" else "-") else best
            return best
        return pool.build(n.op, n.value, args)

    return go(root)


def settled(pool: Pool, root: Node, at: Mapping[str, Fraction]) -> Node:
    """``root`` with every ``where`` replaced by the branch that the code takes at the point ``at``."""
    done: dict[Node, Node] = {}

    def go(n: Node) -> Node:
        if n.op == "where":
            return go(n.args[1] if condition(pool, n.args[0], lambda m: exactly(pool, m, at)) else n.args[2])
        if not n.args or n.op in BOOLEAN:
            return n
        if n not in done:
            done[n] = pool.build(n.op, n.value, tuple(go(a) for a in n.args))
        return done[n]

    return go(root)


def analytic_on(pool: Pool, n: Node, x: str, a: End, b: End) -> bool:
    """Whether a switch-free function of ``x`` is defined and real-analytic on the open interval (a, b).

    Sums, products, exp, erf, ... are entire; logarithms and powers are analytic where their base keeps off 0 (is
    positive, unless the exponent is an integer).
    """
    if not smooth(n):
        return False
    for m in walk(n):
        if m.op == "log" or (m.op == "pow" and not natural(m)):
            s = interval_sign(pool, m.args[0], x, a, b)
            if not (s == "+" or (s == "-" and m.op == "pow" and m.value.denominator == 1)):
                return False
    return True


def positive_somewhere(pool: Pool, n: Node, x: str, a: Fraction, b: Fraction) -> bool:
    """Whether a function defined on (a, b) is positive at one of a few points: if analytic, it has isolated zeros."""
    return any(
        constant_sign(pool, exactly(pool, n, {x: a + (b - a) * k})) == "+" for k in (Fraction(3, 7), Fraction(4, 5))
    )
