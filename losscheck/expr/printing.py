"""Printing a graph as text.

>>> from losscheck.expr.build import *
>>> text(sub(ONE, exp(neg(var("v")))))
'1 - exp(-v)'
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from losscheck.expr.graph import Expr


def text(n: Expr) -> str:
    """A readable formula."""
    return PRINT[n.op](n)


def _call(name: str) -> Callable[[Expr], str]:
    return lambda n: f"{name}({', '.join(sorted(map(text, n.args)))})"


def _ordered(name: str) -> Callable[[Expr], str]:
    return lambda n: f"{name}({', '.join(map(text, n.args))})"


def _sum(n: Expr) -> str:
    parts = [str(n.value[0])] if n.value[0] else []
    for c, t in sorted(zip(n.value[1:], n.args, strict=True), key=lambda ct: text(ct[1])):
        body = text(t)
        if abs(c) != 1:
            body = f"{abs(c)}*{body}" if abs(c).denominator == 1 else f"({abs(c)})*{body}"
        if parts:
            parts.append(f"{'-' if c < 0 else '+'} {body}")
        else:
            parts.append(f"-{body}" if c < 0 else body)
    return " ".join(parts)


def _inner(n: Expr) -> str:
    return f"({text(n)})" if n.op in ("add", "mul", "pow") else text(n)


def _power(n: Expr) -> str:
    e: Fraction = n.value
    return f"{_inner(n.args[0])}**{e if e.denominator == 1 and e > 0 else f'({e})'}"


def _comparison(sign: str) -> Callable[[Expr], str]:
    return lambda n: f"{text(n.args[0])} {sign} {text(n.args[1])}"


PRINT: dict[str, Callable[[Expr], str]] = {
    "const": lambda n: str(n.value),
    "float": lambda n: repr(n.value),
    "var": lambda n: n.value[0],
    "add": _sum,
    "mul": lambda n: "*".join(sorted(_inner(a) for a in n.args)),
    "pow": _power,
    "exp": _ordered("exp"),
    "log": _ordered("log"),
    "abs": _ordered("abs"),
    "atan": _ordered("atan"),
    "erf": _ordered("erf"),
    "sin": _ordered("sin"),
    "cos": _ordered("cos"),
    "log_ndtr": _ordered("log_ndtr"),
    "lse": _call("lse"),
    "max": _call("max"),
    "min": _call("min"),
    "where": _ordered("where"),
    "lt": _comparison("<"),
    "le": _comparison("<="),
    "eq": _comparison("=="),
    "not": _ordered("not"),
    "and": lambda n: " and ".join(sorted(f"({text(a)})" for a in n.args)),
    "true": lambda n: "true",
    "false": lambda n: "false",
    "inf": lambda n: "inf" if n.value > 0 else "-inf",
}
