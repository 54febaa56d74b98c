"""Value and gradient of graphs at a point, in balls: every op with its exact partial derivatives.

At a point where a switch ties (the kink of abs and max, the edge of a branch) the value is right and the gradient is
that of one side; ``kink`` says so. A ball that does not decide a switch decides nothing: NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flint import arb, ctx

from losscheck.expr.graph import Expr, topological
from losscheck.lifting import ball
from losscheck.lifting.graph_ball import READING

Ball = Any
Slopes = dict[str, Ball]
NOTHING = arb("nan")


@dataclass(frozen=True)
class Jet:
    """A value with its partial derivatives by the variables it depends on; those left out are 0."""

    value: Ball
    slopes: Slopes
    kink: bool = False


def _smooth(n: Expr, xs: list[Any], value: Any) -> list[Ball]:
    """Return the partial derivatives by each argument."""
    x: Any = xs[0]
    match n.op:
        case "add":
            return [ball.rational(c) for c in n.value[1:]]
        case "mul":
            return [_product(xs[:i] + xs[i + 1 :]) for i in range(len(xs))]
        case "pow":
            return [ball.rational(n.value) * ball.power(x, ball.rational(n.value - 1))]
        case "exp":
            return [value]
        case "log":
            return [1 / x]
        case "atan":
            return [1 / (1 + x * x)]
        case "erf":
            return [2 / arb.pi().sqrt() * (-x * x).exp()]
        case "sin":
            return [x.cos()]
        case "cos":
            return [-x.sin()]
        case "log_ndtr":
            return [(-x * x / 2 - value).exp() / (2 * arb.pi()).sqrt()]
        case "lse":
            return [(a - value).exp() for a in xs]
    raise ValueError(f"op={n.op!r} has no derivative")


def _product(xs: list[Ball]) -> Ball:
    out = arb(1)
    for x in xs:
        out = out * x
    return out


def _chosen(n: Expr, xs: list[Any]) -> tuple[int | None, bool]:
    """Return which argument a switch takes, and whether another one ties with it."""
    best: int | None = 0
    tie = False
    for i in range(1, len(xs)):
        ahead = ball.less(xs[best or 0], xs[i]) if n.op == "max" else ball.less(xs[i], xs[best or 0])
        if ahead is None:
            return None, False
        same = ball.equal(xs[best or 0], xs[i])
        best, tie = (i, False) if ahead else (best, tie or bool(same))
    return best, tie


def _slopes(n: Expr, jets: list[Jet], value: Any) -> tuple[Slopes, bool]:
    """Return the gradient of one node, and whether it is that of one side only."""
    xs = [j.value for j in jets]
    if n.op == "where":
        if xs[0] is None:
            return dict.fromkeys((*jets[1].slopes, *jets[2].slopes), NOTHING), False
        taken = jets[1] if xs[0] else jets[2]
        return taken.slopes, taken.kink or jets[0].kink
    if n.op in ("max", "min"):
        best, tie = _chosen(n, xs)
        if best is None:
            return dict.fromkeys((name for j in jets for name in j.slopes), NOTHING), False
        return jets[best].slopes, jets[best].kink or tie
    if n.op == "abs":
        sign = 1 if xs[0] > 0 else -1 if xs[0] < 0 else 0 if xs[0].is_zero() else NOTHING
        return {name: sign * s for name, s in jets[0].slopes.items()}, jets[0].kink or xs[0].is_zero()
    out: Slopes = {}
    for partial, jet in zip(_smooth(n, xs, value), jets, strict=True):
        for name, slope in jet.slopes.items():
            out[name] = out[name] + partial * slope if name in out else partial * slope
    return out, any(j.kink for j in jets)


def jets(roots: list[Expr], point: Mapping[str, float], precision: int) -> list[Jet]:
    """Evaluate graphs and their gradients at one point whose coordinates are exactly these doubles."""
    before, ctx.prec = ctx.prec, precision
    found: dict[Expr, Jet] = {}
    try:
        for n in topological(roots):
            if n.op == "var":
                name = n.value[0]
                found[n] = Jet(ball.double(point[name]), {name: arb(1)})
                continue
            below = [found[a] for a in n.args]
            xs = [j.value for j in below]
            value = READING[n.op](n, xs)
            if n.op in ("lt", "le", "eq"):
                found[n] = Jet(value, {}, bool(ball.equal(*xs)) and any(j.slopes for j in below))
            elif n.op in ("not", "and", "true", "false"):
                found[n] = Jet(value, {}, any(j.kink for j in below))
            elif any(j.slopes for j in below):
                found[n] = Jet(value, *_slopes(n, below, value))
            else:
                found[n] = Jet(value, {})
    finally:
        ctx.prec = before
    return [found[r] for r in roots]
