"""Sign of a function of one variable on an open interval, ends included or infinite."""

from __future__ import annotations

from fractions import Fraction

from losscheck.verifier.balls import Enclosure, Undefined
from losscheck.verifier.cover import Exhausted, acceptor, cover, ranges, sign
from losscheck.verifier.terms import Node, Pool, walk

End = Fraction | None
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
    """``+ - p m 0 ?``: the strongest sign shown on every point of the open interval (a, b)."""
    exact = affine_sign(pool, n, x, a, b)
    if exact is not None:
        return exact
    if n is pool.zero:
        return "0"
    try:
        whole = sign(n, Enclosure(ranges({x: (a, b)})))
        if whole != "?":
            return whole
    except Undefined:
        pass
    from losscheck.verifier.ends import end_sign

    left, right = end_sign(pool, n, x, a, +1, b), end_sign(pool, n, x, b, -1, a)
    inner_a, inner_b = (left[1] if left else a), (right[1] if right else b)
    signs = {s[0] for s in (left, right) if s}
    if signs - {"0"} and len(signs) == 2:
        return "?"
    guess = next(iter(signs), None)
    if guess == "0":
        guess = None
    for want in (">", "<", ">=", "<="):
        if guess and want[0] != {"+": ">", "-": "<"}[guess]:
            continue
        if inner_a is not None and inner_b is not None and inner_a >= inner_b:
            return guess or "?"
        try:
            cover(acceptor(pool, n, want, smooth=smooth(n)), {x: (inner_a, inner_b)}, budget)
            return {">": "+", ">=": "p", "<": "-", "<=": "m"}[want]
        except Exhausted:
            continue
    return "?"
