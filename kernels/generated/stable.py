r"""Forms that keep their digits: a graph whose differences of nearby numbers have functions of their own.

=========================================  ===================================================
in the graph                               in the kernel
=========================================  ===================================================
``c - c exp(x - lse(x, rest))``            ``c exp(lse(rest) - lse(x, rest))``
``c - c exp(x)``                           ``-c expm1(x)``
``log(1 + x)``                             ``log1p(x)``
``log(exp(x))``, as the rows above make    ``x``
=========================================  ===================================================

Each is an identity of the reals. The new ops ``expm1`` and ``log1p`` are no ops of a lifted graph: they have a reading
here (``source``) and one in balls (``tests/kernels/running_error.py``).

>>> from losscheck.expr.build import ONE, ZERO, exp, lse, neg, sub, var
>>> z = var("z")
>>> stable([sub(ONE, exp(neg(lse([ZERO, neg(z)]))))])
[exp(-lse(0, z))]
"""

from __future__ import annotations

from collections.abc import Sequence

from losscheck.expr import build as b
from losscheck.expr.graph import Expr, node, topological


def stable(roots: Sequence[Expr]) -> list[Expr]:
    """Rewrite graphs, from the leaves up."""
    done: dict[Expr, Expr] = {}
    for n in topological(roots):
        below = [done[a] for a in n.args]
        same = all(x is a for x, a in zip(below, n.args, strict=True))
        if n.op == "add":
            done[n] = _sum(n if same else _again(n, below))
        elif n.op == "log":
            done[n] = _log(below[0])
        else:
            done[n] = n if same else _again(n, below)
    return [done[r] for r in roots]


def _again(n: Expr, below: list[Expr]) -> Expr:
    """The node on other arguments; ops that are not of the graph have no simplifications."""
    return node(n.op, n.value, below) if n.op in ("expm1", "log1p") else b.rebuild(n, below)


def _sum(n: Expr) -> Expr:
    """``c - c exp(x)`` is one function."""
    if n.op != "add" or len(n.args) != 1 or n.args[0].op != "exp" or n.value[0] != -n.value[1] or n.value[0] == 0:
        return n
    x = n.args[0].args[0]
    rest = _others(x)
    if rest is not None:
        return b.scale(n.value[0], b.exp(b.add(rest, x)))
    return b.scale(n.value[1], node("expm1", None, (x,)))


def _others(x: Expr) -> Expr | None:
    """For x = a - lse(a, rest): lse(rest) - a."""
    if x.op != "add":
        return None
    for c, term in zip(x.value[1:], x.args, strict=True):
        if c == -1 and term.op == "lse":
            a = b.add(x, term)
            if a in term.args:
                rest = [other for other in term.args if other is not a]
                return b.sub(b.lse(rest) if len(rest) > 1 else rest[0], a) if rest else None
    return None


def _log(x: Expr) -> Expr:
    """``log(1 + x)`` and ``log(exp(x))``."""
    if x.op == "exp":
        return x.args[0]
    if x.op == "add" and x.value[0] == 1:
        return node("log1p", None, (b.sub(x, b.ONE),))
    return b.log(x)
