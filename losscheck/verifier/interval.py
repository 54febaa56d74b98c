"""Sign of a function of one variable on an open interval, ends included or infinite."""

from __future__ import annotations

from fractions import Fraction

from losscheck.verifier.balls import Enclosure, Undefined, point
from losscheck.verifier.cover import Exhausted, acceptor, cover, ranges, sign, split
from losscheck.verifier.ends import end_sign
from losscheck.verifier.identity import vanishes
from losscheck.verifier.polynomial import polynomial_sign
from losscheck.verifier.terms import Node, Pool, walk

End = Fraction | None
SIGN = {">": "+", ">=": "p", "<": "-", "<=": "m"}
SWITCHES = frozenset({"abs", "max", "min", "where"})


def smooth(n: Node) -> bool:
    """No switch inside: differentiable wherever it is defined."""
    return not any(m.op in SWITCHES for m in walk(n))


def affine_sign(pool: Pool, n: Node, x: str, a: End, b: End) -> str | None:
    """Exact sign of ``c0 + c1 x`` on the open interval, or None if n is not of that form."""
    c0, terms = pool.form(n)
    if any(t.op != "var" or t.value != x for t in terms):
        return None
    c1 = next(iter(terms.values()), Fraction(0))
    if not c1:
        return "+" if c0 > 0 else "-" if c0 < 0 else "0"
    low, high = (a, b) if c1 > 0 else (b, a)
    if low is not None and c0 + c1 * low >= 0:
        return "+"
    if high is not None and c0 + c1 * high <= 0:
        return "-"
    return "?"


def interval_sign(pool: Pool, n: Node, x: str, a: End, b: End, budget: int = 2000) -> str:
    """``+ - p m 0 ?``: the strongest sign shown on every point of the open interval (a, b).

    By structure and range on the whole interval; else by series next to the ends and boxes between them.
    """
    exact = affine_sign(pool, n, x, a, b) or polynomial_sign(n, x, a, b)
    if exact is not None:
        return exact
    weak = "?"
    try:
        weak = sign(n, Enclosure(ranges({x: (a, b)})))
    except Undefined:
        pass
    if weak in "+-0":
        return weak
    left, right = end_sign(pool, n, x, a, +1, b), end_sign(pool, n, x, b, -1, a)
    wants = attempts(n, x, split(a, b), {end[0] for end in (left, right) if end}, weak)
    inner_a, inner_b = (left[1] if left else a), (right[1] if right else b)
    if wants and "=" not in wants[0] and (left or right) and passed(inner_a, inner_b):
        return SIGN[wants[0]]
    for want in wants:
        try:
            cover(acceptor(pool, n, want, smooth=smooth(n)), {x: (inner_a, inner_b)}, budget if weak == "?" else 200)
            return SIGN[want]
        except Exhausted:
            continue
    return "0" if weak == "?" and vanishes(pool, n) else weak


def passed(a: End, b: End) -> bool:
    """Whether no point is left between the two ends."""
    return a is not None and b is not None and a >= b


def attempts(n: Node, x: str, at: Fraction, ends: set[str], weak: str) -> list[str]:
    """The signs worth trying, given those at the ends, a weak one on the whole, and the value at a point."""
    found = ends - {"0"}
    try:
        lo, hi = Enclosure({x: point(at)})(n)
        found |= {"+"} if lo > 0 else {"-"} if hi < 0 else set()
    except Undefined:
        pass
    if found >= {"+", "-"}:
        return []
    if "0" in ends:
        return []
    if weak in "pm":
        return [">" if weak == "p" else "<"]
    return {"+": [">", ">="], "-": ["<", "<="]}[found.pop()] if found else [">=", "<="]
