"""Expressions rational in exponentials of their variables, as posynomials: sums of positive terms over the same.

With u = exp(z) such an expression becomes a quotient of polynomials in u, cancelled exactly. When every coefficient of
both is positive the sign is plain to see.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from losscheck.expr.build import ZERO, add, exp, linear, mul, power, scale, var
from losscheck.expr.graph import Expr, topological
from losscheck.expr.linear import affine

Ratio = tuple[fmpq_mpoly, fmpq_mpoly]


class NotRational(Exception):
    """The expression is not rational in the exponentials of its variables."""


class Exponentials:
    """Reads expressions as quotients of polynomials in ``u = exp(z)``."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self.ring = fmpq_mpoly_ctx.get([f"u_{x}" for x in names], Ordering.lex)
        self.one = self.ring.constant(fmpq(1))
        self.zero: Ratio = (self.ring.constant(fmpq(0)), self.one)

    def plus(self, a: Ratio, b: Ratio, c: Fraction = Fraction(1)) -> Ratio:
        """``a + c b``."""
        return a[0] * b[1] + b[0] * a[1] * fmpq(c.numerator, c.denominator), a[1] * b[1]

    def to_power(self, a: Ratio, c: Fraction) -> Ratio:
        """Raise to a small integer power."""
        if c.denominator != 1 or abs(c) > 6:
            raise NotRational("a fractional or large power")
        top, bottom = a if c > 0 else (a[1], a[0])
        return top ** abs(int(c)), bottom ** abs(int(c))

    def exponential(self, a: Expr) -> Ratio:
        """``exp(a)`` for integer combinations of variables and log-sum-exps."""
        c0, terms = affine(a)
        if c0:
            raise NotRational("a transcendental factor")
        out: Ratio = (self.one, self.one)
        for t, c in terms.items():
            if t.op == "var":
                base: Ratio = (self.ring.gen(self.names.index(t.value[0])), self.one)
            elif t.op == "lse":
                base = self.zero
                for x in t.args:
                    base = self.plus(base, self.exponential(x))
            else:
                raise NotRational(f"exp of {t.op}")
            up, down = self.to_power(base, c)
            out = out[0] * up, out[1] * down
        return out

    def __call__(self, n: Expr) -> Ratio:
        """Read an expression."""
        if n.op == "exp":
            return self.exponential(n.args[0])
        if n.op in ("const", "add"):
            c0, terms = affine(n)
            out = self.plus(self.zero, (self.one, self.one), c0)
            for t, c in terms.items():
                out = self.plus(out, self(t), c)
            return out
        if n.op == "mul":
            out = (self.one, self.one)
            for a in n.args:
                top, bottom = self(a)
                out = out[0] * top, out[1] * bottom
            return out
        if n.op == "pow":
            return self.to_power(self(n.args[0]), n.value)
        raise NotRational(n.op)

    def back(self, p: fmpq_mpoly) -> Expr:
        """A polynomial in u as a sum of exponentials."""
        terms = []
        for exponents, c in p.to_dict().items():
            inner = {var(x): Fraction(int(e)) for x, e in zip(self.names, exponents, strict=True) if e}
            terms.append(scale(Fraction(int(c.p), int(c.q)), exp(linear(Fraction(0), inner))))
        return add(*terms)


def excess_over(root: Expr, names: Sequence[str], v: Fraction) -> Expr | None:
    """``root - v`` with all signs positive, or None when it does not come out so.

    >>> z = var("z0")
    >>> excess_over(exp(scale(Fraction(-1), z)), ["z0"], Fraction(0))
    exp(-z0)
    """
    if len(topological([root])) > 400:
        return None
    reading = Exponentials(names)
    try:
        top, bottom = reading(root)
    except NotRational:
        return None
    top = top - bottom * fmpq(v.numerator, v.denominator)
    if not top:
        return ZERO
    common = top.gcd(bottom)
    top, bottom = top / common, bottom / common
    if min(bottom.to_dict().values()) < 0:
        top, bottom = -top, -bottom
    if min([*top.to_dict().values(), *bottom.to_dict().values()]) < 0:
        return None
    return mul(reading.back(top), power(reading.back(bottom), Fraction(-1)))
