"""Read a trace: as float64 values, as running-error enclosures, as exact balls.

>>> import numpy as np
>>> from losscheck.expr.trace import record, variable
>>> v = variable("v")
>>> roots = [record("log1p", record("exp", record("neg", v)))]
>>> float(values(roots, {"v": np.array([0.0])})[0][0])
0.6931471805599453
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb, ctx

from losscheck.expr.trace import Trace, topological
from losscheck.lifting import ball
from losscheck.lifting.enclosure import Enclosure, Floats
from losscheck.lifting.rows import ROWS

Points = Mapping[str, Floats]


@lru_cache(maxsize=64)
def _order(roots: tuple[Trace, ...]) -> tuple[Trace, ...]:
    """The nodes, arguments first; the same few roots are read at hundreds of points."""
    return tuple(topological(roots))


def _extra(n: Trace) -> dict[str, Any]:
    return {} if n.value is None else {"value": n.value}


def _constant(n: Trace) -> Any:
    return np.asarray(n.value if isinstance(n.value, bool) else float(n.value))


def values(roots: Sequence[Trace], points: Points, order: Sequence[Trace] | None = None) -> list[Any]:
    """Evaluate in float64; ``order`` has the nodes, arguments first."""
    found: dict[int, Any] = {}
    with np.errstate(all="ignore"):
        for n in _order(tuple(roots)) if order is None else order:
            if n.op == "const":
                found[n.serial] = _constant(n)
            elif n.op == "var":
                found[n.serial] = points[n.value[0]]
            else:
                found[n.serial] = ROWS[n.op].numpy(*(found[a.serial] for a in n.args), **_extra(n))
    return [found[r.serial] for r in roots]


def enclosures(roots: Sequence[Trace], points: Points) -> list[Enclosure]:
    """Enclose the real value and every float64 value the code may give, per root as (low, high) arrays."""
    found: dict[int, Enclosure] = {}
    with np.errstate(all="ignore"):
        for n in _order(tuple(roots)):
            if n.op in ("const", "var"):
                x = _constant(n) if n.op == "const" else points[n.value[0]]
                found[n.serial] = (x, x)
            else:
                found[n.serial] = ROWS[n.op].enclose(*(found[a.serial] for a in n.args), **_extra(n))
    return [found[r.serial] for r in roots]


def exact(roots: Sequence[Trace], point: Mapping[str, float], precision: int = ball.PRECISION) -> list[Any]:
    """Evaluate in Arb balls at one point whose coordinates are exactly these doubles."""
    found = _exact_nodes(roots, point, precision)
    return [found[r.serial] for r in roots]


def undefined_conditions(roots: Sequence[Trace], point: Mapping[str, float]) -> bool:
    """Whether a comparison reads what is not a number at a point: code takes it to be false, the reals have no say."""
    found = _exact_nodes(roots, point, ball.PRECISION)
    compared = [a for n in _order(tuple(roots)) if n.op in ("lt", "le", "eq") for a in n.args]
    return any(isinstance(x := found[a.serial], arb) and x.is_nan() for a in compared)


def surely_undefined(roots: Sequence[Trace], point: Mapping[str, float]) -> bool:
    """Whether some operation certainly has no value at a point: a logarithm, root or quotient outside its domain.

    A ball that is not a number may also be one that is too wide: ``log(1 - s)`` where s is nearer to 1 than the
    precision tells.
    """
    found = _exact_nodes(roots, point, ball.PRECISION)
    for n in topological(roots):
        x = [found[a.serial] for a in n.args]
        if not all(isinstance(a, arb) for a in x) or not isinstance(found[n.serial], arb):
            continue
        if not found[n.serial].is_nan() or any(a.is_nan() for a in x):
            continue
        base = 1 + x[0] if n.op == "log1p" else x[-1] if n.op == "div" else x[0]
        if n.op in ("log", "log1p", "sqrt", "pow") and bool(base < 0):
            return True
        if base.is_zero() if n.op in ("div", "pow") else not all(a.is_finite() for a in x):
            return True
    return False


def _exact_nodes(roots: Sequence[Trace], point: Mapping[str, float], precision: int) -> dict[int, Any]:
    found: dict[int, Any] = {}
    before, ctx.prec = ctx.prec, precision
    try:
        for n in _order(tuple(roots)):
            if n.op == "const":
                found[n.serial] = _exact_constant(n.value)
            elif n.op == "var":
                found[n.serial] = ball.double(point[n.value[0]])
            else:
                found[n.serial] = ROWS[n.op].exact(*(found[a.serial] for a in n.args), **_extra(n))
    finally:
        ctx.prec = before
    return found


def _exact_constant(x: float | int | bool) -> Any:
    return x if isinstance(x, bool) else ball.rational(x) if isinstance(x, int) else ball.double(x)
