"""Logit losses along the curve ``softmax(alpha z) = (s, (1-s)/(K-1), ..., (1-s)/(K-1))``, simplified in s.

A loss of the form phi(softmax(alpha z)_y) shows its phi there: log-sum-exps along the curve are logarithms of rational
functions of s, which are factored exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import fmpq, fmpq_poly

from losscheck.expr.build import add, const, exp, log, mul, power, rebuild, scale, var
from losscheck.expr.graph import Expr, topological
from losscheck.expr.linear import affine

S = var("s", "unit")
Ratio = tuple[fmpq_poly, fmpq_poly]


class Unreadable(Exception):
    """The loss is not rational enough along the curve."""


def _polynomial(p: fmpq_poly) -> Expr:
    terms = [(Fraction(int(c.p), int(c.q)), Fraction(i)) for i, c in enumerate(p.coeffs()) if c != 0]
    return add(*(scale(c, power(S, i)) for c, i in terms))


class Curve:
    """Reads expressions along the curve; remembers which expression is which polynomial."""

    def __init__(self, names: Sequence[str], y: int, alpha: Fraction) -> None:
        self.known: dict[Expr, fmpq_poly] = {}
        own, other = fmpq_poly([0, 1]), fmpq_poly([fmpq(1, len(names) - 1), fmpq(-1, len(names) - 1)])
        self.start = {
            x: scale(1 / alpha, self.logarithm((own if i == y else other, fmpq_poly([1])))) for i, x in enumerate(names)
        }

    def logarithm(self, ratio: Ratio) -> Expr:
        """``log(P / Q)`` as a sum over irreducible factors that are positive at 1/2."""
        terms, constant = [], Fraction(1)
        for p, e in ((ratio[0], 1), (ratio[1], -1)):
            content, factors = p.factor()
            constant *= Fraction(int(content.p), int(content.q)) ** e
            for f, n in factors:
                size = f(fmpq(1, 2))
                if size == 0:
                    raise Unreadable("a factor vanishes inside the interval")
                if size < 0:
                    f, constant = -f, constant * (-1) ** n
                made = _polynomial(f)
                self.known[made] = f
                terms.append(scale(Fraction(e * n), log(made)))
        if constant <= 0:
            raise Unreadable("the logarithm of something negative")
        return add(*terms, log(const(constant)))

    def ratio(self, a: Expr) -> Ratio:
        """``exp(a)`` as a rational function of s."""
        c0, terms = affine(a)
        if c0:
            raise Unreadable("a transcendental shift")
        top, bottom = fmpq_poly([1]), fmpq_poly([1])
        for t, c in terms.items():
            if t.op != "log" or c.denominator != 1 or abs(c) > 12:
                raise Unreadable("not a rational function")
            inner = t.args[0]
            p = fmpq_poly([fmpq(inner.value.numerator, inner.value.denominator)]) if inner.op == "const" else None
            p = self.known.get(inner) if p is None else p
            if p is None:
                raise Unreadable("an unknown logarithm")
            top, bottom = (top * p ** int(c), bottom) if c > 0 else (top, bottom * p ** int(-c))
        return top, bottom

    def log_sum_exp(self, args: Sequence[Expr]) -> Expr:
        """Sum the exponentials as rational functions and take the logarithm."""
        top, bottom = fmpq_poly([0]), fmpq_poly([1])
        for a in args:
            p, q = self.ratio(a)
            top, bottom = top * q + p * bottom, bottom * q
        common = top.gcd(bottom)
        return self.logarithm((top // common, bottom // common))

    def exponential(self, a: Expr) -> Expr:
        """``exp(c log P + rest) = P^c exp(rest)``."""
        c0, terms = affine(a)
        powers = [power(t.args[0], c) for t, c in terms.items() if t.op == "log"]
        rest = add(const(c0), *(scale(c, t) for t, c in terms.items() if t.op != "log"))
        return mul(*powers, exp(rest))

    def __call__(self, root: Expr) -> Expr:
        """Read an expression along the curve."""
        done: dict[Expr, Expr] = {}
        for n in topological([root]):
            args = [done[a] for a in n.args]
            if n.op == "var":
                done[n] = self.start[n.value[0]]
            elif n.op == "lse":
                done[n] = self.log_sum_exp(args)
            elif n.op == "exp":
                done[n] = self.exponential(args[0])
            else:
                done[n] = rebuild(n, args)
        return done[root]
