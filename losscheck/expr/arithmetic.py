"""Simplifying constructors for sums, products and rational powers.

Every rewrite holds for all reals at which the *original* expression is defined. Rewrites that would extend the domain
(``x / x``, ``sqrt(x) ** 2``) are made only where ``signs`` shows that nothing changes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction

from losscheck.expr import exponentials
from losscheck.expr.absorb import absorb
from losscheck.expr.graph import Expr, node
from losscheck.expr.linear import affine, combine
from losscheck.expr.signs import nonnegative, positive, upper_one

BITS_EXACT = 12
"""A double with at most this many significand bits is read as exactly itself."""


def const(x: Fraction | int) -> Expr:
    """An exact rational."""
    return node("const", Fraction(x))


ZERO, ONE = const(0), const(1)


def from_float(x: float) -> Expr:
    """A constant of the code: exact when short, else a ``float`` node that stands for the reals within 2 ulp."""
    x = float(x)
    if math.isnan(x):
        raise ValueError("a NaN constant has no meaning over the reals")
    if math.isinf(x):
        return node("inf", 1 if x > 0 else -1)
    exact = Fraction(x)
    odd = abs(exact.numerator)
    odd >>= max((odd & -odd).bit_length() - 1, 0)
    return const(exact) if odd.bit_length() <= BITS_EXACT else node("float", x)


def var(name: str, domain: str = "real") -> Expr:
    """A variable; ``domain`` is real, unit (in [0, 1]) or positive (> 0)."""
    if domain not in ("real", "unit", "positive"):
        raise ValueError(f"domain={domain!r} is not a domain of a variable; domains: real, unit, positive")
    return node("var", (name, domain))


def linear(c0: Fraction, terms: Mapping[Expr, Fraction]) -> Expr:
    """The node of ``c0 + sum ci ti``."""
    infinite = {(t.value if c > 0 else -t.value) for t, c in terms.items() if t.op == "inf"}
    if len(infinite) > 1:
        raise ValueError("inf - inf has no meaning over the reals")
    if infinite:
        return node("inf", infinite.pop())
    if any(t.op in ("lse", "max", "min") for t in terms) and (len(terms) > 1 or c0):
        c0, terms = absorb(c0, dict(terms))
    if not terms:
        return const(c0)
    if len(terms) == 1:
        ((t, c),) = terms.items()
        if c0 == 0 and c == 1:
            return t
        if c0 and c == -c0:
            complement = exponentials.one_minus(t)
            if complement is not None:
                return scale(c0, complement)
    args = sorted(terms, key=lambda t: t.key)
    return node("add", (c0, *(terms[t] for t in args)), args)


def add(*xs: Expr) -> Expr:
    """Sum."""
    return linear(*combine(*((Fraction(1), affine(x)) for x in xs)))


def sub(a: Expr, b: Expr) -> Expr:
    """Difference."""
    return linear(*combine((Fraction(1), affine(a)), (Fraction(-1), affine(b))))


def neg(a: Expr) -> Expr:
    """Negative."""
    return scale(Fraction(-1), a)


def scale(c: Fraction, a: Expr) -> Expr:
    """``c * a`` for an exact rational ``c``."""
    if c == 0:
        return ZERO
    return linear(*combine((c, affine(a))))


def mul(*xs: Expr) -> Expr:
    """Product: constants in front, exponentials merged, powers of one base merged where that is licensed."""
    coefficient = Fraction(1)
    factors: list[Expr] = []
    exponent: list[Expr] = []
    stack = list(reversed(xs))
    while stack:
        x = stack.pop()
        if x.op == "const":
            coefficient *= x.value
        elif x.op == "mul":
            stack.extend(reversed(x.args))
        elif x.op == "add" and len(x.args) == 1 and x.value[0] == 0:
            coefficient *= x.value[1]
            stack.append(x.args[0])
        elif x.op == "exp":
            exponent.append(x.args[0])
        else:
            factors.append(x)
    if coefficient == 0:
        return ZERO
    infinite = [x for x in factors if x.op == "inf"]
    if infinite:
        return _infinite_product(coefficient, factors, infinite)
    selector = next((x for x in factors if x.op == "where" and _is_indicator(x)), None)
    if selector is not None:
        from losscheck.expr.conditions import where

        rest = list(factors)
        rest.remove(selector)
        body = mul(const(coefficient), *rest, *(exponentials.exp(e) for e in exponent))
        cond, yes, no = selector.args
        return where(cond, mul(yes, body), mul(no, body))
    if exponent:
        merged = exponentials.exp(add(*exponent)) if len(exponent) > 1 else node("exp", None, exponent)
        if merged.op == "const":
            coefficient *= merged.value
        elif merged.op == "exp":
            factors.append(merged)
        else:
            return mul(const(coefficient), merged, *factors)
    factors = _merge_powers(factors)
    plain = [f for f in factors if f.op != "const"]
    for f in factors:
        if f.op == "const":
            coefficient *= f.value
    if not plain:
        return const(coefficient)
    body = plain[0] if len(plain) == 1 else node("mul", None, sorted(plain, key=lambda f: f.key))
    if body.op in ("add", "const"):
        return scale(coefficient, body)
    return body if coefficient == 1 else linear(Fraction(0), {body: coefficient})


def _is_indicator(x: Expr) -> bool:
    return all(a.op == "const" and a.value in (0, 1) for a in x.args[1:])


def _infinite_product(coefficient: Fraction, factors: list[Expr], infinite: list[Expr]) -> Expr:
    sign = 1 if coefficient > 0 else -1
    for x in factors:
        if x.op == "inf":
            sign *= x.value
        elif not positive(x):
            raise ValueError("an infinity times a number of unknown sign has no meaning over the reals")
    return node("inf", sign)


def _merge_powers(factors: Iterable[Expr]) -> list[Expr]:
    powers: dict[Expr, list[Fraction]] = {}
    for f in factors:
        base, e = (f.args[0], f.value) if f.op == "pow" else (f, Fraction(1))
        powers.setdefault(base, []).append(e)
    out: list[Expr] = []
    for base, exponents in powers.items():
        whole = all(e.denominator == 1 and e > 0 for e in exponents)
        rising = all(e > 0 for e in exponents) and nonnegative(base)
        falling = all(e < 0 for e in exponents) and (all(e.denominator == 1 for e in exponents) or nonnegative(base))
        if len(exponents) > 1 and (whole or rising or falling or positive(base)):
            merged = power(base, sum(exponents, Fraction(0)))
            out.extend(merged.args if merged.op == "mul" else [merged])
        else:
            out.extend(power(base, e) if e != 1 else base for e in exponents)
    return out


def _root(x: Fraction, n: int) -> Fraction | None:
    """The exact n-th root of a non-negative rational, if it is rational."""

    def integer_root(m: int) -> int | None:
        r = round(m ** (1.0 / n)) if m < 2**200 else 0
        return next((k for k in (r - 1, r, r + 1) if k >= 0 and k**n == m), None)

    p, q = integer_root(x.numerator), integer_root(x.denominator)
    return None if p is None or not q else Fraction(p, q)


def power(base: Expr, e: Fraction) -> Expr:
    """``base ** e`` for an exact rational exponent."""
    e = Fraction(e)
    if e == 0:
        return ONE
    if e == 1:
        return base
    whole = e.denominator == 1
    if base.op == "const":
        return _constant_power(base, e)
    if base.op == "inf":
        return ZERO if e < 0 else node("inf", 1 if base.value > 0 or e.numerator % 2 == 0 else -1)
    if base.op == "exp":
        return exponentials.exp(scale(e, base.args[0]))
    if base.op == "abs" and whole and e.numerator % 2 == 0:
        return power(base.args[0], e)
    if base.op == "pow":
        inner = base.value
        if (inner.denominator == 1 and whole and (inner > 0) == (e > 0)) or positive(base.args[0]):
            return power(base.args[0], inner * e)
        if nonnegative(base.args[0]) and inner > 0:
            return power(base.args[0], inner * e)
        if inner.denominator == 1 and inner.numerator % 2 == 0 and inner > 0 and e > 0:
            from losscheck.expr.lattice import absolute

            return power(absolute(base.args[0]), inner * e)
    if base.op == "mul" and (whole or all(nonnegative(a) for a in base.args)):
        return mul(*(power(a, e) for a in base.args))
    if base.op == "add":
        if len(base.args) == 1 and base.value[0] == 0:
            c, t = base.value[1], base.args[0]
            if c > 0 or whole:
                return mul(power(const(c), e), power(t, e))
        if whole and e.numerator % 2 == 0 and base.value[1] < 0:
            base = neg(base)  # (a - b)**2 and (b - a)**2 are one node
        whole_log = exponentials.as_log(base)
        if whole_log is not None:
            return exponentials.exp(scale(e, whole_log))
    return node("pow", e, (base,))


def _constant_power(base: Expr, e: Fraction) -> Expr:
    x = base.value
    if x == 0:
        if e < 0:
            raise ZeroDivisionError("0 to a negative power has no meaning over the reals")
        return ZERO
    if e.denominator == 1 and abs(e.numerator) <= 64:
        return const(x**e.numerator)
    if x < 0 and e.denominator != 1:
        raise ValueError(f"{x} to the power {e} has no meaning over the reals")
    root = _root(x, e.denominator) if e.denominator < 64 and x > 0 else None
    if root is not None and abs(e.numerator) <= 64:
        return const(root**e.numerator)
    return node("pow", e, (base,))


def div(a: Expr, b: Expr) -> Expr:
    """Quotient."""
    if b.op == "const":
        if b.value == 0:
            raise ZeroDivisionError("division by the constant 0 has no meaning over the reals")
        return scale(1 / b.value, a)
    if a is b and positive(a):
        return ONE
    return mul(a, power(b, Fraction(-1)))


def at_most_one(n: Expr) -> bool:
    """Whether structure shows ``n <= 1``."""
    return upper_one(n)
