"""Numba reading of a graph: a compiled scalar function of its variables, sorted by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from losscheck.expr.graph import Expr, topological, variables


def _call(name: str) -> Callable[..., str]:
    return lambda n, *xs: f"{name}({', '.join(xs)})"


def _sum(n: Expr, *xs: str) -> str:
    terms = (f"{float(c)!r} * {x}" for c, x in zip(n.value[1:], xs, strict=True))
    return " + ".join([repr(float(n.value[0])), *terms])


def _lse(n: Expr, *xs: str) -> str:
    """Largest argument in front: nothing overflows."""
    top = f"max({', '.join(xs)})"
    return f"{top} + math.log({' + '.join(f'math.exp({x} - {top})' for x in xs)})"


def _joined(sign: str) -> Callable[..., str]:
    return lambda n, *xs: f" {sign} ".join(xs)


NUMBA: dict[str, Callable[..., str]] = {
    "const": lambda n: repr(float(n.value)),
    "float": lambda n: repr(n.value),
    "var": lambda n: n.value[0],
    "inf": lambda n: "math.inf" if n.value > 0 else "-math.inf",
    "true": lambda n: "True",
    "false": lambda n: "False",
    "add": _sum,
    "mul": _joined("*"),
    "pow": lambda n, x: f"{x} ** {int(n.value) if n.value.denominator == 1 else float(n.value)!r}",
    "exp": _call("math.exp"),
    "log": _call("math.log"),
    "abs": _call("abs"),
    "atan": _call("math.atan"),
    "erf": _call("math.erf"),
    "sin": _call("math.sin"),
    "cos": _call("math.cos"),
    "log_ndtr": lambda n, x: f"math.log(0.5 * math.erfc(-{x} / math.sqrt(2.0)))",
    "lse": _lse,
    "max": _call("max"),
    "min": _call("min"),
    "where": lambda n, c, a, b: f"({a} if {c} else {b})",
    "lt": _joined("<"),
    "le": _joined("<="),
    "eq": _joined("=="),
    "not": lambda n, x: f"not {x}",
    "and": _joined("and"),
}


def source(root: Expr) -> str:
    """Python source of the function ``loss``: one assignment per node, branches evaluated lazily.

    A node that stands only inside a branch of a ``where`` is written into that branch, so a branch not taken cannot
    raise.
    """
    names: dict[Expr, str] = {}
    order = topological([root])
    lazy = {m for n in order if n.op == "where" for m in topological(n.args[1:])}
    lines = []

    def text(n: Expr) -> str:
        if n in names:
            return names[n]
        body = NUMBA[n.op](n, *(text(a) for a in n.args))
        return body if not n.args else f"({body})"

    for n in order:
        if n.args and n not in lazy:
            body = NUMBA[n.op](n, *(text(a) for a in n.args))
            names[n] = f"t{len(names)}"
            lines.append(f"    {names[n]} = {body}")
    return f"def loss({', '.join(variables([root]))}):\n" + "\n".join([*lines, f"    return {text(root)}"]) + "\n"


def to_numba(root: Expr) -> Any:
    """The graph as a function compiled by Numba on first call.

    >>> from losscheck.expr.build import var, lse, neg, ZERO
    >>> print(source(lse([ZERO, neg(var("v"))])).split(chr(10))[0])
    def loss(v):
    """
    import math

    import numba

    return numba.njit(executed(source(root), {"math": math})["loss"])


def executed(code: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """What source that was written from a graph defines; nothing else may be given."""
    space: dict[str, Any] = dict(names)
    exec(compile(code, "<losscheck graph>", "exec"), space)
    return space
