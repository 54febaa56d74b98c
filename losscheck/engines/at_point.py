"""Float64 reading of a graph at one point, as compiled Python: for searches that take thousands of single points.

A call costs a tenth of a vectorised one; where Python's floats raise (an overflow, log 0) NumPy answers instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from losscheck.engines.numeric import evaluate
from losscheck.expr.graph import Expr, topological
from losscheck.expr.numba_reading import NUMBA, executed

Array = NDArray[Any]


def _lse(*xs: float) -> float:
    top = max(xs)
    return top + math.log(math.fsum(math.exp(x - top) for x in xs)) if len(xs) > 2 else top + math.log1p(
        math.exp(min(xs) - top)
    )  # fmt: skip


@lru_cache(maxsize=256)
def _compiled(roots: tuple[Expr, ...], names: tuple[str, ...]) -> Callable[..., tuple[float, ...]]:
    """One assignment per node, so nothing shared is worked out twice."""
    spaces = {name: f"x{i}" for i, name in enumerate(names)}
    text: dict[Expr, str] = {}
    lines: list[str] = []
    for n in topological(roots):
        if n.op == "var":
            text[n] = spaces[n.value[0]]
            continue
        args = [text[a] for a in n.args]
        body = f"lse({', '.join(args)})" if n.op == "lse" else NUMBA[n.op](n, *args)
        text[n] = f"t{len(lines)}"
        lines.append(f"    {text[n]} = {body}")
    head = f"def at({', '.join(spaces.values())}):"
    code = "\n".join([head, *lines, f"    return ({' '.join(text[r] + ',' for r in roots)})"])
    made: Callable[..., tuple[float, ...]] = executed(code, {"math": math, "lse": _lse})["at"]
    return made


def at_point(roots: Sequence[Expr], names: Sequence[str], z: Sequence[float] | Array) -> Array:
    """The values of the roots at one point.

    >>> from losscheck.expr.build import var, exp, log
    >>> at_point([exp(var("v")), log(var("v"))], ["v"], [0.0]).tolist()
    [1.0, -inf]
    """
    try:
        return np.array(_compiled(tuple(roots), tuple(names))(*map(float, z)), float)
    except (ArithmeticError, ValueError, TypeError):  # TypeError: a root of a negative number is complex
        return np.array([float(x) for x in evaluate(roots, dict(zip(names, map(np.asarray, z), strict=True)))])
