"""The trace: what the code did, one node per recorded operation, before any simplification.

The lifters record a trace; ``losscheck.lifting.rows`` reads its nodes (NumPy, running error, exact balls, graph). Nodes
are hash-consed, so a condition that the code computes twice is one node. Only what is exact is folded: arithmetic
between constants of at most 12 significand bits, and comparisons of constants.

>>> v = variable("v")
>>> record("add", v, constant(1)) is record("add", v, constant(1.0))
True
>>> record("mul", constant(0.5), constant(3)).value
1.5
>>> record("sub", constant(1), constant(0.3)).op
'sub'
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import numpy as np

from losscheck.expr.arithmetic import BITS_EXACT

BOOLEAN = frozenset({"lt", "le", "eq", "not", "and", "or"})


class Trace:
    """One recorded operation ``(op, value, args)``; equal records are the same object."""

    __slots__ = ("args", "op", "serial", "value")
    op: str
    value: Any
    args: tuple[Trace, ...]
    serial: int

    @property
    def is_boolean(self) -> bool:
        """Whether the node is a truth value."""
        return self.op in BOOLEAN or isinstance(self.value, bool)

    def __repr__(self) -> str:
        if self.op == "const":
            return repr(self.value)
        if self.op == "var":
            return str(self.value[0])
        return f"{self.op}({', '.join(map(repr, self.args))})"

    def __bool__(self) -> bool:
        raise TypeError("a recorded value has no truth value; the lifter must fork on it")


_TABLE: dict[tuple[object, ...], Trace] = {}
_SERIAL = itertools.count()


def fresh_table() -> None:
    """Forget the nodes of earlier lifts, so that a long-lived process does not grow."""
    _TABLE.clear()


def _node(op: str, value: Any, args: tuple[Trace, ...]) -> Trace:
    key = (op, type(value), value.hex() if isinstance(value, float) else value, *(a.serial for a in args))
    found = _TABLE.get(key)
    if found is None:
        found = _TABLE[key] = Trace()
        found.op, found.value, found.args, found.serial = op, value, args, next(_SERIAL)
    return found


def short(x: float) -> bool:
    """Whether a finite double has at most 12 significand bits, so is read as exactly itself."""
    mantissa = abs(int(math.ldexp(math.frexp(x)[0], 53)))
    return mantissa == 0 or (mantissa // (mantissa & -mantissa)).bit_length() <= BITS_EXACT


def constant(x: Any) -> Trace:
    """Record a number or truth value of the code; a short float that is an integer is that integer."""
    if isinstance(x, (bool, np.bool_)):
        return _node("const", bool(x), ())
    if isinstance(x, (int, np.integer)):
        return _node("const", int(x), ())
    x = float(x)
    return _node("const", int(x) if math.isfinite(x) and x.is_integer() and short(x) else x, ())


def variable(name: str, domain: str = "real") -> Trace:
    """Record an input of the loss."""
    return _node("var", (name, domain), ())


def record(op: str, *args: Trace, value: Any = None) -> Trace:
    """Record one operation; truth values among the arguments of arithmetic count as 0 and 1."""
    if op not in ("where", "not", "and", "or"):
        args = tuple(number(a) for a in args)
    elif op == "where":
        a, b = args[1:]
        args = args if a.is_boolean and b.is_boolean else (args[0], number(a), number(b))
    folded = _fold(op, args)
    return _node(op, value, args) if folded is None else folded


def number(a: Trace) -> Trace:
    """Read a truth value as 0 or 1."""
    if not a.is_boolean:
        return a
    if a.op == "const":
        return constant(int(a.value))
    return _node("where", None, (a, constant(1), constant(0)))


def truth(a: Trace) -> Trace:
    """Read a number as a truth value: whether it is not 0."""
    return a if a.is_boolean else record("not", record("eq", a, constant(0)))


def _exact(x: Any) -> bool:
    return isinstance(x, int) or (math.isfinite(x) and short(x))


_ARITHMETIC: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "sum": lambda *xs: sum(xs),
    "max": max,
    "min": min,
    "neg": lambda a: -a,
    "abs": abs,
}
_COMPARISON: dict[str, Callable[..., Any]] = {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "eq": lambda a, b: a == b,
}


def _fold(op: str, args: tuple[Trace, ...]) -> Trace | None:
    if op == "where" and args[0].op == "const":
        return args[1] if args[0].value else args[2]
    if op == "where" and args[1] is args[2]:
        return args[1]
    if op in ("not", "and", "or"):
        return _fold_logic(op, args)
    if op == "cast" and args[0].op == "const" and isinstance(args[0].value, int):
        return args[0] if _exact(float(args[0].value)) and short(float(args[0].value)) else None
    if not all(a.op == "const" for a in args):
        return None
    values = [a.value for a in args]
    if op in _COMPARISON and not any(v != v for v in values):
        return constant(_COMPARISON[op](*values))
    if op in ("max", "min", "abs", "neg") and not any(v != v for v in values):
        return constant(_ARITHMETIC[op](*values))  # no rounding, so long floats and infinities are fine too
    if op in _ARITHMETIC and all(map(_exact, values)):
        exact = Fraction(_ARITHMETIC[op](*(Fraction(v) for v in values)))
        if exact.denominator == 1:
            return constant(int(exact))
        return constant(float(exact)) if Fraction(float(exact)) == exact and short(float(exact)) else None
    return None


def _fold_logic(op: str, args: tuple[Trace, ...]) -> Trace | None:
    if op == "not":
        (a,) = args
        if a.op == "const":
            return constant(not a.value)
        return a.args[0] if a.op == "not" else None
    absorbing = op == "or"
    known = [a for a in args if a.op == "const"]
    if any(bool(a.value) is absorbing for a in known):
        return constant(absorbing)
    rest = [a for a in args if a.op != "const"]
    if not rest:
        return constant(not absorbing)
    return rest[0] if len(rest) == 1 else None


def topological(roots: Iterable[Trace]) -> list[Trace]:
    """Every node below ``roots``, arguments before their users."""
    seen: set[int] = set()
    order: list[Trace] = []
    stack = [(r, False) for r in roots]
    while stack:
        n, done = stack.pop()
        if done:
            order.append(n)
        elif n.serial not in seen:
            seen.add(n.serial)
            stack.append((n, True))
            stack.extend((a, False) for a in n.args)
    return order
