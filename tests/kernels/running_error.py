"""Where a generated loop may land: its graph in balls, each operation widened by the error of its arithmetic.

The numbers of ``UNITS`` are what ``losscheck.kernels.generated.functions`` declares, in units of rounding (2^-53). A
ball encloses the exact value of the node and every value that the operations of the loop can have produced for it.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from flint import arb, ctx

from losscheck.expr.graph import Expr, topological
from losscheck.lifting import ball
from losscheck.lifting.graph_ball import READING

UNIT = arb(2) ** -53
TINY = arb(2) ** -1070  # a few subnormal numbers
PRECISION = 256
UNITS = {"exp": 8, "log": 8, "log1p": 8, "expm1": 8, "atan": 8, "erf": 8, "sin": 8, "cos": 8, "log_ndtr": 32}
EXACT = {"var", "float", "abs", "max", "min", "where", "lt", "le", "eq", "not", "and", "true", "false"}


def _read(n: Expr, xs: list[Any]) -> Any:
    if n.op == "log1p":
        return (1 + xs[0]).log()
    if n.op == "expm1":
        return xs[0].exp() - 1
    if n.op == "pow" and n.value.denominator == 1:  # Arb's own power knows nothing of a ball around exactly 0
        power = math.prod([xs[0]] * abs(int(n.value)), start=arb(1))
        return power if n.value > 0 else 1 / power
    if n.op == "pow" and xs[0].contains(0):  # what rounding has pushed below 0 counts as 0
        return arb(0).union(READING["pow"](n, [xs[0].upper()])) if n.value > 0 else arb("nan")
    return READING[n.op](n, xs)


def _error(n: Expr, xs: list[Any], value: Any) -> Any:
    """In units of rounding."""
    match n.op:
        case "const":
            return 0 if value == arb(float(n.value)) else abs(value)
        case "add":
            terms = [ball.rational(c) * x for c, x in zip(n.value[1:], xs, strict=True)]
            return (len(xs) + 3) * sum((abs(t) for t in terms), abs(ball.rational(n.value[0])))
        case "mul":
            return 2 * len(xs) * abs(value)
        case "pow":  # the exponent is rounded too; no double has a logarithm beyond 800
            q = ball.rational(abs(n.value))
            turned = 0 if n.value.denominator == 1 else 800 if xs[0].contains(0) else abs(abs(xs[0]).log())
            return (8 + 2 * q + q * turned) * abs(value)
        case "lse":  # what the terms but the largest have lost, in the exponents and in n steps
            top = max(xs, key=lambda x: float(x.mid()))
            lost = [(x - top).exp() * (abs(x - top) + 8 * len(xs) + 8) for x in xs if x is not top]
            return 2 * abs(value) + sum(lost, arb(0))
    return UNITS[n.op] * abs(value)


def enclosures(roots: Sequence[Expr], point: Mapping[str, float]) -> list[Any]:
    """Every root in a ball; NaN says nothing."""
    before, ctx.prec = ctx.prec, PRECISION
    found: dict[Expr, Any] = {}
    try:
        for n in topological(roots):
            if n.op == "var":
                found[n] = ball.double(point[n.value[0]])
                continue
            xs = [found[a] for a in n.args]
            value = _read(n, xs)
            if n.op not in EXACT:
                off = UNIT * _error(n, xs, value) + TINY
                value = value + off.union(-off)
            found[n] = value
    finally:
        ctx.prec = before
    return [found[r] for r in roots]
