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
    return min((grouped, shorter, opened, *_by_roots(shorter, t)), key=sympy.count_ops)


def _by_roots(e: Any, t: Any) -> list[Any]:
    """A fraction of roots of 1 - t and 1 + t, the unknowns a and b with ``a^n + b^n = 2``; none of other terms."""
    import sympy

    roots = {p for p in e.atoms(sympy.Pow) if p.exp.is_Rational and not p.exp.is_Integer and p.has(t)}
    if not roots or not all(p.base.is_polynomial(t) for p in roots):
        return []
    n = sympy.ilcm(1, 1, *(p.exp.q for p in roots))
    a, b = sympy.symbols("a b", positive=True)
    parts = {1 - t: a, 1 + t: b, t - 1: -a}

    def opened(p: Any) -> Any:
        constant, factors = sympy.factor_list(p.base)
        signs = sum(power for base, power in factors if base == t - 1)
        if any(base not in parts for base, _ in factors) or (constant * (-1) ** signs).is_negative:
            return p
        found = ((-1) ** signs * constant) ** p.exp
        for base, power in factors:
            found *= (b if base == 1 + t else a) ** (n * power * p.exp)
        return found

    whole = e.xreplace({p: opened(p) for p in roots}).subs(t, (b**n - a**n) / 2)
    if n > 6 or not whole.is_rational_function(a, b) or whole.has(t):
        return []
    fraction = sympy.cancel(sympy.together(whole))
    if not all(sympy.Poly(p, a, b).domain in (sympy.ZZ, sympy.QQ) for p in sympy.fraction(fraction)):
        return []
    shorter = sympy.ratsimpmodprime(fraction, [a**n + b**n - 2], a, b, order="grevlex")
    shorter = sympy.expand(shorter).subs(a * b, (1 - t**2) ** sympy.Rational(1, n))
    back = {a: (1 - t) ** sympy.Rational(1, n), b: (1 + t) ** sympy.Rational(1, n)}
    return [sympy.simplify(shorter.subs(back))]


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
