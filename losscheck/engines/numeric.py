"""Float64 reading of a graph by NumPy, vectorised over points: for searching, never evidence.

>>> from losscheck.expr.build import var, exp, neg
>>> evaluate([exp(neg(var("v")))], {"v": np.array([0.0, 1.0])})[0].round(3).tolist()
[1.0, 0.368]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.expr.graph import Expr, topological

Array = NDArray[Any]


def _lse(*xs: Array) -> Array:
    """Within ``errstate``; of two terms the digits of log1p are kept where one dominates near 0."""
    top = reduce(np.maximum, xs)
    total = np.logaddexp(*xs) if len(xs) == 2 else top + np.log(sum(np.exp(x - top) for x in xs))
    return np.asarray(np.where(np.isinf(top), top, total))


def _special(name: str) -> Callable[[Array], Array]:
    def call(x: Array) -> Array:
        from scipy import special

        return np.asarray(getattr(special, name)(x))

    return call


def _sum(n: Expr, *xs: Array) -> Array:
    total = np.asarray(float(n.value[0]))
    for c, x in zip(n.value[1:], xs, strict=True):
        total = total + float(c) * x
    return total


def _product(*xs: Array) -> Array:
    out = xs[0]
    for x in xs[1:]:
        out = out * x
    return out


def _power(n: Expr, x: Array) -> Array:
    e = n.value
    return x ** int(e) if e.denominator == 1 and e > 0 else np.power(np.asarray(x, float), float(e))


NUMERIC: dict[str, Callable[..., Array]] = {
    "const": lambda n: np.asarray(float(n.value)),
    "float": lambda n: np.asarray(n.value),
    "inf": lambda n: np.asarray(np.inf * n.value),
    "true": lambda n: np.asarray(True),
    "false": lambda n: np.asarray(False),
    "add": _sum,
    "mul": lambda n, *xs: _product(*xs),
    "pow": _power,
    "exp": lambda n, x: np.exp(x),
    "log": lambda n, x: np.log(x),
    "abs": lambda n, x: np.abs(x),
    "atan": lambda n, x: np.arctan(x),
    "sin": lambda n, x: np.sin(x),
    "cos": lambda n, x: np.cos(x),
    "erf": lambda n, x: _special("erf")(x),
    "log_ndtr": lambda n, x: _special("log_ndtr")(x),
    "lse": lambda n, *xs: _lse(*xs),
    "max": lambda n, *xs: np.asarray(reduce(np.maximum, xs)),
    "min": lambda n, *xs: np.asarray(reduce(np.minimum, xs)),
    "where": lambda n, c, a, b: np.asarray(np.where(c, a, b)),
    "lt": lambda n, a, b: a < b,
    "le": lambda n, a, b: a <= b,
    "eq": lambda n, a, b: a == b,
    "not": lambda n, a: ~a,
    "and": lambda n, *xs: reduce(np.logical_and, xs),
    "var": lambda n: np.asarray(np.nan),
}


Step = tuple[Callable[..., Array], Expr, tuple[int, ...]]


@lru_cache(maxsize=256)
def _programme(roots: tuple[Expr, ...]) -> tuple[tuple[Step, ...], dict[Expr, int]]:
    """The nodes in order, each with its reading and the places of its arguments."""
    order = topological(roots)
    places = {n: i for i, n in enumerate(order)}
    return tuple((NUMERIC[n.op], n, tuple(places[a] for a in n.args)) for n in order), places


def evaluate(roots: Sequence[Expr], at: Mapping[str, Array]) -> list[Array]:
    """Values of the roots at the points ``{variable: array}``; all arrays broadcast to one shape."""
    shape = np.broadcast_shapes(*(np.shape(x) for x in at.values())) if at else ()
    steps, places = _programme(tuple(roots))
    values: list[Array] = []
    with np.errstate(all="ignore"):
        for read, n, args in steps:
            if n.op == "var":
                values.append(np.asarray(at[n.value[0]], float))
            else:
                values.append(read(n, *[values[i] for i in args]))
    return [np.broadcast_to(np.asarray(values[places[r]], float), shape) for r in roots]
