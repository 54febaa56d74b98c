"""Signs and continuity on the closed simplex, by structure.

A *face set* is a set of sets of variables: ``{{p0}, {p1, p2}}`` is the part of the simplex where p0 = 0 or
p1 = p2 = 0. ``frozenset()`` stands for the whole simplex, all variables at once for nothing (they sum to 1).
Every set returned is an upper bound of what it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from losscheck.verifier.defined import natural
from losscheck.verifier.interval import SWITCHES
from losscheck.verifier.pieces import resolve
from losscheck.verifier.terms import Node, Pool, walk

Faces = frozenset[frozenset[str]]
NOWHERE: Faces = frozenset()
EVERYWHERE: Faces = frozenset({frozenset()})


@dataclass(frozen=True)
class Ends:
    """Where a continuous function with values in [-inf, inf] may be +inf, -inf, or have no value."""

    plus: Faces = NOWHERE
    minus: Faces = NOWHERE
    none: Faces = NOWHERE


class Simplex:
    """Readings of nodes as functions on the closed simplex of the named variables."""

    def __init__(self, pool: Pool, names: Sequence[str]) -> None:
        self.pool, self.names = pool, tuple(names)
        self._zeros: dict[Node, Faces | None] = {}
        self._ends: dict[Node, Ends] = {}

    def meet(self, a: Faces, b: Faces) -> Faces:
        """Intersection; only faces not contained in a larger one of the set are kept."""
        both = {x | y for x in a for y in b if len(x | y) < len(self.names)}
        return frozenset(x for x in both if not any(y < x for y in both))

    def zeros(self, n: Node) -> Faces | None:
        """Where a nonnegative function may vanish; None if it is not shown to be nonnegative."""
        if n not in self._zeros:
            self._zeros[n] = self._find_zeros(n)
        return self._zeros[n]

    def _find_zeros(self, n: Node) -> Faces | None:
        if n.op == "const" or (n.op == "ball" and n.value[0] > 0):
            return None if n.op == "const" and n.value < 0 else EVERYWHERE if n.value == 0 else NOWHERE
        if n.op in ("var", "add"):
            return self._sum_zeros(n)
        if n.op == "exp":
            return self.ends(n.args[0]).minus
        if n.op == "log":
            return self.zeros(self.pool.sub(n.args[0], self.pool.one))
        inner = [self.zeros(a) for a in n.args]
        if n.op == "pow" and natural(n) and n.value % 2 == 0:
            return EVERYWHERE if inner[0] is None else inner[0]
        known = [z for z in inner if z is not None]
        if n.op == "max":
            return known[0] if known else None
        if n.op not in ("mul", "pow", "min", "atan", "erf") or len(known) < len(inner):
            return None
        return self.ends(n.args[0]).plus if n.op == "pow" and n.value < 0 else frozenset().union(*known)

    def _sum_zeros(self, n: Node) -> Faces | None:
        """A sum of nonnegative terms vanishes where all do; its affine part is ``sum of (c0 + c_i) p_i``."""
        c0, terms = self.pool.form(n)
        affine = {t.value: c for t, c in terms.items() if t.op == "var"}
        weight = {x: c0 + affine.get(x, Fraction(0)) for x in self.names}
        if min(weight.values()) < 0:
            return None
        found: Faces = self.meet(EVERYWHERE, frozenset({frozenset(x for x, c in weight.items() if c > 0)}))
        for t, c in terms.items():
            if t.op != "var":
                z = self.zeros(t) if c > 0 else None
                if z is None:
                    return None
                found = self.meet(found, z)
        return found

    def sign(self, n: Node) -> str:
        """``+ p - m 0 ?`` on the closed simplex."""
        if n.op == "const" and not n.value:
            return "0"
        for m, strictly, weakly in ((n, "+", "p"), (self.pool.scale(-1, n), "-", "m")):
            z = self.zeros(m)
            if z is not None:
                return weakly if z else strictly
        return "?"

    def settle(self, root: Node) -> Node:
        """``root`` without switches, or rejected: each is decided on the closed simplex.

        ``where(x = 0, 0, x**a log x ...)`` is its second branch, whose limit at x = 0 is 0.
        """
        changes: dict[Node, Node] = {}
        for n in walk(root):
            if n.op == "where" and n.args[0].op == "eq" and n.args[1] is self.pool.zero and n.args[2].op == "mul":
                x = [a for a in n.args[0].args if a.op == "var"]
                logs = [a for a in n.args[2].args if self._tamed(n.args[2], a)]
                whole = self.ends(n.args[2]) == Ends()
                if whole and self.pool.zero in n.args[0].args and any(a.args == tuple(x) for a in logs):
                    changes[n] = n.args[2]
        root = self.pool.substitute(root, changes)
        return resolve(self.pool, root, "", None, None, self.sign)

    def interior(self, n: Node) -> bool:
        """Whether a function is positive on the open simplex."""
        z = self.zeros(n)
        return z is not None and frozenset() not in z

    def analytic(self, n: Node) -> bool:
        """Whether an expression is defined and real-analytic on (a neighbourhood of each point of) the open simplex."""
        return all(
            m.op not in SWITCHES and ((m.op != "log" and (m.op != "pow" or natural(m))) or self.interior(m.args[0]))
            for m in walk(n)
        )

    def ends(self, n: Node) -> Ends:
        """Where a composition of continuous functions is infinite or undefined on the closed simplex."""
        if n not in self._ends:
            self._ends[n] = self._find_ends(n)
        return self._ends[n]

    def _find_ends(self, n: Node) -> Ends:
        inner = [self.ends(a) for a in n.args]
        none: Faces = _union(e.none for e in inner)
        plus, minus = _union(e.plus for e in inner), _union(e.minus for e in inner)
        if n.op in ("var", "const", "ball", "rsqrtpi", "atan", "erf"):
            return Ends(none=none)
        if n.op == "exp":
            return Ends(plus, NOWHERE, none)
        if n.op == "add":
            signed = [e if c > 0 else Ends(e.minus, e.plus) for c, e in zip(n.value[1:], inner, strict=True)]
            for i, e in enumerate(signed):
                none |= _union(self.meet(e.plus, f.minus) for j, f in enumerate(signed) if i != j)
            return Ends(_union(e.plus for e in signed), _union(e.minus for e in signed), none)
        zeros = [self.zeros(a) for a in n.args]
        if n.op == "mul":
            return self._product(n, inner, zeros, none)
        z = zeros[0]
        if n.op == "log" and z is not None:
            return Ends(plus, z, none)
        if n.op == "pow" and natural(n):
            return Ends(plus | (minus if n.value % 2 == 0 else NOWHERE), minus if n.value % 2 else NOWHERE, none)
        if n.op == "pow" and z is not None:
            return Ends(plus if n.value > 0 else z, NOWHERE, none)
        if n.op in ("lse", "max", "min", "log_ndtr"):
            return Ends(plus, minus, none)
        return Ends(none=EVERYWHERE)

    def _product(self, n: Node, inner: list[Ends], zeros: list[Faces | None], none: Faces) -> Ends:
        """0 * inf has no value, except that ``x**a log x`` tends to 0; an infinity has its sign if the rest is >= 0."""
        ends = [Ends(e.plus, NOWHERE, e.none) if self._tamed(n, a) else e for a, e in zip(n.args, inner, strict=True)]
        plus, minus = NOWHERE, NOWHERE
        for i, e in enumerate(ends):
            others = [EVERYWHERE if z is None else z for j, z in enumerate(zeros) if j != i]
            none |= _union(self.meet(e.plus | e.minus, z) for z in others)
            known = all(z is not None for j, z in enumerate(zeros) if j != i)
            plus |= e.plus | (NOWHERE if known else e.minus)
            minus |= e.minus | (NOWHERE if known else e.plus)
        return Ends(plus, minus, none)

    def _tamed(self, n: Node, a: Node) -> bool:
        """``a`` is the logarithm of a variable that is, itself or to a positive power, a factor of n."""
        if a.op != "log" or a.args[0].op != "var":
            return False
        return any(b is a.args[0] or (b.op == "pow" and b.value > 0 and b.args[0] is a.args[0]) for b in n.args)


def _union(parts: Iterable[Faces]) -> Faces:
    return frozenset().union(*parts)
