"""Exact ball reading of the graph at a point, float constants read as the doubles they are.

The verifier has a reading of its own; this one only serves to compare a graph with the trace it was lowered from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from flint import arb, ctx

from losscheck.expr.graph import Expr, topological
from losscheck.lifting import ball


def _add(n: Expr, args: list[Any]) -> Any:
    start, *factors = _rationals(n, ctx.prec)
    return sum((a if c is None else c * a for c, a in zip(factors, args, strict=True)), start)


@lru_cache(maxsize=4096)
def _rationals(n: Expr, precision: int) -> tuple[Any, ...]:
    """The balls of the rationals of a sum; None for a factor 1."""
    first, *rest = n.value
    return ball.rational(first), *(None if c == 1 else ball.rational(c) for c in rest)


@lru_cache(maxsize=64)
def _order(roots: tuple[Expr, ...]) -> tuple[Expr, ...]:
    return tuple(topological(roots))


def _mul(n: Expr, args: list[Any]) -> Any:
    result = arb(1)
    for a in args:
        result = result * a
    return result


READING: dict[str, Any] = {
    "const": lambda n, a: ball.rational(n.value),
    "float": lambda n, a: ball.double(n.value),
    "inf": lambda n, a: arb("inf") if n.value > 0 else arb("-inf"),
    "true": lambda n, a: True,
    "false": lambda n, a: False,
    "add": _add,
    "mul": _mul,
    "pow": lambda n, a: ball.power(a[0], ball.rational(n.value)),
    "exp": lambda n, a: ball.exp(a[0]),
    "log": lambda n, a: ball.log(a[0]),
    "abs": lambda n, a: ball.absolute(a[0]),
    "atan": lambda n, a: a[0].atan(),
    "erf": lambda n, a: a[0].erf(),
    "sin": lambda n, a: a[0].sin(),
    "cos": lambda n, a: a[0].cos(),
    "log_ndtr": lambda n, a: ball.log_ndtr(a[0]),
    "lse": lambda n, a: ball.lse(*a),
    "max": lambda n, a: ball.largest(*a),
    "min": lambda n, a: ball.smallest(*a),
    "where": lambda n, a: ball.where(*a),
    "lt": lambda n, a: ball.less(*a),
    "le": lambda n, a: ball.less_equal(*a),
    "eq": lambda n, a: ball.equal(*a),
    "not": lambda n, a: ball.negation(a[0]),
    "and": lambda n, a: ball.conjunction(*a),
}


def graph_balls(roots: Sequence[Expr], point: Mapping[str, float], precision: int = ball.PRECISION) -> list[Any]:
    """Evaluate graphs in balls at one point whose coordinates are exactly these doubles."""
    before, ctx.prec = ctx.prec, precision
    found: dict[Expr, Any] = {}
    try:
        for n in _order(tuple(roots)):
            if n.op == "var":
                found[n] = ball.double(point[n.value[0]])
            else:
                found[n] = READING[n.op](n, [found[a] for a in n.args])
    finally:
        ctx.prec = before
    return [found[r] for r in roots]
