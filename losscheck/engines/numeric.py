"""Float64 reading of a graph by NumPy, vectorised over points: for searching, never evidence.

>>> from losscheck.expr.build import var, exp, neg
>>> evaluate([exp(neg(var("v")))], {"v": np.array([0.0, 1.0])})[0].round(3).tolist()
[1.0, 0.368]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial, reduce
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


def _affine(n: Expr) -> Callable[..., Array]:
    """A sum whose coefficients are made floats once."""
    start, factors = np.asarray(float(n.value[0])), [float(c) for c in n.value[1:]]

    def read(*xs: Array) -> Array:
        total = start
        for c, x in zip(factors, xs, strict=True):
            total = total + x if c == 1 else total - x if c == -1 else total + c * x
        return total

    return read


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
    "add": lambda n, *xs: _affine(n)(*xs),
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


Step = tuple[Callable[..., Array] | None, Any, tuple[int, ...]]
"""How a node is read from its arguments and their places; without a reading, its value or the name of its variable."""


def _step(n: Expr, places: Mapping[Expr, int]) -> Step:
    if n.op == "var":
        return None, n.value[0], ()
    if not n.args:
        return None, NUMERIC[n.op](n), ()
    read = _affine(n) if n.op == "add" else partial(NUMERIC[n.op], n)
    return read, None, tuple(places[a] for a in n.args)


@lru_cache(maxsize=256)
def _programme(roots: tuple[Expr, ...]) -> tuple[tuple[Step, ...], tuple[int, ...]]:
    """The nodes in order, and the places of the roots among them."""
    order = topological(roots)
    places = {n: i for i, n in enumerate(order)}
    return tuple(_step(n, places) for n in order), tuple(places[r] for r in roots)


def evaluate(roots: Sequence[Expr], at: Mapping[str, Array]) -> list[Array]:
    """Values of the roots at the points ``{variable: array}``; all arrays broadcast to one shape."""
    given = {name: np.asarray(x, float) for name, x in at.items()}
    shapes = {x.shape for x in given.values()}
    shape = shapes.pop() if len(shapes) == 1 else np.broadcast_shapes(*shapes)
    steps, places = _programme(tuple(roots))
    values: list[Array] = []
    with np.errstate(all="ignore"):
        for read, value, args in steps:
            if read is not None:
                values.append(read(*[values[i] for i in args]))
            else:
                values.append(given[value] if isinstance(value, str) else value)
    found = [np.asarray(values[i], float) for i in places]
    return [y if y.shape == shape else np.broadcast_to(y, shape) for y in found]
