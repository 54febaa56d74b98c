"""A regression loss above the diagonal (yhat > y), below it, and on it: one formula each.

Charts: ``shift`` writes yhat = y + s, ``log`` (positive numbers) yhat = exp(q + s), y = exp(q), with s > 0 above,
s < 0 below. Every switch must be decided on a whole side; logarithms and roots must keep off 0 there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, Undefined
from losscheck.verifier.certificate import Case, CertificateRejected, expect
from losscheck.verifier.cover import OPPOSITE, sign
from losscheck.verifier.curve import analytic
from losscheck.verifier.defined import natural
from losscheck.verifier.identity import same, vanishes
from losscheck.verifier.pieces import resolve
from losscheck.verifier.points import positives
from losscheck.verifier.regression import region
from losscheck.verifier.terms import Node, Pool, walk

INCREASING = frozenset({"exp", "log", "atan", "erf", "log_ndtr"})


@dataclass(frozen=True)
class Side:
    """Signs of nodes in yhat and y on one side of the diagonal."""

    pool: Pool
    change: Mapping[Node, Node]
    value: Enclosure

    def sign(self, n: Node) -> str:
        """The sign of a node on the whole side, ``?`` when not shown."""
        moved = self.pool.substitute(n, dict(self.change))
        found = self.read(moved)
        return "0" if found == "?" and vanishes(self.pool, moved) else found

    def read(self, n: Node) -> str:
        """The sign of a node in the chart's own variables."""
        try:
            found = sign(n, self.value)
        except Undefined:
            return "?"
        return self.compared(n) if found == "?" else found

    def compared(self, n: Node) -> str:
        """The sign of ``c (g(a) - g(b))``, g increasing: that of ``c (a - b)``."""
        c0, terms = self.pool.form(n)
        if c0 or len(terms) != 2:
            return "?"
        (a, ca), (b, cb) = terms.items()
        if ca + cb or a.op != b.op or not a.args:
            return "?"
        turned = ca < 0
        if a.op == "pow" and a.value == b.value:
            bases = {self.read(a.args[0]), self.read(b.args[0])}
            if not bases <= {"+", "p", "0"} or (a.value < 0 and bases != {"+"}):
                return "?"
            turned = turned != (a.value < 0)
        elif a.op not in INCREASING:
            return "?"
        found = self.read(self.pool.sub(a.args[0], b.args[0]))
        return OPPOSITE[found] if turned else found


def side(case: Case, chart: Any, where: str) -> Side:
    """The region ``above``, ``below`` or ``on`` the diagonal."""
    pool, positive = case.pool, positives(case)
    yhat, y, s, q = (pool.var(x) for x in ("yhat", "y", "s", "q"))
    if where == "on":
        both = positive["yhat"] or positive["y"]
        return Side(pool, {yhat: y}, region(pool, {"y": both}))
    sense = Fraction(1 if where == "above" else -1)
    if chart == "log":
        expect(case.domain == "positive", "logarithms are taken of positive numbers")
        change = {y: pool.exp(q), yhat: pool.exp(pool.linear((Fraction(1), q), (sense, s)))}
        return Side(pool, change, region(pool, {"q": False, "s": True}))
    expect(chart == "shift", "a chart is shift or log")
    if where == "below" and positive["yhat"]:
        expect(positive["y"], "the side below is no product when y is real and yhat positive")
        return Side(pool, {y: pool.add(yhat, s)}, region(pool, {"yhat": True, "s": True}))
    expect(where == "below" or not positive["yhat"] or positive["y"], "the side above is no product of intervals")
    change = {yhat: pool.linear((Fraction(1), y), (sense, s))}
    return Side(pool, change, region(pool, {"y": positive["y"], "s": True}))


def formula(case: Case, on: Side) -> Node:
    """The loss on one side as a formula in yhat and y without switches, analytic there."""
    node = resolve(case.pool, case.roots[0], "", None, None, on.sign)
    expect(analytic(node, on.sign), "the loss is not shown to be smooth on one side of the diagonal")
    return node


def continuous(n: Node, sign_of: Callable[[Node], str]) -> bool:
    """Whether a switch-free node is continuous where ``sign_of`` gives signs, from the side where it is defined."""
    for m in walk(n):
        if m.op == "log" or (m.op == "pow" and not natural(m)):
            s = sign_of(m.args[0])
            root = m.op == "pow" and m.value > 0 and s in "p0"
            if not (s == "+" or root or (s == "-" and m.op == "pow" and m.value.denominator == 1)):
                return False
    return True


def sides(case: Case, chart: Any) -> tuple[tuple[Side, Node], tuple[Side, Node]]:
    """The loss above and below the diagonal; it is continuous in yhat across the diagonal, or this rejects."""
    found = []
    on = side(case, chart, "on")
    value = resolve(case.pool, case.roots[0], "", None, None, on.sign)
    for where in ("above", "below"):
        region_of = side(case, chart, where)
        node = formula(case, region_of)
        if not continuous(node, on.sign) or not same(case.pool, *(reach(case.pool, k) for k in (node, value))):
            raise CertificateRejected("the loss is not shown to be continuous across the diagonal")
        found.append((region_of, node))
    expect(continuous(value, on.sign), "the loss is not shown to be defined on the diagonal")
    return found[0], found[1]


def reach(pool: Pool, n: Node) -> Node:
    """A node on the diagonal, ``yhat = y``."""
    return pool.substitute(n, {pool.var("yhat"): pool.var("y")})
