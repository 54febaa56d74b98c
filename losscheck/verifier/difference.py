r"""Losses of the difference of their arguments: ``d(p, q) = N(p - q)`` with N convex on all of R^K.

Checked: ``d(q + v, q) = N(v)`` with ``N(v) = d(v, 0)``, an identity of normal forms; d is defined at every pair; N is
defined on all of R^K, and convex by composition rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import ranges
from losscheck.verifier.curvature import Curvature
from losscheck.verifier.defined import exactly
from losscheck.verifier.definite import definiteness
from losscheck.verifier.identity import same
from losscheck.verifier.pairs import names, region
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.quadratic import Quadratic, nonnegative_definite, quadratic
from losscheck.verifier.terms import Node, Pool, walk


class Difference:
    """N as a function of the first vector's variables, over R^K."""

    def __init__(self, case: Case) -> None:
        self.case, self.pool = case, case.pool
        self.names, second = names(case)
        pool, (root,) = case.pool, case.roots
        v = {pool.var(a): pool.var(a) for a in self.names}
        self.node = pool.substitute(root, {**v, **{pool.var(b): pool.zero for b in second}})
        moved = {pool.var(a): pool.add(pool.var(a), pool.var(b)) for a, b in zip(self.names, second, strict=True)}
        expect(same(pool, pool.substitute(root, moved), self.node), "the loss does not depend on the difference alone")
        value = Enclosure(ranges(dict.fromkeys(self.names, (None, None))))
        self._note_squares(self.node, self.names, value)
        inside = region(case)
        self._note_squares(root, case.variables, inside)
        expect(defined_everywhere(root, inside), "the loss is not shown to be defined")
        expect(defined_everywhere(self.node, value), "the loss of the difference is not shown to be defined")
        convex = Curvature(pool, self.names, "real", value)(self.node)[0] in ("c", "a", "x")
        expect(convex, "the loss is not shown to be convex in the difference")

    def _note_squares(self, root: Node, variables: Sequence[str], value: Enclosure) -> None:
        """Note the sign of the base of a root that is a quadratic form nowhere negative."""
        for m in walk(root):
            q = quadratic(self.pool, m.args[0]) if m.op == "pow" else None
            if q is not None and nonnegative_definite(q.bordered(variables)):
                value.signs.setdefault(m.args[0].id, "p")

    def subadditive(self) -> bool:
        """Whether ``N(v) - N(0)`` is shown to be homogeneous of degree 1, and so sublinear, and N(0) >= 0."""
        pool, t = self.pool, self.pool.var("t")
        zero = self.at_zero()
        rest = pool.sub(self.node, zero)
        stretched = {pool.var(a): pool.mul(pool.exp(t), pool.var(a)) for a in self.names}
        grown = same(pool, pool.substitute(rest, stretched), pool.mul(pool.exp(t), rest))
        return grown and constant_sign(pool, zero) in "+0"

    def even(self) -> bool:
        """Whether ``N(-v) = N(v)``: then N, being convex, is least at 0."""
        turned = {self.pool.var(a): self.pool.scale(-1, self.pool.var(a)) for a in self.names}
        return same(self.pool, self.pool.substitute(self.node, turned), self.node)

    def at_zero(self) -> Node:
        """``N(0)``."""
        return exactly(self.pool, self.node, dict.fromkeys(self.names, Fraction(0)))

    def definite(self, zero_sum: bool) -> bool:
        """Whether N is shown to be nonnegative and to vanish at 0 only (among the v that sum to 0).

        A sum of ``c |L v|``, ``c sqrt(Q v)`` and ``c Q v``, with c > 0 and Q positive semidefinite, or a maximum of
        such terms, vanishes where all terms do: where the sum of all ``(L v)^2`` and Q does.
        """
        root = self.node
        while root.op == "pow" and root.value > 0 and quadratic(self.pool, root) is None:
            root = root.args[0]  # N vanishes where its base does
        total = Quadratic()
        whole = quadratic(self.pool, root)
        c0, terms = self.pool.form(root)
        listed = [(root, Fraction(1))] if whole else list(terms.items())
        if root.op == "max":
            listed = [(part, Fraction(1)) for part in root.args]
        for part, c in listed:
            square = _square(self.pool, part, self.names)
            if square is None or c <= 0:
                return False
            total = total.plus(square, c)
        return (whole is not None or not c0) and definiteness(total.hessian(self.names, zero_sum)) == "+"


def _square(pool: Pool, n: Node, variables: Sequence[str]) -> Quadratic | None:
    """A positive semidefinite form that vanishes exactly where a nonnegative term does, or None."""
    inner = n
    if n.op == "abs":
        inner = pool.power(n.args[0], Fraction(2))
    elif n.op == "pow" and n.value > 0 and quadratic(pool, n) is None:
        inner = n.args[0]
    q = quadratic(pool, inner)
    if q is None or any("" in key for key, c in q.terms.items() if c):
        return None
    return q if definiteness(q.hessian(variables, False)) in ("+", "p") else None
