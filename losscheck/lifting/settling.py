"""Numbers that the code needs as numbers - an index, a count, an order - found by forking on what they depend on."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.expr.trace import Trace, constant, record, truth
from losscheck.lifting.array import Cells
from losscheck.lifting.paths import decide
from losscheck.lifting.rows import ROWS
from losscheck.lifting.unsupported import Unsupported

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {"lt": operator.lt, "le": operator.le, "eq": operator.eq}


def order(xs: Sequence[Trace], descending: bool = False) -> list[int]:
    """Sort stably by insertion, forking on each comparison."""
    places: list[int] = []
    for j, x in enumerate(xs):
        k = len(places)
        while k and decide(record("lt", xs[places[k - 1]], x) if descending else record("lt", x, xs[places[k - 1]])):
            k -= 1
        places.insert(k, j)
    return places


def argsort(x: Cells, axis: int = -1, descending: bool = False) -> NDArray[np.int64]:
    """Return the positions that sort ``x`` along ``axis``, on the current path."""
    moved = np.moveaxis(x, axis, -1)
    out = np.empty(moved.shape, np.int64)
    for i in np.ndindex(moved.shape[:-1]):
        out[i] = order(list(moved[i]), descending)
    return np.moveaxis(out, -1, axis)


def whole(n: Trace) -> bool:
    """Whether a node is a truth value, an integer chosen by conditions, or made of such."""
    if n.op == "const":
        return isinstance(n.value, int)
    if n.op == "where":
        return all(map(whole, n.args[1:]))
    return n.is_boolean or (n.op in ("add", "sub", "mul", "neg", "sum", "max", "min") and all(map(whole, n.args)))


def settled(n: Trace) -> int | float | bool:
    """Return the number that ``n`` is on this path, forking on the conditions it depends on.

    Raises
    ------
    Unsupported
        When the number takes more than finitely many values.
    """
    if n.op == "const":
        return n.value  # type: ignore[no-any-return]
    if n.is_boolean:
        if n.op in _COMPARED and all(map(whole, n.args)):  # of counts and places: what they depend on decides
            return _COMPARED[n.op](*map(settled, n.args))
        return decide(n)
    if n.op == "where":
        return settled(n.args[1] if settled(n.args[0]) else n.args[2])
    if n.op == "var":
        raise Unsupported("a value that depends on the input is used as a plain number (an index, a count, a length)")
    args = [settled(a) for a in n.args]
    folded = record(n.op, *map(constant, args), value=n.value)
    if folded.op == "const":
        return folded.value  # type: ignore[no-any-return]
    extra = {} if n.value is None else {"value": n.value}
    return float(ROWS[n.op].numpy(*map(np.float64, args), **extra))  # plain arithmetic of the code on this path


def integers(x: Cells) -> NDArray[np.int64]:
    """Return the integers that the cells are on this path."""
    out = np.empty(x.shape, np.int64)
    for i in np.ndindex(x.shape):
        value = settled(x[i])
        if value != int(value):
            raise Unsupported(f"{value!r} is used as an index")
        out[i] = int(value)
    return out


def truths(x: Cells) -> NDArray[np.bool_]:
    """Return the truth values that the cells have on this path."""
    out = np.empty(x.shape, np.bool_)
    for i in np.ndindex(x.shape):
        out[i] = decide(truth(x[i]))
    return out
