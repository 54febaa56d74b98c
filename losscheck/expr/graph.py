"""Nodes of the expression graph: hash-consed, immutable, with a digest that is the same in every process.

>>> from losscheck.expr.build import add, const, var
>>> v = var("v")
>>> add(v, const(1)) is add(const(1), v)
True
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from fractions import Fraction
from typing import Any


class Expr:
    """One node ``(op, value, args)`` over the reals; equal nodes are the same object.

    ``key`` is a structural digest: it orders the arguments of commutative ops the same way in every process.
    """

    __slots__ = ("__weakref__", "args", "key", "op", "value")
    op: str
    value: Any
    args: tuple[Expr, ...]
    key: str

    def __repr__(self) -> str:
        from losscheck.expr.printing import text

        return text(self)

    def to_sympy(self) -> Any:
        """The formula as a SymPy expression."""
        from losscheck.expr.sympy_reading import to_sympy

        return to_sympy(self)

    def to_latex(self) -> str:
        """The formula in LaTeX."""
        from losscheck.expr.sympy_reading import to_latex

        return to_latex(self)

    def to_fpcore(self) -> str:
        """The graph in FPCore."""
        from losscheck.expr.fpcore import to_fpcore

        return to_fpcore(self)

    def to_numba(self) -> Any:
        """A compiled scalar function of the variables, sorted by name."""
        from losscheck.expr.numba_reading import to_numba

        return to_numba(self)


_TABLE: dict[str, Expr] = {}


def value_text(value: Any) -> Any:
    """A node's value as JSON: Fractions as ``"p/q"``, doubles in hex, tuples as lists."""
    if isinstance(value, tuple):
        return [value_text(x) for x in value]
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, float):
        return value.hex()
    return value


def node(op: str, value: Any = None, args: Iterable[Expr] = ()) -> Expr:
    """The one node with this op, value and arguments (no simplification: see ``build``)."""
    args = tuple(args)
    text = repr((op, value_text(value), [a.key for a in args]))
    key = hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
    found = _TABLE.get(key)
    if found is None:
        found = Expr()
        found.op, found.value, found.args, found.key = op, value, args, key
        _TABLE[key] = found
    return found


def topological(roots: Iterable[Expr]) -> list[Expr]:
    """Every node below ``roots``, arguments before their users, in a deterministic order."""
    seen: set[str] = set()
    order: list[Expr] = []
    stack: list[tuple[Expr, bool]] = [(r, False) for r in reversed(list(roots))]
    while stack:
        n, done = stack.pop()
        if done:
            order.append(n)
        elif n.key not in seen:
            seen.add(n.key)
            stack.append((n, True))
            stack.extend((a, False) for a in reversed(n.args))
    return order


def variables(roots: Iterable[Expr]) -> list[str]:
    """Names of the variables that occur, sorted."""
    return sorted({n.value[0] for n in topological(roots) if n.op == "var"})
