"""Object arrays of trace nodes: broadcasting, reductions, sorting by forking, and indices that depend on the input.

NumPy moves the cells, so views alias and writes through a view are seen by its base, as in the code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.expr.trace import Trace, constant, number, record, truth
from losscheck.lifting.paths import decide
from losscheck.lifting.rows import ROWS
from losscheck.lifting.unsupported import Unsupported

Cells = NDArray[np.object_]
Axis = int | Sequence[int] | None


def cells_of(x: Any) -> Cells:
    """Return the cells of an array of numbers, truth values or trace nodes."""
    if isinstance(x, np.ndarray) and x.dtype == object:
        return x
    if isinstance(x, Trace):
        return single(x)
    a = np.asarray(x)
    out = np.empty(a.shape, object)
    for i in np.ndindex(a.shape):
        out[i] = constant(a[i])
    return out


def single(x: Trace) -> Cells:
    """Return one node as an array without axes."""
    out = np.empty((), object)
    out[()] = x
    return out


def elementwise(f: Callable[..., Trace], *xs: Any) -> Cells:
    """Apply ``f`` to the cells, broadcasting."""
    arrays = [cells_of(x) for x in xs]
    if len(arrays) > 1:
        arrays = list(np.broadcast_arrays(*arrays))
    out = np.empty(arrays[0].shape, object)
    for i in np.ndindex(out.shape):
        out[i] = f(*(a[i] for a in arrays))
    return out


def axes_of(axis: Axis, ndim: int) -> tuple[int, ...]:
    """Return the axes as non-negative numbers; None means all."""
    if axis is None:
        return tuple(range(ndim))
    chosen = (axis,) if isinstance(axis, (int, np.integer)) else tuple(axis)
    return tuple(int(a) % ndim if ndim else 0 for a in chosen)


def reduce(f: Callable[[list[Trace]], Trace], x: Cells, axis: Axis = None, keepdims: bool = False) -> Cells:
    """Apply ``f`` to the list of cells along ``axis``."""
    axes = axes_of(axis, x.ndim) if x.ndim else ()
    rest = [i for i in range(x.ndim) if i not in axes]
    flat = x.transpose([*rest, *axes]).reshape([*(x.shape[i] for i in rest), -1])
    out = np.empty(flat.shape[:-1], object)
    for i in np.ndindex(out.shape):
        out[i] = f(list(flat[i]))
    return out.reshape([1 if i in axes else n for i, n in enumerate(x.shape)]) if keepdims else out


def total(xs: Sequence[Trace]) -> Trace:
    """Sum in an order that the library chooses; exact zeros and truth values that are known are left out."""
    terms = [n for n in map(number, xs) if not (n.op == "const" and n.value == 0)]
    if not terms:
        return constant(0)
    if len(terms) < 3:
        return terms[0] if len(terms) == 1 else record("add", *terms)
    return record("sum", *terms)


def product(xs: Sequence[Trace]) -> Trace:
    """Product from left to right."""
    result = constant(1)
    for x in xs:
        result = x if result.op == "const" and result.value == 1 else record("mul", result, x)
    return number(result)


def mean(xs: Sequence[Trace]) -> Trace:
    """Sum divided by the number of terms."""
    return total(xs) if len(xs) == 1 else record("div", total(xs), constant(len(xs)))


def extreme(op: str) -> Callable[[list[Trace]], Trace]:
    """Return the reduction by ``max`` or ``min``."""

    def f(xs: list[Trace]) -> Trace:
        if not xs:
            raise Unsupported(f"{op} of no numbers")
        kinds = list(dict.fromkeys(map(number, xs)))
        return kinds[0] if len(kinds) == 1 else record(op, *kinds) if len(kinds) > 2 else record(op, *kinds)

    return f


def logsumexp(xs: Sequence[Trace]) -> Trace:
    """``log(sum(exp(x)))``."""
    terms = [number(x) for x in xs]
    return terms[0] if len(terms) == 1 else record("lse", *terms)


def conjunction(xs: Sequence[Trace]) -> Trace:
    """Whether all are true."""
    return record("and", *map(truth, xs)) if xs else constant(True)


def disjunction(xs: Sequence[Trace]) -> Trace:
    """Whether any is true."""
    return record("or", *map(truth, xs)) if xs else constant(False)


def position(largest: bool) -> Callable[[list[Trace]], Trace]:
    """Return the reduction to the first position of the largest (smallest) cell, as a nested ``where``."""

    def f(xs: list[Trace]) -> Trace:
        best, place = number(xs[0]), constant(0)
        for j, x in enumerate(xs[1:], 1):
            better = record("lt", best, x) if largest else record("lt", x, best)
            best, place = record("max" if largest else "min", best, x), record("where", better, constant(j), place)
        return place

    return f


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


def scan(f: Callable[[Trace, Trace], Trace], x: Cells, axis: int) -> Cells:
    """Cumulate with ``f`` along ``axis``."""
    out = np.moveaxis(elementwise(number, x), axis, -1)
    for k in range(1, out.shape[-1]):
        out[..., k] = elementwise(f, out[..., k - 1], out[..., k])
    return np.moveaxis(out, -1, axis)


def dot(a: Cells, b: Cells) -> Cells:
    """Return ``a @ b`` for one or two axes each."""
    if a.ndim == 0 or b.ndim == 0 or a.ndim > 2 or b.ndim > 2:
        raise Unsupported(f"a matrix product of arrays with {a.ndim} and {b.ndim} axes; use one or two axes")
    left, right = np.atleast_2d(a), b.reshape(-1, 1) if b.ndim == 1 else b
    out = np.empty((left.shape[0], right.shape[1]), object)
    for i, j in np.ndindex(out.shape):
        out[i, j] = total([record("mul", p, q) for p, q in zip(left[i], right[:, j], strict=True)])
    return out.reshape(a.shape[:-1] + b.shape[1:])


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
        return decide(n)
    if n.op == "where":
        return settled(n.args[1] if decide(n.args[0]) else n.args[2])
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
