"""Signs on whole boxes: structure first, then ranges, then bisection; and signs on intervals, ends included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import lcm

from flint import arb

from losscheck.verifier.balls import (
    INF,
    NINF,
    ZERO,
    Enclosure,
    Range,
    Undefined,
    ball,
    coefficients,
    exact,
    plus,
    point,
    times,
    weighted,
)
from losscheck.verifier.budget import Budget
from losscheck.verifier.log_sums import above
from losscheck.verifier.terms import Node, Pool, walk

Box = dict[str, tuple[Fraction | None, Fraction | None]]
"""Closed boxes with rational ends; None is an infinite end."""

OPPOSITE = {"+": "-", "-": "+", "p": "m", "m": "p", "0": "0", "?": "?"}


def ranges(box: Mapping[str, tuple[Fraction | None, Fraction | None]]) -> dict[str, Range]:
    """The box as ranges of exact endpoints, rounded outward."""
    return {k: (NINF if a is None else point(a)[0], INF if b is None else point(b)[1]) for k, (a, b) in box.items()}


def sign(n: Node, value: Enclosure) -> str:
    """Sign of a node on a box: ``+`` > 0, ``-`` < 0, ``p`` >= 0, ``m`` <= 0, ``0`` or ``?``.

    At infinite ends the sign speaks of every finite point: exp is positive although its range there ends in 0.
    """
    if n.id not in value.signs:
        value.signs[n.id] = _sign(n, value)
    return value.signs[n.id]


def _sign(n: Node, value: Enclosure) -> str:
    if n.op == "exp":
        return "+"
    if n.op == "mul":
        signs = [sign(a, value) for a in n.args]
        if "0" in signs:
            return "0"
        if "?" not in signs:
            negative = sum(s in "-m" for s in signs) % 2 == 1
            return ("-" if negative else "+") if all(s in "+-" for s in signs) else ("m" if negative else "p")
    if n.op == "pow":
        inner = sign(n.args[0], value)
        if inner == "+":
            return "+"
        if inner == "-" and n.value.denominator == 1:
            return "+" if n.value.numerator % 2 == 0 else "-"
        if n.value.denominator == 1 and n.value.numerator % 2 == 0 and n.value > 0:
            return "p"
    if n.op == "add":
        total = n.value[0] + sum(c for c, a in zip(n.value[1:], n.args, strict=True) if a.op == "exp")
        spread = not total and n.value[0] != 0  # c0 + sum of c exp(x) = sum of c (exp(x) - 1), each of the sign of c x
        found = {"0" if spread or not n.value[0] else "+" if n.value[0] > 0 else "-"}
        for c, a in zip(n.value[1:], n.args, strict=True):
            s = sign(a.args[0] if spread and a.op == "exp" else a, value)
            found.add(s if c > 0 else OPPOSITE[s])
        found.discard("0")
        if found <= {"+", "p"}:
            return "0" if not found else "+" if "+" in found else "p"
        if found <= {"-", "m"}:
            return "-" if "-" in found else "m"
        if (found_above := above(n)) != "?":
            return found_above
    if n.op == "where" and (found_below := _of_branches(n, value)) != "?":
        return found_below
    if n.op == "lse" and len(n.args) > 1 and any(a.op == "const" and a.value >= 0 for a in n.args):
        return "+"
    if n.op == "mills":
        return "+"
    if n.op in ("max", "min"):  # a maximum is at least each argument, a minimum at most
        strict, weak = "+p" if n.op == "max" else "-m"
        each = {sign(a, value) for a in n.args}
        if strict in each or (weak in each and sign_of(value(n)) not in "+-"):
            return strict if strict in each else weak
    return sign_of(value(n) if n.op != "add" else _cleared(n, value))


def _of_branches(n: Node, value: Enclosure) -> str:
    """The sign that both branches share; one that its own condition compares with a number >= 0 is above it."""
    condition, yes, no = n.args
    try:
        state = value.holds(condition)
    except Undefined:
        return "?"
    if state is not None:
        return sign(yes if state else no, value)
    more = condition.op in ("lt", "le") and condition.args[0].op == "const" and condition.args[0].value >= 0
    try:
        own = "+" if more and condition.op == "lt" and condition.args[1] is yes else sign(yes, value)
        signs = {own if own != "?" or not (more and condition.args[1] is yes) else "p", sign(no, value)}
    except Undefined:
        return "?"
    return next((s for s, fine in (("+", "+"), ("-", "-"), ("p", "+p0"), ("m", "-m0")) if signs <= set(fine)), "?")


def sign_of(r: Range) -> str:
    """The sign shared by a whole range."""
    lo, hi = r
    if lo > 0:
        return "+"
    if hi < 0:
        return "-"
    if lo == 0 and hi == 0:
        return "0"
    return "p" if lo >= 0 else "m" if hi <= 0 else "?"


def _cleared(n: Node, value: Enclosure) -> Range:
    """The range of a sum times its common denominator: whole coefficients do not round, so 1/3 - x/3 >= 0 shows."""
    scale = lcm(*(c.denominator for c in n.value))
    if scale == 1:
        return weighted(coefficients(n), [value(a) for a in n.args])
    return weighted([point(c * scale) for c in n.value], [value(a) for a in n.args])


def implies(found: str, want: str) -> bool:
    """Whether a found sign (``+ - p m 0``) implies the wanted one (``> >= < <=``)."""
    return found in {">": "+", ">=": "+p0", "<": "-", "<=": "-m0"}[want]


class Exhausted(Exception):
    """The budget of boxes ran out, or a box shows the opposite."""


def opposite(r: Range, want: str) -> bool:
    """Whether a value in the range cannot have the wanted sign."""
    return bool({">": r[1] <= 0, ">=": r[1] < 0, "<": r[0] >= 0, "<=": r[0] > 0}[want])


def split(a: Fraction | None, b: Fraction | None) -> Fraction:
    """Where to cut an interval: doubling towards infinite ends."""
    if a is not None and b is not None:
        return (a + b) / 2
    if a is not None:
        return max(2 * a, Fraction(1))
    return min(2 * b, Fraction(-1)) if b is not None else Fraction(0)


def width(a: Fraction | None, b: Fraction | None) -> Fraction:
    """Width for choosing the edge to cut; infinite edges first, huge finite ones never."""
    if a is None or b is None:
        end = abs(b if a is None else a) if (a is None) != (b is None) else Fraction(0)  # type: ignore[arg-type]
        return Fraction(2) ** 60 if end < 2**20 else Fraction(0)
    return b - a


def cover(accept: Callable[[Box], bool], box: Box, budget: int = 4000, least: Fraction = Fraction(1, 2**48)) -> int:
    """Bisect until every box is accepted; return how many were needed, raise :class:`Exhausted` otherwise."""
    stack, used = [box], 0
    while stack:
        current = stack.pop()
        used += 1
        Budget.spend(20)
        if used > budget:
            raise Exhausted(f"{budget} boxes were not enough")
        if accept(current):
            continue
        name = max(current, key=lambda k: width(*current[k]))
        a, b = current[name]
        if width(a, b) < least:
            raise Exhausted(f"a box of width {float(width(a, b)):.1e} around {name} = {a} stays open")
        m = split(a, b)
        stack += [{**current, name: (m, b)}, {**current, name: (a, m)}]
    return used


def acceptor(pool: Pool, n: Node, want: str, smooth: bool = False) -> Callable[[Box], bool]:
    """Accept a box where ``n`` has the wanted sign: by structure and range, or by the mean value form.

    ``smooth`` asks for the mean value form, which needs a Lipschitz n: never used where a ``where`` may jump.
    """
    smooth = smooth and not any(m.op == "where" for m in walk(n))

    def accept(box: Box) -> bool:
        try:
            value = Enclosure(ranges(box))
            if implies(sign(n, value), want):
                return True
            middle = {k: split(a, b) for k, (a, b) in box.items()}
            total = Enclosure({k: point(m) for k, m in middle.items()})(n)
            if opposite(total, want):
                raise Exhausted(f"the sign is wrong at {', '.join(f'{k} = {m}' for k, m in middle.items())}")
            if not smooth or any(a is None or b is None for a, b in box.values()):
                return False
            for k, (a, b) in box.items():
                if a is not None and b is not None and a < b:
                    half = exact((b - a) / 2).upper()
                    total = plus(total, times(value(pool.differentiate(n, k)), (-half, half)))
            return implies(sign_of(total), want)
        except Undefined:
            return False

    return accept


def value_at(n: Node, at: Mapping[str, Fraction]) -> arb:
    """A ball around the value of ``n`` at a rational point."""
    return ball(Enclosure({k: point(q) for k, q in at.items()})(n))


def is_zero_ball(b: arb) -> bool:
    """Whether a ball is exactly 0."""
    return bool(b.is_exact() and b == ZERO)
