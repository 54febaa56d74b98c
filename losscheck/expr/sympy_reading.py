"""SymPy reading of a graph: for printing formulas, never evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from losscheck.expr.graph import Expr, topological


def _rational(q: Any) -> Any:
    import sympy

    return sympy.Rational(q.numerator, q.denominator)


def _symbol(n: Expr) -> Any:
    import sympy

    name, domain = n.value
    return sympy.Symbol(name, positive=True) if domain == "positive" else sympy.Symbol(name, real=True)


def _call(name: str) -> Callable[..., Any]:
    def read(n: Expr, *xs: Any) -> Any:
        import sympy

        return getattr(sympy, name)(*xs)

    return read


def _log_ndtr(n: Expr, x: Any) -> Any:
    import sympy

    return sympy.log((1 + sympy.erf(x / sympy.sqrt(2))) / 2)


def _lse(n: Expr, *xs: Any) -> Any:
    import sympy

    return sympy.log(sympy.Add(*(sympy.exp(x) for x in xs)))


def _where(n: Expr, c: Any, a: Any, b: Any) -> Any:
    import sympy

    return sympy.Piecewise((a, c), (b, True))


def _product(n: Expr, *xs: Any) -> Any:
    import sympy

    return sympy.Mul(*xs)


def _infinity(n: Expr) -> Any:
    import sympy

    return sympy.oo if n.value > 0 else -sympy.oo


def _sum(n: Expr, *xs: Any) -> Any:
    return sum((_rational(c) * x for c, x in zip(n.value[1:], xs, strict=True)), _rational(n.value[0]))


SYMPY: dict[str, Callable[..., Any]] = {
    "const": lambda n: _rational(n.value),
    "float": lambda n: _rational_of_double(n.value),
    "var": _symbol,
    "add": _sum,
    "mul": _product,
    "pow": lambda n, x: x ** _rational(n.value),
    "exp": _call("exp"),
    "log": _call("log"),
    "abs": _call("Abs"),
    "atan": _call("atan"),
    "erf": _call("erf"),
    "sin": _call("sin"),
    "cos": _call("cos"),
    "log_ndtr": _log_ndtr,
    "lse": _lse,
    "max": _call("Max"),
    "min": _call("Min"),
    "where": _where,
    "lt": _call("StrictLessThan"),
    "le": _call("LessThan"),
    "eq": _call("Eq"),
    "not": _call("Not"),
    "and": _call("And"),
    "true": lambda n: _truth(True),
    "false": lambda n: _truth(False),
    "inf": _infinity,
}


def _truth(x: bool) -> Any:
    import sympy

    return sympy.true if x else sympy.false


def _rational_of_double(x: float) -> Any:
    """A float constant prints as the simplest rational it may stand for, else as its decimal."""
    import sympy

    from losscheck.expr.constants import simplest

    found = simplest(x)
    return sympy.Float(x) if found is None else _rational(found)


def to_sympy(root: Expr) -> Any:
    """The SymPy expression of a graph.

    >>> from losscheck.expr.build import var, lse, neg, ZERO
    >>> to_sympy(lse([ZERO, neg(var("v"))]))
    log(1 + exp(-v))
    """
    values: dict[Expr, Any] = {}
    for n in topological([root]):
        values[n] = SYMPY[n.op](n, *(values[a] for a in n.args))
    return values[root]


def to_latex(root: Expr) -> str:
    """The formula in LaTeX."""
    import sympy

    return str(sympy.latex(to_sympy(root)))
