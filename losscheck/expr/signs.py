"""Signs that follow from the structure of a node alone: used to license algebraic rewrites.

``nonnegative(n)`` and ``positive(n)`` return True only when every real value the node takes (at points where it is
defined) has that sign; False means "not shown".
"""

from __future__ import annotations

from fractions import Fraction

from losscheck.expr.graph import Expr

_SIGN: dict[tuple[str, bool], bool] = {}
_UPPER: dict[str, tuple[Fraction, bool] | None] = {}


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
        elif t.op == "float":
            low += c * Fraction(t.value) - abs(c * Fraction(t.value)) / 2**50  # any real within 2 ulp
        elif c < 0 and (top := upper(t)) is not None:
            low += c * top[0]
            strictly = strictly or top[1]
        else:
            return False
    return bool(low > 0 or (low == 0 and (strictly or not strict)))


def upper(n: Expr) -> tuple[Fraction, bool] | None:
    """A number that ``n`` stays below (True) or at most reaches (False), wherever it is defined; None: not shown.

    >>> from losscheck.expr.build import ZERO, exp, lse, neg, var
    >>> upper(exp(neg(lse([ZERO, var("z")]))))
    (Fraction(1, 1), True)
    """
    if n.key not in _UPPER:
        _UPPER[n.key] = _upper(n)
    return _UPPER[n.key]


def _upper(n: Expr) -> tuple[Fraction, bool] | None:
    match n.op:
        case "const":
            return n.value, False
        case "float":
            return Fraction(n.value) + abs(Fraction(n.value)) / 2**50, False
        case "var":
            return (Fraction(1), False) if n.value[1] == "unit" else None
        case "exp":
            from losscheck.expr.build import scale

            fall = scale(Fraction(-1), n.args[0])
            return (Fraction(1), positive(fall)) if nonnegative(fall) else None
        case "max" | "where":
            tops = [upper(a) for a in (n.args if n.op == "max" else n.args[1:])]
            known = [top for top in tops if top is not None]
            if len(known) < len(tops):
                return None
            largest = max(value for value, _ in known)
            return largest, all(below for value, below in known if value == largest)
        case "min":
            known = [top for top in map(upper, n.args) if top is not None]
            return min(known, key=lambda top: (top[0], not top[1]), default=None)
        case "add":
            return _upper_sum(n)
    return None


def _upper_sum(n: Expr) -> tuple[Fraction, bool] | None:
    total, below = n.value[0], False
    for c, t in zip(n.value[1:], n.args, strict=True):
        if t.op == "float":
            total += c * Fraction(t.value) + abs(c * Fraction(t.value)) / 2**50
        elif c < 0 and nonnegative(t):
            below = below or positive(t)
        elif c > 0 and (top := upper(t)) is not None:
            total += c * top[0]
            below = below or top[1]
        else:
            return None
    return total, below


def upper_one(n: Expr) -> bool:
    """``n <= 1`` from structure: a unit variable or exp of a non-positive form."""
    if n.op == "var":
        return bool(n.value[1] == "unit")
    if n.op == "exp":
        from losscheck.expr.build import scale

        return nonnegative(scale(Fraction(-1), n.args[0]))
    return False
