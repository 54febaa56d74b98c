"""Cells of a loss whose branches compare affine functions: R^K cut into relatively open polyhedra, ties included.

Every switch (max, min, abs, where) is decided by the sign of an affine function of the variables. Each such sign splits
a cell into three: positive, negative, and zero, where one variable is eliminated. Empty cells are dropped by exact
elimination, the others cover R^K without overlap, and on each the loss equals its switch-free ``node``. What a branch
multiplies by 0 there is gone, so every logarithm and power has to be defined on all of R^K.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from losscheck.verifier.balls import INF, NINF, Enclosure
from losscheck.verifier.budget import Budget
from losscheck.verifier.certificate import CertificateRejected, expect
from losscheck.verifier.defined import natural
from losscheck.verifier.identity import vanishes
from losscheck.verifier.linear_system import Inequality, Row, eliminated, oriented, solvable, whole
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.terms import BOOLEAN, F0, Node, Pool, walk

MOST_CELLS = 600


@dataclass(frozen=True)
class Cell:
    """Where ``signs`` hold: pairs of a row and +1 or -1 (strict), or 0 with the variable it eliminates."""

    signs: tuple[tuple[Row, int, int], ...]
    node: Node

    @property
    def equations(self) -> list[tuple[Row, int]]:
        """The rows that are zero, each with the variable that it eliminates."""
        return [(row, i) for row, s, i in self.signs if s == 0]


class Split(Exception):
    """The sign of an affine function is needed."""


class Cells:
    """The cells of one root; ``defined`` says that the caller has shown it to be defined everywhere."""

    def __init__(self, pool: Pool, root: Node, names: Sequence[str], defined: bool = False) -> None:
        self.pool, self.names = pool, list(names)
        value = Enclosure({n.value: (NINF, INF) for n in walk(root) if n.op == "var"})
        expect(defined or defined_everywhere(root, value), "a logarithm or a power is not shown to be defined on R^K")
        self.found: list[Cell] = []
        self._explore(root, (), {})

    def _explore(self, root: Node, signs: tuple[tuple[Row, int, int], ...], known: dict[Row, int]) -> None:
        try:
            node = self._resolve(root, known)
        except Split as needed:
            row: Row = needed.args[0]
        else:
            self.found.append(Cell(signs, node))
            expect(len(self.found) <= MOST_CELLS, "the loss has too many cells")
            return
        at = next(i for i, c in enumerate(row) if i and c)
        for s in (1, -1, 0):
            longer = (*signs, (row, s, at if s == 0 else 0))
            if not solvable(inequalities(longer)):
                continue
            if s:
                self._explore(root, longer, {**known, row: s})
            else:
                swapped = {oriented(eliminated(r, row, at))[0]: k for r, k in _turned(known, row, at) if any(r[1:])}
                self._explore(self.pool.substitute(root, {self.variable(at): self.solved(row, at)}), longer, swapped)

    def variable(self, i: int) -> Node:
        """The variable number i of a row."""
        return self.pool.var(self.names[i - 1])

    def solved(self, row: Row, at: int) -> Node:
        """The variable number ``at`` from ``row = 0``."""
        parts = [(Fraction(-row[i], row[at]), self.variable(i)) for i in range(1, len(row)) if row[i] and i != at]
        return self.pool.linear((Fraction(-row[0], row[at]), self.pool.one), *parts)

    def affine(self, n: Node) -> Row:
        """A node as a row, or reject."""
        c0, terms = self.pool.form(n)
        expect(all(t.op == "var" for t in terms), "a branch compares functions that are not affine")
        return whole([c0, *(terms.get(self.pool.var(x), F0) for x in self.names)])

    def _sign(self, n: Node, known: dict[Row, int]) -> int:
        row = self.affine(n)
        if not any(row[1:]):
            return (row[0] > 0) - (row[0] < 0)
        key, turned = oriented(row)
        if key not in known:
            raise Split(key)
        return known[key] * turned

    def _holds(self, c: Node, known: dict[Row, int], done: dict[Node, Node]) -> bool:
        if c.op in ("true", "false"):
            return c.op == "true"
        if c.op == "not":
            return not self._holds(c.args[0], known, done)
        if c.op == "and":
            return all(self._holds(x, known, done) for x in c.args)
        a, b = (self._go(x, known, done) for x in c.args)
        partial = any(m.op == "log" or (m.op == "pow" and not natural(m)) for m in walk(a, b))
        expect(not partial, "a branch compares what may not be defined, though it cancels")
        s = self._sign(self.pool.sub(b, a), known)
        return s > 0 if c.op == "lt" else s >= 0 if c.op == "le" else s == 0

    def _resolve(self, root: Node, known: dict[Row, int]) -> Node:
        return self._go(root, known, {})

    def _go(self, n: Node, known: dict[Row, int], done: dict[Node, Node]) -> Node:
        if not n.args or n.op in BOOLEAN:
            return n
        if n in done:
            return done[n]
        Budget.spend(2)
        if n.op == "where":
            out = self._go(n.args[1 if self._holds(n.args[0], known, done) else 2], known, done)
        else:
            args = [self._go(a, known, done) for a in n.args]
            if n.op == "abs":
                out = args[0] if self._sign(args[0], known) >= 0 else self.pool.scale(-1, args[0])
            elif n.op in ("max", "min"):
                out = args[0]
                for other in args[1:]:
                    s = self._sign(self.pool.sub(other, out), known)
                    out = other if s == (1 if n.op == "max" else -1) else out
            else:
                out = self.pool.build(n.op, n.value, tuple(args))
        done[n] = out
        return out


def _turned(known: dict[Row, int], equation: Row, at: int) -> list[tuple[Row, int]]:
    """Known signs after an elimination, of rows as they will be oriented."""
    out = []
    for row, s in known.items():
        rest = eliminated(row, equation, at)
        out.append((rest, s * oriented(rest)[1] if any(rest[1:]) else s))
    return out


def inequalities(signs: Sequence[tuple[Row, int, int]], closed: bool = False) -> list[Inequality]:
    """The cell (or its closure) as inequalities."""
    out: list[Inequality] = []
    for row, s, _ in signs:
        if s == 0:
            out += [(row, False), (tuple(-c for c in row), False)]
        else:
            out.append((tuple(s * c for c in row), not closed))
    return out


def equal_on_cells(pool: Pool, a: Node, b: Node, names: Sequence[str]) -> bool:
    """Whether two functions are shown equal everywhere, cell by cell."""
    try:
        return all(vanishes(pool, cell.node) for cell in Cells(pool, pool.sub(a, b), names, defined=True).found)
    except CertificateRejected:
        return False
