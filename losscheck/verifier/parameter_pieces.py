"""A loss of one score between cuts that depend on parameters: formulas without switches, for every parameter."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from losscheck.verifier.balls import Enclosure, Undefined
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import Box, Exhausted, acceptor, cover, implies, ranges, sign
from losscheck.verifier.curve import analytic
from losscheck.verifier.identity import same, vanishes
from losscheck.verifier.interval import End, smooth
from losscheck.verifier.numbers import fraction
from losscheck.verifier.pieces import resolve
from losscheck.verifier.terms import Node, Pool

BOXES = 500


def sign_on(n: Node, box: Box) -> str:
    """The sign of a node on a box."""
    try:
        return sign(n, Enclosure(ranges(box)))
    except Undefined:
        return "?"


def has(pool: Pool, n: Node, want: str, box: Box) -> bool:
    """Whether a node has a sign on a whole box."""
    if vanishes(pool, n):
        return "=" in want
    if implies(sign_on(n, box), want):
        return True
    try:
        cover(acceptor(pool, n, want, smooth=True), box, BOXES)
    except Exhausted:
        return False
    return True


def regular(n: Node, box: Box) -> bool:
    """Whether a node has no switch and is analytic on a closed box."""
    return smooth(n) and analytic(n, lambda m: sign_on(m, box))


class Pieces:
    """One label's loss between the cuts, for every value of the parameters."""

    def __init__(self, case: Case, root: Node, cuts: list[Node]) -> None:
        self.pool, self.x, self.cuts = case.pool, case.variables[0], cuts
        self.parameters: Box = dict(case.parameters)
        spans = [Enclosure(ranges(self.parameters))(b) for b in cuts]
        expect(all(end.is_finite() for span in spans for end in span), "a cut is not bounded")
        lows: list[End] = [None, *(fraction(lo) for lo, _ in spans)]
        highs: list[End] = [*(fraction(hi) for _, hi in spans), None]
        self.boxes: list[Box] = [{**self.parameters, self.x: ends} for ends in zip(lows, highs, strict=True)]
        readers = [self.signs(i, box) for i, box in enumerate(self.boxes)]
        self.nodes = [resolve(self.pool, root, self.x, None, None, read) for read in readers]
        expect(all(map(regular, self.nodes, self.boxes)), "a piece is not shown to be smooth")
        at = [resolve(self.pool, root, self.x, None, None, self.signs(j, None)) for j in range(len(cuts))]
        self.values = [self.put(n, j) for j, n in enumerate(at)]
        known = all(regular(n, self.parameters) for n in self.values)
        expect(known, "a value at a cut is not shown to be defined")

    def put(self, n: Node, j: int) -> Node:
        """A node at the cut j."""
        return self.pool.substitute(n, {self.pool.var(self.x): self.cuts[j]})

    def signs(self, i: int, box: Box | None) -> Callable[[Node], str]:
        """Signs on the piece i, or at the cut i when there is no box."""

        def read(gap: Node) -> str:
            v = self.pool.var(self.x)
            k = self.pool.form(gap)[1].get(v, Fraction(0))
            place = self.pool.scale(-1 / k, self.pool.sub(gap, self.pool.scale(k, v))) if k else self.pool.zero
            for j, b in enumerate(self.cuts if k else []):
                if same(self.pool, place, b):
                    side = "0" if box is None and i == j else "+" if j < i else "-"
                    return side if k > 0 or side == "0" else "-" if side == "+" else "+"
            return sign_on(gap, box) if box is not None else sign_on(self.put(gap, i), self.parameters)

        return read

    def derivative(self, i: int, order: int) -> Node:
        """A derivative of the formula of piece i."""
        n = self.nodes[i]
        for _ in range(order):
            n = self.pool.differentiate(n, self.x)
        return n

    def each(self, order: int, want: str) -> bool:
        """Whether a derivative has a sign on every piece."""
        return all(self.on(i, self.derivative(i, order), want) for i in range(len(self.nodes)))

    def on(self, i: int, n: Node, want: str) -> bool:
        """Whether a node has a sign on the piece i: read in v, or in the distance from the cut below or above."""
        if has(self.pool, n, want, self.boxes[i]):
            return True
        v, (low, high) = self.pool.var(self.x), self.boxes[i][self.x]
        box: Box = {**self.parameters, self.x: (Fraction(0), None if low is None or high is None else high - low)}
        ends = [(j, k) for j, k in ((i - 1, 1), (i, -1)) if 0 <= j < len(self.cuts)]
        charts = [self.pool.linear((Fraction(1), self.cuts[j]), (Fraction(k), v)) for j, k in ends]
        return any(has(self.pool, self.pool.substitute(n, {v: chart}), want, box) for chart in charts)

    def bend(self, j: int) -> Node:
        """The step of the slope at the cut j."""
        return self.pool.sub(self.put(self.derivative(j + 1, 1), j), self.put(self.derivative(j, 1), j))

    def steps(self, want: str) -> bool:
        """Whether value less left limit, and right limit less value, are so at every cut: ``0`` or ``<=``."""
        for j, value in enumerate(self.values):
            left, right = self.put(self.nodes[j], j), self.put(self.nodes[j + 1], j)
            for gap in (self.pool.sub(value, left), self.pool.sub(right, value)):
                if not (vanishes(self.pool, gap) or (want != "0" and has(self.pool, gap, want, self.parameters))):
                    return False
        return True

    def bends(self, want: str) -> bool:
        """Whether the slope's step at every cut is so: ``0`` or ``>=``."""
        gaps = [self.bend(j) for j in range(len(self.cuts))]
        return all(vanishes(self.pool, g) or (want != "0" and has(self.pool, g, want, self.parameters)) for g in gaps)
