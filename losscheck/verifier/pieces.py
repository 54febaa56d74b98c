"""A function of one variable as smooth pieces between rational breakpoints.

Every switch (max, min, abs, where) must be decided on the whole open piece: its argument has one sign there, shown by
:func:`interval_sign`. The breakpoints of a certificate are hints; a missing one leaves a switch open, and the
certificate is rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from losscheck.verifier.balls import Enclosure, Undefined, point
from losscheck.verifier.certificate import CertificateRejected
from losscheck.verifier.interval import End, interval_sign
from losscheck.verifier.terms import BOOLEAN, Node, Pool, walk


@dataclass(frozen=True)
class Piece:
    """On the open interval (a, b) the function equals the switch-free ``node``."""

    a: End
    b: End
    node: Node


def pieces(pool: Pool, root: Node, x: str, a: End, b: End, breaks: Sequence[Fraction]) -> list[Piece]:
    """Cut (a, b) at the breakpoints and resolve every switch on each piece, or reject."""
    inside = sorted({c for c in breaks if (a is None or c > a) and (b is None or c < b)})
    ends: list[End] = [a, *inside, b]
    return [Piece(lo, hi, resolve(pool, root, x, lo, hi)) for lo, hi in pairwise(ends)]


def resolve(pool: Pool, root: Node, x: str, a: End, b: End, sign_of: Callable[[Node], str] | None = None) -> Node:
    """``root`` without switches on the open interval (a, b), or where ``sign_of`` gives signs.

    What a branch multiplies by 0, or cancels, must have been defined: ``where(v < 1, (1 - v)^2, 0) log(3 - v)``.
    """
    done: dict[Node, Node] = {}
    compared: set[Node] = set()

    def signed(g: Node) -> str:
        return sign_of(g) if sign_of else interval_sign(pool, g, x, a, b)

    def gap(high: Node, low: Node) -> str:
        """Sign of ``high - low``, where both are defined: what is not may cancel, or have a sign by its form alone."""
        for m in walk(high, low):
            if m.op == "log" or (m.op == "pow" and not _natural(m)):
                whole = m.op == "pow" and m.value.denominator == 1
                fine = "+-" if whole else "+p0" if m.op == "pow" and m.value > 0 else "+p"
                if signed(m.args[0]) not in fine:
                    raise CertificateRejected(f"what a branch compares is not shown defined between {a} and {b}")
                compared.add(m)
        return signed(pool.sub(high, low))

    def decide(c: Node) -> bool:
        if c.op in ("true", "false"):
            return c.op == "true"
        if c.op == "not":
            return not decide(c.args[0])
        if c.op == "and":
            return all([decide(k) for k in c.args])
        s = gap(go(c.args[1]), go(c.args[0]))
        verdicts = {
            "lt": {"+": True, "-": False, "m": False, "0": False},
            "le": {"+": True, "p": True, "0": True, "-": False},
            "eq": {"0": True, "+": False, "-": False},
        }[c.op]
        if s not in verdicts:
            raise CertificateRejected(f"a branch is not decided between {a} and {b}")
        return verdicts[s]

    def go(n: Node) -> Node:
        if n in done:
            return done[n]
        if not n.args or n.op in BOOLEAN:
            out = n
        elif n.op == "where":
            out = go(n.args[1] if decide(n.args[0]) else n.args[2])
        elif n.op == "abs":
            inner = go(n.args[0])
            s = signed(inner)
            if s == "?":
                raise CertificateRejected(f"the sign inside an abs is not decided between {a} and {b}")
            out = inner if s in "+p0" else pool.scale(-1, inner)
        elif n.op in ("max", "min"):
            out = go(n.args[0])
            for other in map(go, n.args[1:]):
                s = gap(other, out)
                if s == "?":
                    raise CertificateRejected(f"a {n.op} is not decided between {a} and {b}")
                out = other if (s in "+p") == (n.op == "max") and s != "0" else out
        else:
            out = pool.build(n.op, n.value, tuple(go(k) for k in n.args))
        done[n] = out
        return out

    found = go(root)
    gone = {m for m in done.values() if m.op == "log" or (m.op == "pow" and not _natural(m))} - compared
    for m in gone.difference(walk(found)) if gone else ():
        fine = "+" if m.op == "log" else "+-" if m.value.denominator == 1 else "+p0" if m.value > 0 else "+"
        if signed(m.args[0]) not in fine:
            raise CertificateRejected(f"a branch takes away what is not shown defined between {a} and {b}")
    return found


def _natural(n: Node) -> bool:
    return bool(n.value.denominator == 1 and n.value > 0)


def resolve_constants(pool: Pool, n: Node, done: dict[Node, Node] | None = None) -> Node:
    """Decide the switches of a constant expression."""
    done = {} if done is None else done
    if n not in done:
        done[n] = _resolve_constants(pool, n, done) if n.args else n
    return done[n]


def _resolve_constants(pool: Pool, n: Node, done: dict[Node, Node]) -> Node:
    if n.op == "where":
        return resolve_constants(pool, n.args[1] if truth(pool, n.args[0]) else n.args[2], done)
    args = tuple(resolve_constants(pool, a, done) for a in n.args)
    if n.op == "abs":
        return args[0] if constant_sign(pool, args[0]) in "+0" else pool.scale(-1, args[0])
    if n.op in ("max", "min"):
        best = args[0]
        for other in args[1:]:
            best = other if (constant_sign(pool, pool.sub(other, best)) == "+") == (n.op == "max") else best
        return best
    return pool.build(n.op, n.value, args)


def truth(pool: Pool, c: Node) -> bool:
    """Truth of a constant condition, decided exactly or rejected."""
    if c.op in ("true", "false"):
        return c.op == "true"
    if c.op == "not":
        return not truth(pool, c.args[0])
    if c.op == "and":
        return all([truth(pool, k) for k in c.args])
    s = constant_sign(pool, resolve_constants(pool, pool.sub(c.args[1], c.args[0])))
    return s in {"lt": "+", "le": "+0", "eq": "0"}[c.op]


def constant_sign(pool: Pool, n: Node) -> str:
    """Exact sign of a switch-free constant: ``+``, ``-`` or ``0``; rejects what it cannot decide."""
    if n.op == "const":
        return "+" if n.value > 0 else "-" if n.value < 0 else "0"
    try:
        lo, hi = Enclosure({})(n)
    except Undefined:
        raise CertificateRejected("a constant is not defined") from None
    if lo > 0 or hi < 0:
        return "+" if lo > 0 else "-"
    from losscheck.verifier.identity import vanishes

    if vanishes(pool, n):
        return "0"
    raise CertificateRejected("the sign of a constant is not decided")


def finite_at(n: Node, x: str, c: Fraction) -> bool:
    """Whether a switch-free node and everything below it are finite at ``x = c`` (then it is continuous there)."""
    value = Enclosure({x: point(c)}, {x: c})
    try:
        return all(end.is_finite() for m in walk(n) for end in value(m))
    except Undefined:
        return False
