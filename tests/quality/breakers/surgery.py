"""Changes of a certificate that break one hypothesis of its proof: the graph becomes another loss, or the proof lies.

A term is a variable, a rational as text, or ``(op, ...)``: ``("sum", (c, term), ...)``, ``("pow", "1/2", term)``,
``("where", ("lt", a, b), yes, no)``, or any other operation of the graph with its arguments.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Certificate = dict[str, Any]
Change = Callable[[Certificate], Certificate]
Term = Any


@dataclass(frozen=True)
class Breaker:
    """A hypothesis of a rule, and changes after which it fails while the proof stays as it was."""

    hypothesis: str
    changes: tuple[Change, ...]

    def broken(self, good: Certificate) -> Certificate:
        """Return the changed certificate."""
        made = copy.deepcopy(good)
        for change in self.changes:
            made = change(made)
        return made


def breaks(hypothesis: str, *changes: Change) -> Breaker:
    """Say which hypothesis the changes break."""
    return Breaker(hypothesis, changes)


def planted(c: Certificate, term: Term) -> int:
    """Add a term to the graph; return its place."""
    nodes = c["graph"]["nodes"]

    def add(op: str, value: Any, args: list[int]) -> int:
        nodes.append([op, value, args])
        return len(nodes) - 1

    def go(t: Term) -> int:
        if isinstance(t, int):
            return t
        if isinstance(t, str):
            return add("var", t, []) if t.isidentifier() else add("const", t, [])
        op, *rest = t
        if op == "sum":
            return add("add", ["0", *(k for k, _ in rest)], [go(x) for _, x in rest])
        if op == "pow":
            return add("pow", rest[0], [go(rest[1])])
        return add(op, None, [go(x) for x in rest])

    return go(term)


def onto(make: Callable[[int], Term], label: int | None = None) -> Change:
    """Put ``make(root)`` in the place of the root of one label, or of every root."""

    def change(c: Certificate) -> Certificate:
        roots = c["graph"]["roots"]
        for y, root in enumerate(roots):
            if label in (None, y):
                roots[y] = planted(c, make(root))
        return c

    return change


def plus(term: Term, by: str = "1", label: int | None = None) -> Change:
    """Add a multiple of a term to the losses."""
    return onto(lambda root: ("sum", ("1", root), (by, term)), label)


def minus(a: Term, b: Term) -> Term:
    """Return the difference of two terms."""
    return ("sum", ("1", a), ("-1", b))


def hole(x: str, at: str = "1/3", label: int | None = None) -> Change:
    """Add ``sqrt(x - at)^2 - (x - at)``: nothing, but not defined for x < at."""
    gap = minus(x, at)
    return plus(("sum", ("1", ("pow", "2", ("pow", "1/2", gap))), ("-1", gap)), label=label)


def pole(x: str, at: str = "1/3", label: int | None = None) -> Change:
    """Multiply by ``(x - at)^2 / (x - at)^2``: not defined at one value alone."""
    square = ("pow", "2", minus(x, at))
    return onto(lambda root: ("mul", root, square, ("pow", "-1", square)), label)


def own(x: str, at: str, by: str, label: int | None = None) -> Change:
    """Give the losses a value of their own, ``by`` larger, where x = at alone."""
    return onto(lambda root: ("where", ("eq", x, at), ("sum", ("1", root), (by, "1")), root), label)


def jump(x: str, at: str, by: str, label: int | None = None) -> Change:
    """Step up by ``by`` where x > at."""
    return plus(("where", ("lt", at, x), by, "0"), label=label)


def kink(x: str, at: str, by: str, label: int | None = None) -> Change:
    """Add ``by |x - at|``."""
    return plus(("abs", minus(x, at)), by, label)


def well(x: str, at: str, by: str, label: int | None = None) -> Change:
    """Add ``by exp(-(x - at)^2)``."""
    return plus(("exp", ("sum", ("-1", ("pow", "2", minus(x, at))))), by, label)


def tilt(x: str, by: str, label: int | None = None) -> Change:
    """Add a multiple of one variable."""
    return plus(x, by, label)


def bowl(x: str, by: str, label: int | None = None) -> Change:
    """Add a multiple of the square of one variable."""
    return plus(("pow", "2", x), by, label)


def wave(x: str, by: str = "5", label: int | None = None) -> Change:
    """Add ``by sin(7 x)``."""
    return plus(("sin", ("sum", ("7", x))), by, label)


def times(by: str, label: int | None = None) -> Change:
    """Multiply the losses."""
    return onto(lambda root: ("sum", (by, root)), label)


def instead(term: Term, label: int | None = None) -> Change:
    """Put another loss in its place."""
    return onto(lambda root: term, label)


def swapped(i: int = 0, j: int = 1) -> Change:
    """Exchange the losses of two labels."""

    def change(c: Certificate) -> Certificate:
        roots = c["graph"]["roots"]
        roots[i], roots[j] = roots[j], roots[i]
        return c

    return change


def put(path: str, value: Any, part: str = "proof") -> Change:
    """Write something else into the proof (or the graph): ``put("atoms.0.f", ["1"])``."""

    def change(c: Certificate) -> Certificate:
        *way, last = path.split(".")
        place: Any = c[part]
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[int(last) if isinstance(place, list) else last] = value
        return c

    return change


def ranged(name: str, low: str, high: str) -> Change:
    """Ask for other values of a parameter."""

    def change(c: Certificate) -> Certificate:
        rows: Sequence[Any] = c["parameters"]
        return {**c, "parameters": [[name, low, high] if row[0] == name else row for row in rows]}

    return change
