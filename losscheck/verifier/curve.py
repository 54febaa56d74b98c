"""A function of one variable cut into analytic pieces, at rational points or at zeros of its own switches.

A hint ``"3/2"`` is an exact cut. A hint ``["low", "high"]`` is a cut at an irrational point, or at one that depends on
a constant known only as a ball: a switch's argument g with strict opposite signs at the two rationals and g' of one
strict sign between them has exactly one zero there, and that is the cut. Pieces are analytic between the true cuts:
no switch, every logarithm, root and reciprocal of something that does not vanish.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

from flint import arb

from losscheck.verifier.balls import Enclosure, Undefined, ball, point
from losscheck.verifier.certificate import CertificateRejected, expect, rational
from losscheck.verifier.cover import sign
from losscheck.verifier.ends import end_limit
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import End, interval_sign
from losscheck.verifier.pieces import Piece, constant_sign, resolve
from losscheck.verifier.terms import COMPARISONS, Node, Pool, walk

Limit = Node | arb | int
"""A one-sided limit: a node to be read at the cut, a ball, or +1 / -1 for an infinite one."""


@dataclass(frozen=True)
class Cut:
    """A point in [low, high]: the constant ``point``, or else the only zero there of ``zero``."""

    low: Fraction
    high: Fraction
    point: Node | None
    zero: Node | None = None


@dataclass(frozen=True)
class Curve:
    """The function on (a, b): pieces, the cuts between them and the values at the cuts (nodes to be read there)."""

    pool: Pool
    x: str
    root: Node
    pieces: list[Piece]
    cuts: list[Cut]
    values: list[Node]
    signs: list[Callable[[Node], str]]

    def on(self, n: Node, i: int) -> str:
        """Sign of a node on the whole open piece i."""
        found = self.signs[i](n)
        return "0" if found == "?" and vanishes(self.pool, n) else found

    def derivative(self, i: int, order: int = 1) -> Node:
        """The derivative of the piece i."""
        n = self.pieces[i].node
        for _ in range(order):
            n = self.pool.differentiate(n, self.x)
        return n

    def step(self, i: int) -> tuple[str, str]:
        """Signs of (value - left limit, right limit - value) at the cut i."""
        left, right = (self.limit(self.pieces[j].node, i, side) for j, side in ((i, -1), (i + 1, 1)))
        return self.gap(left, self.values[i], i), self.gap(self.values[i], right, i)

    def bend(self, i: int, order: int = 1) -> str:
        """Sign of the jump of the derivative at the cut i (right limit - left limit)."""
        left, right = self.derivative(i, order), self.derivative(i + 1, order)
        return self.gap(self.limit(left, i, -1), self.limit(right, i, 1), i)

    def sign(self, n: Node, i: int) -> str:
        """Sign of a node at the cut i."""
        return sign_at(self.pool, n, self.x, self.cuts[i])

    def limit(self, n: Node, i: int, side: int) -> Limit | None:
        """Limit at the cut i of a node that is analytic on its right (side +1) or left (-1)."""
        cut = self.cuts[i]
        if regular(n, self.x, cut):
            return n
        if cut.low != cut.high:
            return None
        return _limit(end_limit(self.pool, n, self.x, cut.low, side))

    def end(self, n: Node, last: bool) -> Limit | None:
        """Limit of a node of the first (last) piece at the lower (upper) end of the whole interval."""
        at = self.pieces[-1].b if last else self.pieces[0].a
        if at is not None and regular(n, self.x, cut := Cut(at, at, self.pool.const(at))):
            return ball(value_in(self.pool, n, self.x, cut))
        return _limit(end_limit(self.pool, n, self.x, at, -1 if last else 1))

    def gap(self, left: Limit | None, right: Limit | None, i: int) -> str:
        """Sign of ``right - left`` at the cut i, where nodes are read; ``?`` when not shown."""
        if left is None or right is None:
            return "?"
        if isinstance(left, int) or isinstance(right, int):
            low, high = (v if isinstance(v, int) else 0 for v in (left, right))
            return "?" if low == high else "+" if low < high else "-"
        if isinstance(left, Node) and isinstance(right, Node):
            return self.sign(self.pool.sub(right, left), i)
        a, b = (ball(value_in(self.pool, v, self.x, self.cuts[i])) if isinstance(v, Node) else v for v in (left, right))
        return "+" if a < b else "-" if b < a else "0" if a.is_exact() and b.is_exact() and a == b else "?"


def _limit(found: tuple[str, Any] | None) -> Limit | None:
    return None if found is None else int(found[1]) if found[0] == "inf" else found[1]


def _at(x: str, cut: Cut) -> Enclosure:
    """Ranges at a cut."""
    if cut.point is not None:
        known = {x: cut.point.value} if cut.point.op == "const" else None
        return Enclosure({x: Enclosure({})(cut.point)}, known)
    return Enclosure({x: (point(cut.low)[0], point(cut.high)[1])})


def value_in(pool: Pool, n: Node, x: str, cut: Cut) -> Any:
    """The range of a node at a cut."""
    if cut.point is not None:
        return Enclosure({})(pool.substitute(n, {pool.var(x): cut.point}))
    return _at(x, cut)(n)


def regular(n: Node, x: str, cut: Cut) -> bool:
    """Whether a switch-free node and everything below it are finite at the cut: then it is continuous there."""
    try:
        value = _at(x, cut)
        return all(all(end.is_finite() for end in value(m)) for m in walk(n))
    except Undefined:
        return False


def same_zero(pool: Pool, n: Node, zero: Node) -> bool:
    """Whether two nodes are proportional."""
    (c, terms), (d, others) = pool.form(n), pool.form(zero)
    if not terms or set(terms) != set(others):
        return False
    ratios = {terms[t] / others[t] for t in terms}
    return len(ratios) == 1 and c == ratios.pop() * d


def settled(pool: Pool, n: Node, zero: Node) -> Node:
    """A node with a term t replaced by its value where ``zero = c + d t`` vanishes."""
    c, terms = pool.form(zero)
    if len(terms) != 1:
        return n
    ((t, d),) = terms.items()
    return pool.substitute(n, {t: pool.const(-c / d)})


def sign_at(pool: Pool, n: Node, x: str, cut: Cut) -> str:
    """Sign of a switch-free node at a cut, ``?`` when not shown (or not finite there)."""
    if n is pool.zero:
        return "0"
    if not regular(n, x, cut):
        return "?"
    if cut.point is not None:
        try:
            return constant_sign(pool, pool.substitute(n, {pool.var(x): cut.point}))
        except CertificateRejected:
            return "?"
    if cut.zero is not None and (same_zero(pool, n, cut.zero) or settled(pool, n, cut.zero) is pool.zero):
        return "0"
    return sign(n, _at(x, cut))


def _strict(pool: Pool, g: Node, x: str, cut: Cut) -> bool:
    """Whether g has opposite strict signs at the hints and a derivative of one strict sign between them."""
    try:
        left, right = (sign(g, Enclosure({x: point(c)})) for c in (cut.low, cut.high))
        slope = sign(pool.differentiate(g, x), Enclosure({x: (point(cut.low)[0], point(cut.high)[1])}))
    except Undefined:
        return False
    return {left, right} == {"+", "-"} and slope in "+-"


def switch_arguments(pool: Pool, *roots: Node) -> list[Node]:
    """The nodes whose sign decides some switch of the roots; they may hold switches themselves."""
    found: dict[Node, None] = {}
    for n in walk(*roots):
        pairs = [(a, b) for i, a in enumerate(n.args) for b in n.args[:i]] if n.op in ("max", "min") else []
        if n.op in COMPARISONS:
            pairs = [(n.args[1], n.args[0])]
        found.update(dict.fromkeys([n.args[0]] if n.op == "abs" else [pool.sub(a, b) for a, b in pairs]))
    return list(found)


def plain(pool: Pool, g: Node, x: str, cut: Cut) -> Node | None:
    """A node without the switches that are decided all along the hint; None when one is open there."""
    try:
        return resolve(pool, g, x, None, None, lambda n: sign(n, _at(x, cut)))
    except (CertificateRejected, Undefined):
        return None


def _locate(pool: Pool, roots: Sequence[Node], x: str, low: Fraction, high: Fraction) -> Cut | None:
    if low == high:
        return Cut(low, high, pool.const(low))
    wide = Cut(low, high, None)
    for switch in switch_arguments(pool, *roots):
        g = plain(pool, switch, x, wide)
        if g is not None and _strict(pool, g, x, wide):
            slope = pool.differentiate(g, x)
            if any(m.op == "var" for m in walk(slope)):
                return Cut(low, high, None, g)
            start = pool.substitute(g, {pool.var(x): pool.zero})
            return Cut(low, high, pool.scale(-1, pool.mul(start, pool.power(slope, Fraction(-1)))), g)
    return None  # a switch that is open there will be found open


def _sign_between(pool: Pool, x: str, a: Cut | End, b: Cut | End) -> Callable[[Node], str]:
    """Signs on the open interval between two cuts (or ends)."""
    wide = (a.low if isinstance(a, Cut) else a), (b.high if isinstance(b, Cut) else b)
    tight = (a.high if isinstance(a, Cut) else a), (b.low if isinstance(b, Cut) else b)

    def decide(g: Node) -> str:
        found = interval_sign(pool, g, x, *wide)
        if found != "?" or wide == tight:
            return found
        inner = interval_sign(pool, g, x, *tight)
        for cut in (a, b):
            if isinstance(cut, Cut) and cut.low < cut.high:
                if sign_at(pool, g, x, cut) == "0" and _strict(pool, g, x, cut):
                    continue  # g vanishes at the cut only, so its sign beyond is the sign inside
                if sign_at(pool, g, x, Cut(cut.low, cut.high, None)) != inner:
                    return "?"
        return inner if inner in "+-" else "?"

    return decide


def analytic(n: Node, decide: Callable[[Node], str]) -> bool:
    """Whether a switch-free node is analytic where ``decide`` gives signs."""
    for m in walk(n):
        if not m.args:
            continue
        if not any(k.op == "var" for k in walk(m)):
            low, high = Enclosure({})(m)
            if not (low.is_finite() and high.is_finite()):
                return False
            continue
        if (m.op == "log" or (m.op == "pow" and m.value.denominator != 1)) and decide(m.args[0]) != "+":
            return False
        if m.op == "pow" and m.value.denominator == 1 and m.value < 0 and decide(m.args[0]) not in "+-":
            return False
    return True


def curve(pool: Pool, root: Node, x: str, a: End, b: End, hints: Any, also: Sequence[Node] = ()) -> Curve:
    """Cut (a, b) at the hints; every piece is shown to be analytic, or the proof is rejected.

    Irrational cuts are zeros of switches of the root, or of the graphs in ``also`` when given: two curves with the same
    ``also`` and hints have the same cuts, as the same switches are asked in the same order.
    """
    expect(isinstance(hints, list) and len(hints) <= 200, "breakpoints are a list")
    spans = [tuple(map(rational, h)) if isinstance(h, list) else (rational(h), rational(h)) for h in hints]
    expect(all(len(s) == 2 and s[0] <= s[1] for s in spans), "a breakpoint is a rational or a pair of them")
    spans = sorted(s for s in spans if (a is None or s[0] > a) and (b is None or s[1] < b))
    spans = [s for i, s in enumerate(spans) if i == 0 or s != spans[i - 1]]
    expect(all(s[1] < t[0] for s, t in pairwise(spans)), "breakpoints overlap")
    cuts = [cut for s in spans if (cut := _locate(pool, also or (root,), x, *s)) is not None]
    marks: list[Cut | End] = [a, *cuts, b]
    pieces, signs = [], []
    for left, right in pairwise(marks):
        decide = _sign_between(pool, x, left, right)
        node = resolve(pool, root, x, None, None, decide)
        expect(analytic(node, decide), "a piece is not shown to be defined and smooth")
        low, high = (left.low if isinstance(left, Cut) else left), (right.high if isinstance(right, Cut) else right)
        pieces.append(Piece(low, high, node))
        signs.append(decide)
    values = [resolve(pool, root, x, None, None, partial(sign_at, pool, x=x, cut=c)) for c in cuts]
    expect(all(regular(v, x, c) for v, c in zip(values, cuts, strict=True)), "no finite value at a breakpoint")
    return Curve(pool, x, root, pieces, cuts, values, signs)
