"""Where a recorded value is not a number: what ``isnan`` of it, ``isfinite`` of it and ``x != x`` ask."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import chain

from losscheck.expr.graph import Expr
from losscheck.expr.trace import Trace, constant, record, topological
from losscheck.lifting.unsupported import Unsupported

_TRUTHS = frozenset({"lt", "le", "eq", "not", "and", "or"})
"""Operations that are false where an argument is not a number."""
_CHOOSING = frozenset({"xlogy", "max", "min"})
"""Operations of which the code's form may leave out an argument that is not a number."""
_PASSING = frozenset({"add", "sub", "sum", "neg", "mul", "abs", "cast", "where"})
"""Operations of which an infinite argument makes the result infinite; of a maximum it need not."""


def undefined(a: Trace) -> Trace:
    """Whether a root or a logarithm below ``a`` is of a negative number; False where structure shows that none is.

    Over the reals nothing else is not a number, but for the single points of ``0 / 0``.

    Raises
    ------
    Unsupported
        Where such a root or logarithm is an argument of a maximum or minimum: some of them leave it out.

    >>> from losscheck.expr.trace import variable
    >>> undefined(record("log", variable("v")))
    lt(v, 0)
    >>> undefined(record("log", record("exp", variable("v"))))
    False
    """
    found: dict[int, dict[Trace, None]] = {}
    for n in topological([a]):
        found[n.serial] = dict.fromkeys(_conditions(n, [found[each.serial] for each in n.args]))
    return _any(found[a.serial])


def _conditions(n: Trace, below: list[dict[Trace, None]]) -> Iterable[Trace]:
    """When ``n`` is not a number, given when its arguments are not."""
    if n.op in _TRUTHS:
        return []
    if n.op == "where":
        sides = (n.args[0], below[1]), (record("not", n.args[0]), below[2])
        return [record("and", side, _any(conditions)) for side, conditions in sides if conditions]
    base = n.args[1] if n.op == "xlogy" else _base(n)
    own = [] if base is None or base.op == "const" else [record("lt", base, constant(0))]
    found = [*chain.from_iterable(below), *(each for each in own if not _never(each))]
    if found and n.op in _CHOOSING:
        raise Unsupported(f"isnan or isfinite of a {n.op}, of which an argument is not a number where {found[0]}")
    return found


def _any(conditions: Iterable[Trace]) -> Trace:
    each = list(conditions)
    return constant(False) if not each else each[0] if len(each) == 1 else record("or", *each)


def _base(n: Trace) -> Trace | None:
    """Return what must not be negative for ``n`` to be a number."""
    match n.op:
        case "log" | "sqrt":
            return n.args[0]
        case "log1p":
            return record("add", constant(1), n.args[0])
        case "pow":
            exponent = n.args[1]
            whole = exponent.op == "const" and float(exponent.value).is_integer()
            return None if whole else n.args[0]
    return None


def _never(condition: Trace) -> bool:
    from losscheck.lifting.lowering import lower  # it reads the table of operations, which this file serves

    graph: Expr = lower([condition])[0]
    return graph.op == "false"


def infinite(a: Trace) -> Trace:
    """Whether ``a`` is infinite: of a real number never.

    Raises
    ------
    Unsupported
        When ``a`` is an infinite constant for some inputs.
    """
    if a.op == "const":
        return constant(math.isinf(a.value))
    stack, seen = [a], set[int]()
    while stack:
        n = stack.pop()
        if n.op == "const" and isinstance(n.value, float) and math.isinf(n.value):
            raise Unsupported("isinf or isfinite of a value that the code makes infinite for some inputs")
        if n.op in _PASSING and n.serial not in seen:
            seen.add(n.serial)
            stack.extend(n.args)
    return constant(False)


def finite(a: Trace) -> Trace:
    """Whether ``a`` is a number, and not infinite."""
    return record("not", record("or", undefined(a), infinite(a)))


def replaced(a: Trace, nan: float | None = None) -> Trace:
    """``nan_to_num(a)``: over the reals there are no infinities to replace."""
    return record("where", undefined(a), constant(0 if nan is None else nan), a)
