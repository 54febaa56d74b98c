r"""Divergences made of one function: ``d(p, q) = Phi(C)`` with ``C = sum of q_i f(p_i / q_i)``.

The core C is a sum in the graph (``lse(a)`` is read as the logarithm of one), outside of which no variable occurs.
Each of its terms reads entries of one index only; the terms of every index make the same function g (up to renaming),
a constant c0 is spread as ``c0 p_i``, and ``g(p, q) = q g(p / q, 1)``: identities of normal forms. Then ``f(t) = g(t,
1)``. With ``turn`` -1 it is -C that is read, and Phi(-.).

Facts used, for f convex on (0, inf), p and q on the open simplex, m = f(1):

- C >= m (Jensen), with equality for p = q, and only there if f is affine on no interval around 1;
- C does not grow when a kernel acts on p and q (Csiszar 1967); C is jointly convex (perspective);
- sup C = f(0+) + lim f(t)/t, and C takes every value from m to below it (Liese, Vajda 2006, theorem 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, Range, plus, point
from losscheck.verifier.certificate import Case, CertificateRejected, expect, rational
from losscheck.verifier.curve import Curve, Cut, curve, regular
from losscheck.verifier.defined import exactly
from losscheck.verifier.ends import end_limit
from losscheck.verifier.identity import same
from losscheck.verifier.pairs import names, region
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.terms import F0, F1, Node, Pool, walk


@dataclass(frozen=True)
class Csiszar:
    """``d = Phi(m + x)`` with ``x = C - m >= 0``; ``f`` is a function of v > 0, ``outer = Phi(m + .)`` one of x."""

    case: Case
    f: Curve
    least: Node
    outer_node: Node

    @property
    def pool(self) -> Pool:
        """The pool of the case."""
        return self.case.pool

    def convex(self) -> bool:
        """Whether f is shown to be convex."""
        c = self.f
        inside = all(c.on(c.derivative(i, 2), i) in "+p0" for i in range(len(c.pieces)))
        return inside and all(c.step(i) == ("0", "0") and c.bend(i) in "+p0" for i in range(len(c.cuts)))

    def strict_at_one(self) -> bool:
        """Whether a convex f is shown to be affine on no interval around 1."""
        c, one = self.f, Fraction(1)
        for i, piece in enumerate(c.pieces):
            around = (piece.a is None or piece.a <= one) and (piece.b is None or one <= piece.b)
            if around and c.on(c.derivative(i, 2), i) == "+":
                return True
        return any(cut.low == cut.high == one and c.bend(i) == "+" for i, cut in enumerate(c.cuts))

    def top(self) -> Range | None:
        """The range of ``sup C - m`` for a convex f; None if it is infinite. Rejects when it is not shown."""
        pool, first, last = self.pool, self.f.pieces[0].node, self.f.pieces[-1].node
        slope = pool.mul(last, pool.power(pool.var("v"), Fraction(-1)))
        low, high = Enclosure({})(pool.scale(-1, self.least))
        finite = True
        for node, end, side in ((first, F0, 1), (slope, None, -1)):
            found = end_limit(pool, node, "v", end, side)
            if found is None:
                raise CertificateRejected("no limit of f is shown at 0 or at infinity")
            limit = found[1]
            if isinstance(limit, int):
                finite = False
            else:
                low, high = plus((low, high), (limit.lower(), limit.upper()))
        return (low, high) if finite else None

    def outer(self, proof: dict[str, Any]) -> Curve:
        """Phi on ``0 < x < end``; ``end`` is at least sup C - m (null: infinite)."""
        end = None if proof["end"] is None else rational(proof["end"])
        if end is not None:
            top = self.top()
            expect(top is not None and bool(top[1] <= point(end)[0]), "the values of C are not shown to end there")
        return curve(self.pool, self.outer_node, "x", F0, end, proof["outer_breaks"])

    def starts_low(self, outer: Curve) -> str:
        """Sign of ``Phi(m+) - Phi(m)``, or ``?``."""
        pool, node = self.pool, outer.pieces[0].node
        zero = {"x": F0}
        if not regular(node, "x", Cut(F0, F0, pool.zero)):
            return "?"
        return constant_sign(pool, pool.sub(exactly(pool, node, zero), self.at_least()))

    def at_least(self) -> Node:
        """``Phi(m)``, the value where p = q."""
        return exactly(self.pool, self.outer_node, {"x": F0})


def nondecreasing(outer: Curve) -> bool:
    """Whether a curve is shown to be nondecreasing between its ends."""
    inside = all(outer.on(outer.derivative(i), i) in "+p0" for i in range(len(outer.pieces)))
    return inside and all(s in "+p0" for i in range(len(outer.cuts)) for s in outer.step(i))


def _by_index(case: Case, core: Node, degree: Fraction) -> list[Node] | None:
    """The terms of a sum by the index of the entries they read; else None.

    A constant is spread as ``c0 p_i``, or evenly for a sum of degree 0; with any other degree there must be none.
    """
    pool, (first, second) = case.pool, names(case)
    index = {x: i for half in (first, second) for i, x in enumerate(half)}
    c0, terms = pool.form(core)
    if c0 and degree not in (0, 1):
        return None
    share = [(c0, pool.var(x)) if degree else (c0 / len(first), pool.one) for x in first]
    parts: list[list[tuple[Fraction, Node]]] = [[s] for s in share]
    for term, c in terms.items():
        found = {index[n.value] for n in walk(term) if n.op == "var"}
        if len(found) != 1:
            return None
        parts[found.pop()].append((c, term))
    return [pool.linear(*part) for part in parts]


def _renamed(case: Case, n: Node, i: int, p: Node, q: Node) -> Node:
    pool, (first, second) = case.pool, names(case)
    return pool.substitute(n, {pool.var(first[i]): p, pool.var(second[i]): q})


def opened(case: Case) -> Node:
    """The loss with every ``lse(a)`` written as the logarithm of a sum of exponentials."""
    pool, (root,) = case.pool, case.roots
    sums = [n for n in walk(root) if n.op == "lse"]
    for n in sums:
        root = pool.substitute(root, {n: pool.make("log", None, (pool.add(*map(pool.exp, n.args)),))})
    return root


def cores(pool: Pool, root: Node) -> list[Node]:
    """The sums outside of which no variable occurs."""
    mark = pool.var("c")
    found = []
    for n in walk(root):
        if n.op == "add" and len(n.args) > 1:
            rest = pool.substitute(root, {n: mark})
            if not any(m.op == "var" and m is not mark for m in walk(rest)):
                found.append(n)
    return found


def read_homogeneous(case: Case, proof: dict[str, Any], degree: Fraction) -> tuple[Node, Node]:
    """``(f, Phi)`` as functions of v and c, the core being ``turn * sum of q_i^degree f(p_i / q_i)``, or reject."""
    expect(case.kind == "divergence" and proof["turn"] in (1, -1), "a divergence and a turn of 1 or -1")
    pool, root, turn = case.pool, opened(case), Fraction(proof["turn"])
    core = cores(pool, root)[proof["core"]]
    expect(defined_everywhere(core, region(case)), "the core is not shown to be defined")
    parts = _by_index(case, core, degree)
    expect(parts is not None, "a term of the core reads entries of several indices")
    p, q, v = (pool.var(name) for name in "pqv")
    gs = [_renamed(case, part, i, p, q) for i, part in enumerate(parts or [])]
    expect(all(same(pool, gs[0], g, unit=("p", "q")) for g in gs[1:]), "the indices do not have the same function")
    g = pool.scale(turn, gs[0])
    f = pool.substitute(g, {p: v, q: pool.one})
    ratio = pool.mul(p, pool.power(q, Fraction(-1)))
    scaled = pool.mul(pool.power(q, degree), pool.substitute(f, {v: ratio}))
    expect(same(pool, g, scaled, unit=("p", "q")), "the function of an index is not shown to be homogeneous")
    return f, pool.substitute(root, {core: pool.var("c")})


def read_csiszar(case: Case, proof: dict[str, Any]) -> Csiszar:
    """Read a divergence, or reject; ``f_breaks`` are the breakpoints of f, ``core`` the number of the core."""
    pool = case.pool
    f, phi = read_homogeneous(case, proof, F1)
    c = curve(pool, f, "v", F0, None, proof["f_breaks"])
    least = exactly(pool, f, {"v": F1})
    shifted = pool.scale(Fraction(proof["turn"]), pool.add(least, pool.var("x")))
    return Csiszar(case, c, least, pool.substitute(phi, {pool.var("c"): shifted}))


def signs(c: Curve) -> set[str]:
    """Signs of a curve on its pieces and at its cuts."""
    return {*(c.on(p.node, i) for i, p in enumerate(c.pieces)), *(c.sign(v, i) for i, v in enumerate(c.values))}
