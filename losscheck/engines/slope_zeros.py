"""Zeros of the slope of a risk as formulas of t, by SymPy, and formulas as certificates write them."""

from __future__ import annotations

from typing import Any


def written(e: Any) -> str:
    """The text of a SymPy expression in the language of certificates."""
    from sympy.printing.str import StrPrinter

    class Text(StrPrinter):  # type: ignore[misc]
        """As SymPy prints, with exp(1) for E."""

        def _print_Exp1(self, expr: Any) -> str:
            return "exp(1)"

    return str(Text({"full_prec": True}).doprint(e))


def tidy(e: Any, t: Any) -> Any:
    """A shorter form for 0 < t < 1: logarithms of products and powers are taken apart."""
    import sympy

    left = sympy.Symbol("left", positive=True)  # 1 - t, so that its roots are real
    opened = sympy.powdenest(e, force=True).replace(sympy.log, lambda arg: _apart(arg, t))
    shorter = sympy.simplify(sympy.simplify(sympy.expand(opened.subs(t, 1 - left))).subs(left, 1 - t))
    grouped = sympy.collect(sympy.expand(shorter), list(shorter.atoms(sympy.log)))
    return min((grouped, shorter, opened), key=sympy.count_ops)


def _apart(arg: Any, t: Any) -> Any:
    """``log arg`` as a sum over the factors, each with the sign it has at t = 1/2."""
    import sympy

    inside = sympy.factor(sympy.together(arg))
    total = sympy.Integer(0)
    for part in sympy.Mul.make_args(inside):
        base, power = part.as_base_exp()
        if base.is_Mul or (base.is_Pow and power.is_Rational):
            total += power * _apart(base, t)
        elif isinstance(part, sympy.exp):
            total += part.args[0]
        elif base != -1:
            negative = base.subs(t, sympy.Rational(1, 2)).evalf().is_negative
            total += power * sympy.log(sympy.expand(-base) if negative else base)
    return total


def slope_zeros(own: Any, other: Any, x: Any, t: Any) -> list[Any]:
    """Solutions x of ``(1 + t) own(x) = (1 - t) other(x)``; linear and quadratic in x, exp(c x), or a power of x."""
    import sympy

    equation = (1 + t) * own - (1 - t) * other
    expanded = sympy.expand_power_exp(sympy.together(sympy.expand_power_exp(equation)))
    grown = [e for e in expanded.atoms(sympy.exp) if e.has(x)]
    if grown:
        return _of_exponentials(expanded, grown, x)
    found = _of_powers(own, other, x, t)
    if not found and own.is_rational_function(x) and other.is_rational_function(x):
        found = _of_polynomial(sympy.numer(sympy.together(equation)), x)
    return found


def _of_polynomial(p: Any, x: Any) -> list[Any]:
    import sympy

    found = []
    for factor, _ in sympy.factor_list(p, x)[1]:
        if factor.has(x) and sympy.degree(factor, x) <= 2:
            found += sympy.solve(factor, x)
    return found


def _of_exponentials(equation: Any, grown: list[Any], x: Any) -> list[Any]:
    """``exp(g x)`` as the unknown."""
    import sympy

    rates = [sympy.diff(e.args[0], x) for e in grown]
    if not all(r.is_Rational for r in rates):
        return []
    g = sympy.gcd_list(rates)
    w = sympy.Symbol("w", positive=True)
    swap = {e: sympy.exp(sympy.simplify(e.args[0] - r * x)) * w ** (r / g) for e, r in zip(grown, rates, strict=True)}
    numerator = sympy.numer(sympy.together(equation.subs(swap)))
    return [] if numerator.has(x) else [sympy.log(root) / g for root in _of_polynomial(numerator, w)]


def _of_powers(own: Any, other: Any, x: Any, t: Any) -> list[Any]:
    """``own = c b(x)**a`` and ``other = c b(-x)**a`` with an affine b."""
    import sympy

    scale, base, power = sympy.Wild("c", exclude=[x]), sympy.Wild("b"), sympy.Wild("a", exclude=[x])
    left, right = (sympy.powsimp(e, force=True).match(scale * base**power) for e in (own, other))
    if not left or not right or left[power] != right[power] or left[power] in (0, 1):
        return []
    a = 1 / left[power]
    ratio = ((1 - t) ** a * (right[scale] / left[scale]) ** a) / (1 + t) ** a  # b(x) / b(-x)
    return list(sympy.solve(sympy.expand(left[base] - ratio * right[base]), x))
