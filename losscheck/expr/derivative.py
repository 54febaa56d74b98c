"""Symbolic derivatives on the graph, for searching; the verifier differentiates on its own.

At a switch the derivative keeps the switch's condition: it is right on either side, and says nothing about a jump.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from losscheck.expr import build as b
from losscheck.expr.graph import Expr, node, topological

Rule = Callable[[Expr, list[Expr]], Expr]


def _extreme(n: Expr, d: list[Expr]) -> Expr:
    out, best = d[0], n.args[0]
    pick = b.maximum if n.op == "max" else b.minimum
    for a, da in zip(n.args[1:], d[1:], strict=True):
        ahead = b.less(best, a) if n.op == "max" else b.less(a, best)
        out, best = b.where(ahead, da, out), pick([best, a])
    return out


def _mills(n: Expr) -> Expr:
    """Normal density over distribution function at the argument: the derivative of log_ndtr."""
    x = n.args[0]
    log_density = b.add(b.scale(Fraction(-1, 2), b.power(x, Fraction(2))), b.from_float(-0.9189385332046727))
    return b.exp(b.sub(log_density, n))


TWO_OVER_SQRT_PI = 1.1283791670955126

DERIVATIVE: dict[str, Rule] = {
    "add": lambda n, d: b.add(*(b.scale(c, x) for c, x in zip(n.value[1:], d, strict=True))),
    "mul": lambda n, d: b.add(*(b.mul(x, *n.args[:i], *n.args[i + 1 :]) for i, x in enumerate(d))),
    "pow": lambda n, d: b.mul(b.const(n.value), b.power(n.args[0], n.value - 1), d[0]),
    "exp": lambda n, d: b.mul(n, d[0]),
    "log": lambda n, d: b.div(d[0], n.args[0]),
    "abs": lambda n, d: b.where(b.less(b.ZERO, n.args[0]), d[0], b.neg(d[0])),
    "atan": lambda n, d: b.div(d[0], b.add(b.ONE, b.power(n.args[0], Fraction(2)))),
    "erf": lambda n, d: b.mul(b.from_float(TWO_OVER_SQRT_PI), b.exp(b.neg(b.power(n.args[0], Fraction(2)))), d[0]),
    "sin": lambda n, d: b.mul(b.cos(n.args[0]), d[0]),
    "cos": lambda n, d: b.neg(b.mul(b.sin(n.args[0]), d[0])),
    "log_ndtr": lambda n, d: b.mul(_mills(n), d[0]),
    "lse": lambda n, d: b.add(*(b.mul(b.exp(b.sub(a, n)), x) for a, x in zip(n.args, d, strict=True))),
    "max": _extreme,
    "min": _extreme,
    "where": lambda n, d: b.where(n.args[0], d[1], d[2]),
}


def derivative(root: Expr, name: str) -> Expr:
    """The derivative of ``root`` in the variable ``name``.

    >>> from losscheck.expr.build import var, lse, ZERO, neg
    >>> derivative(lse([ZERO, neg(var("v"))]), "v")
    -exp(-lse(0, v))
    """
    done: dict[Expr, Expr] = {}
    for n in topological([root]):
        if n.op == "var":
            done[n] = b.ONE if n.value[0] == name else b.ZERO
        elif not n.args or n.op in b.BOOLEAN:
            done[n] = b.ZERO
        else:
            d = [done.get(a, b.ZERO) for a in n.args]
            moved = d[1:] if n.op == "where" else d
            done[n] = b.ZERO if all(x is b.ZERO for x in moved) else DERIVATIVE[n.op](n, d)
    return done[root]


def gradient(root: Expr, names: list[str]) -> list[Expr]:
    """All partial derivatives."""
    return [derivative(root, name) for name in names]


__all__ = ["DERIVATIVE", "derivative", "gradient", "node"]
