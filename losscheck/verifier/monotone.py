"""Monotonicity of a graph's nodes in one variable, by composition rules.

Every node is constant ``c``, nondecreasing ``u``, nonincreasing ``d`` or unknown ``?`` in the variable, for every value
of everything else. Sums and multiples; exp, log, atan, erf, log_ndtr, lse, max and min keep the direction of their
arguments; ``|x|`` and powers keep or turn it where the sign of x is known; a product of factors of known signs has the
common direction of its factors, each counted by the sign of the others (if x, y >= 0 both fall, so does x y).
Signs are those on the whole box, infinite ends included, so only where each node is defined.
"""

from __future__ import annotations

from losscheck.verifier.balls import Enclosure, Undefined
from losscheck.verifier.cover import sign
from losscheck.verifier.terms import Node, walk

TURNED = {"c": "c", "u": "d", "d": "u", "?": "?"}
INCREASING = frozenset({"exp", "log", "atan", "erf", "log_ndtr", "lse", "max", "min"})


def joined(*directions: str) -> str:
    """The direction of a sum."""
    found = set(directions) - {"c"}
    return "c" if not found else found.pop() if len(found) == 1 else "?"


class Direction:
    """Directions of nodes in one variable on one box."""

    def __init__(self, variable: str, value: Enclosure) -> None:
        self.variable, self.value = variable, value
        self.known: dict[Node, str] = {}

    def sign(self, n: Node) -> str:
        """The sign on the whole box."""
        try:
            return sign(n, self.value)
        except Undefined:
            return "?"

    def __call__(self, n: Node) -> str:
        """Read a node and all below it; conditions have no direction."""
        for m in walk(n):
            if m not in self.known:
                self.known[m] = self._read(m)
        return self.known[n]

    def _read(self, n: Node) -> str:
        if n.op == "var":
            return "u" if n.value == self.variable else "c"
        args = [self.known[a] for a in n.args]
        if all(a == "c" for a in args):
            return "c"
        if n.op == "add":
            return joined(*(a if c > 0 else TURNED[a] for c, a in zip(n.value[1:], args, strict=True)))
        if n.op in INCREASING:
            return joined(*args)
        if n.op == "mul":
            return self._product(n, args)
        if n.op in ("abs", "pow"):
            s = self.sign(n.args[0])
            if n.op == "pow" and n.value.denominator == 1 and n.value > 0 and n.value.numerator % 2:
                return args[0]
            if s not in "+p-m" or (n.op == "pow" and n.value < 0 and s not in "+-"):
                return "?"
            if n.op == "pow" and s in "-m" and (n.value.denominator > 1 or n.value.numerator % 2):
                return TURNED[args[0]] if n.value < 0 and n.value.denominator == 1 else "?"
            turned = (s in "-m") != (n.op == "pow" and n.value < 0)
            return TURNED[args[0]] if turned else args[0]
        return "?"

    def _product(self, n: Node, args: list[str]) -> str:
        signs = [self.sign(a) for a in n.args]
        parts = []
        for i, direction in enumerate(args):
            others = signs[:i] + signs[i + 1 :]
            if direction != "c" and not all(s in "+p-m" for s in others):
                return "?"
            down = sum(s in "-m" for s in others) % 2 == 1
            parts.append(TURNED[direction] if down else direction)
        return joined(*parts)
