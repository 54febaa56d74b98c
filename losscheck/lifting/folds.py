"""What reductions do with a list of trace nodes: sums, products, extremes, positions, running sums, matrix products."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from losscheck.expr.trace import Trace, constant, number, record, truth
from losscheck.lifting.array import Cells, elementwise
from losscheck.lifting.unsupported import Unsupported


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
        distinct = list(dict.fromkeys(map(number, xs)))
        return distinct[0] if len(distinct) == 1 else record(op, *distinct)

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
