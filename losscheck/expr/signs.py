"""Signs that follow from the structure of a node alone: used to license algebraic rewrites.

``nonnegative(n)`` and ``positive(n)`` return True only when every real value the node takes (at points where it is
defined) has that sign; False means "not shown".
"""

from __future__ import annotations

from fractions import Fraction

from losscheck.expr.graph import Expr

_SIGN: dict[tuple[str, bool], bool] = {}


def nonnegative(n: Expr) -> bool:
    """``n >= 0`` wherever it is defined."""
    return _sign(n, False)


def positive(n: Expr) -> bool:
    """``n > 0`` wherever it is defined."""
    return _sign(n, True)


def _sign(n: Expr, strict: bool) -> bool:
    found = _SIGN.get((n.key, strict))
    if found is None:
        found = _SIGN[n.key, strict] = _decide(n, strict)
    return found


def _decide(n: Expr, strict: bool) -> bool:
    match n.op:
        case "const" | "float":
            return bool(n.value > 0 if strict else n.value >= 0)
        case "inf":
            return bool(n.value > 0)
        case "var":
            return n.value[1] == "positive" or (not strict and n.value[1] == "unit")
        case "exp":
            return True
        case "abs":
            return not strict or positive(n.args[0])
        case "mul":
            return all(_sign(a, strict) for a in n.args)
        case "pow":
            even = n.value.denominator == 1 and n.value.numerator % 2 == 0
            root = n.value.denominator != 1
            if strict:
                return positive(n.args[0]) or (n.value < 0 and (even or root))
            return even or root or nonnegative(n.args[0])
        case "lse":
            return any(_sign(a, False) for a in n.args) and (not strict or len(n.args) > 1)
        case "max":
            return any(_sign(a, strict) for a in n.args)
        case "min":
            return all(_sign(a, strict) for a in n.args)
        case "where":
            return _sign(n.args[1], strict) and _sign(n.args[2], strict)
        case "add":
            return _add_sign(n, strict)
    return False


def _add_sign(n: Expr, strict: bool) -> bool:
    low, strictly = n.value[0], False
    for c, t in zip(n.value[1:], n.args, strict=True):
        if c > 0 and t.op != "float" and nonnegative(t):
            strictly = strictly or positive(t)
        elif c < 0 and t.op == "var" and t.value[1] == "unit":
            low += c  # t <= 1
        elif t.op == "float":
            low += c * Fraction(t.value) - abs(c * Fraction(t.value)) / 2**50  # any real within 2 ulp
        else:
            return False
    return bool(low > 0 or (low == 0 and (strictly or not strict)))


def upper_one(n: Expr) -> bool:
    """``n <= 1`` from structure: a unit variable or exp of a non-positive form."""
    if n.op == "var":
        return bool(n.value[1] == "unit")
    if n.op == "exp":
        from losscheck.expr.build import scale

        return nonnegative(scale(Fraction(-1), n.args[0]))
    return False
