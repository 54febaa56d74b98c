"""The simplifying constructors of the graph, in one place.

Build graphs only through these: they make equal losses equal graphs. Each rewrite is an identity of the reals
wherever the original is defined.

>>> z = var("z")
>>> div(ONE, add(ONE, exp(neg(z)))) is exp(neg(lse([ZERO, neg(z)])))
True
>>> sub(lse([z, ZERO]), z) is lse([ZERO, neg(z)])
True
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from losscheck.expr.arithmetic import ONE as ONE
from losscheck.expr.arithmetic import ZERO as ZERO
from losscheck.expr.arithmetic import add as add
from losscheck.expr.arithmetic import const as const
from losscheck.expr.arithmetic import div as div
from losscheck.expr.arithmetic import from_float as from_float
from losscheck.expr.arithmetic import linear as linear
from losscheck.expr.arithmetic import mul as mul
from losscheck.expr.arithmetic import neg as neg
from losscheck.expr.arithmetic import power as power
from losscheck.expr.arithmetic import scale as scale
from losscheck.expr.arithmetic import sub as sub
from losscheck.expr.arithmetic import var as var
from losscheck.expr.conditions import BOOLEAN as BOOLEAN
from losscheck.expr.conditions import FALSE as FALSE
from losscheck.expr.conditions import TRUE as TRUE
from losscheck.expr.conditions import equal as equal
from losscheck.expr.conditions import less as less
from losscheck.expr.conditions import less_equal as less_equal
from losscheck.expr.conditions import logical_and as logical_and
from losscheck.expr.conditions import logical_not as logical_not
from losscheck.expr.conditions import logical_or as logical_or
from losscheck.expr.conditions import truth as truth
from losscheck.expr.conditions import where as where
from losscheck.expr.exponentials import exp as exp
from losscheck.expr.exponentials import log as log
from losscheck.expr.exponentials import lse as lse
from losscheck.expr.graph import Expr, node, topological
from losscheck.expr.lattice import absolute as absolute
from losscheck.expr.lattice import maximum as maximum
from losscheck.expr.lattice import minimum as minimum


def sqrt(a: Expr) -> Expr:
    """Square root."""
    return power(a, Fraction(1, 2))


def infinity(sign: int = 1) -> Expr:
    """A transient infinity."""
    return node("inf", sign)


def _function(op: str, a: Expr) -> Expr:
    """An odd or even elementary function: the sign of the argument is normalised, its value at 0 folded."""
    if a.op == "const" and a.value == 0:
        return {"atan": ZERO, "erf": ZERO, "sin": ZERO, "cos": ONE}[op]
    if a.op == "add" and a.value[1] < 0 and (a.value[0] <= 0):
        flipped = node(op, None, (neg(a),))
        return flipped if op == "cos" else neg(flipped)
    return node(op, None, (a,))


def atan(a: Expr) -> Expr:
    """Arc tangent."""
    return _function("atan", a)


def erf(a: Expr) -> Expr:
    """Error function."""
    return _function("erf", a)


def sin(a: Expr) -> Expr:
    """Sine."""
    return _function("sin", a)


def cos(a: Expr) -> Expr:
    """Cosine."""
    return _function("cos", a)


def log_ndtr(a: Expr) -> Expr:
    """Logarithm of the standard normal distribution function."""
    return node("log_ndtr", None, (a,))


def rebuild(n: Expr, args: Sequence[Expr]) -> Expr:
    """The node like ``n`` with other arguments, through the simplifying constructors."""
    if not n.args:
        return n
    match n.op:
        case "add":
            return add(const(n.value[0]), *(scale(c, a) for c, a in zip(n.value[1:], args, strict=True)))
        case "mul":
            return mul(*args)
        case "pow":
            return power(args[0], n.value)
        case "lse":
            return lse(list(args))
        case "max":
            return maximum(list(args))
        case "min":
            return minimum(list(args))
        case "and":
            return logical_and(*args)
    unary_or_more: dict[str, Callable[..., Expr]] = {
        "exp": exp, "log": log, "abs": absolute, "atan": atan, "erf": erf, "sin": sin, "cos": cos,
        "log_ndtr": log_ndtr, "not": logical_not, "where": where, "lt": less, "le": less_equal, "eq": equal,
    }  # fmt: skip
    return unary_or_more[n.op](*args)


def substitute(roots: Sequence[Expr], replacement: Mapping[Expr, Expr]) -> list[Expr]:
    """Replace nodes by others everywhere below ``roots``."""
    done: dict[Expr, Expr] = {}
    for n in topological(roots):
        done[n] = replacement[n] if n in replacement else rebuild(n, [done[a] for a in n.args])
    return [done[r] for r in roots]
