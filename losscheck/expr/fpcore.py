"""FPCore reading of a graph: the benchmark format of floating-point tools (FPBench 2.0).

>>> from losscheck.expr.build import var, lse, neg, ZERO
>>> to_fpcore(lse([ZERO, neg(var("v"))]))
'(FPCore (v) (log (+ (exp (* -1 v)) (exp 0))))'
"""

from __future__ import annotations

from collections.abc import Callable

from losscheck.expr.graph import Expr, variables


def _call(name: str) -> Callable[..., str]:
    return lambda n, *xs: f"({name} {' '.join(xs)})"


def _fold(name: str) -> Callable[..., str]:
    """A binary operator over any number of arguments, nested to the left."""

    def read(n: Expr, *xs: str) -> str:
        out = xs[0]
        for x in xs[1:]:
            out = f"({name} {out} {x})"
        return out

    return read


def _sum(n: Expr, *xs: str) -> str:
    parts = [x if c == 1 else f"(* {c} {x})" for c, x in zip(n.value[1:], xs, strict=True)]
    if n.value[0]:
        parts.insert(0, str(n.value[0]))
    return _fold("+")(n, *parts)


def _lse(n: Expr, *xs: str) -> str:
    return f"(log {_fold('+')(n, *sorted(f'(exp {x})' for x in xs))})"


FPCORE: dict[str, Callable[..., str]] = {
    "const": lambda n: str(n.value),
    "float": lambda n: repr(n.value),
    "var": lambda n: n.value[0],
    "inf": lambda n: "INFINITY" if n.value > 0 else "(- INFINITY)",
    "true": lambda n: "TRUE",
    "false": lambda n: "FALSE",
    "add": _sum,
    "mul": _fold("*"),
    "pow": lambda n, x: f"(pow {x} {n.value})",
    "exp": _call("exp"),
    "log": _call("log"),
    "abs": _call("fabs"),
    "atan": _call("atan"),
    "erf": _call("erf"),
    "sin": _call("sin"),
    "cos": _call("cos"),
    "log_ndtr": lambda n, x: f"(log (* 1/2 (erfc (* -1 (/ {x} (sqrt 2))))))",
    "lse": _lse,
    "max": _fold("fmax"),
    "min": _fold("fmin"),
    "where": _call("if"),
    "lt": _call("<"),
    "le": _call("<="),
    "eq": _call("=="),
    "not": _call("not"),
    "and": _call("and"),
}


def to_fpcore(root: Expr) -> str:
    """The graph as an FPCore expression over its variables, sorted by name."""

    def go(n: Expr) -> str:
        return FPCORE[n.op](n, *(go(a) for a in n.args))

    return f"(FPCore ({' '.join(variables([root]))}) {go(root)})"
