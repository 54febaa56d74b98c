"""Logit losses rewritten in probabilities: ``z_i = log(r_i) / alpha`` for rational functions r_i of some variables.

Log-sum-exps of the scores become logarithms of rational functions, which are factored exactly. Two readings matter:
along the curve ``softmax(alpha z) = (s, (1-s)/(K-1), ...)`` a comp-sum loss shows its phi(s); on the simplex, with
``s_0 + ... + s_{K-1}`` factored out as 1, a loss shows itself as a function of s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from losscheck.expr.build import ONE, add, const, exp, log, mul, power, rebuild, scale, sub, var
from losscheck.expr.graph import Expr, node, topological
from losscheck.expr.linear import affine


class Unreadable(Exception):
    """The loss is not rational enough in the exponentials of its scores."""


class Probabilities:
    """Reads expressions in probabilities; remembers which expression is which polynomial."""

    def __init__(self, names: Sequence[str]) -> None:
        self.ring = fmpq_mpoly_ctx.get(list(names), Ordering.lex)
        self.names = [var(x, "unit") for x in names]
        self.units: list[fmpq_mpoly] = []
        self.known: dict[Expr, fmpq_mpoly] = {}
        self.start: dict[str, Expr] = {}

    def constant(self, c: Fraction) -> fmpq_mpoly:
        """A constant polynomial."""
        return self.ring.constant(fmpq(c.numerator, c.denominator))

    def _expression(self, p: fmpq_mpoly) -> Expr:
        for u in self.units:  # s1 + s2 is shorter as 1 - s0
            rest = u - p
            if 0 < len(rest) < len(p):
                made = sub(ONE, self._expression(rest))
                self.known[made] = p
                return made
        terms = []
        for exponents, c in p.to_dict().items():
            powers = [power(x, Fraction(int(e))) for x, e in zip(self.names, exponents, strict=True) if e]
            terms.append(scale(Fraction(int(c.p), int(c.q)), mul(*powers) if powers else ONE))
        made = add(*terms)
        self.known[made] = p
        return made

    def logarithm(self, top: fmpq_mpoly, bottom: fmpq_mpoly) -> Expr:
        """``log(top / bottom)`` as a sum over irreducible factors that are positive where all variables are 1/3."""
        terms, constant = [], Fraction(1)
        for p, e in ((top, 1), (bottom, -1)):
            if not p:
                raise Unreadable("the logarithm of zero")
            content, factors = p.factor()
            constant *= Fraction(int(content.p), int(content.q)) ** e
            for f, n in factors:
                size = f(*[fmpq(1, 3)] * len(self.names))
                if size == 0:
                    raise Unreadable("a factor vanishes")
                if size < 0:
                    f, constant = -f, constant * (-1) ** n
                lead = next((c for u in self.units if (c := _multiple(f, u)) is not None), None)
                if lead is not None:
                    constant *= lead ** (e * n)
                else:
                    terms.append(scale(Fraction(e * n), log(self._expression(f))))
        if constant <= 0:
            raise Unreadable("the logarithm of something negative")
        return add(*terms, log(const(constant)))

    def ratio(self, a: Expr) -> tuple[fmpq_mpoly, fmpq_mpoly]:
        """``exp(a)`` as a rational function."""
        c0, terms = affine(a)
        top = bottom = self.constant(Fraction(1))
        if c0:
            raise Unreadable("a transcendental shift")
        for t, c in terms.items():
            if t.op != "log" or c.denominator != 1 or abs(c) > 12:
                raise Unreadable("not a rational function")
            inner = t.args[0]
            p = self.constant(inner.value) if inner.op == "const" else self.known.get(inner)
            if p is None:
                raise Unreadable("an unknown logarithm")
            top, bottom = (top * p ** int(c), bottom) if c > 0 else (top, bottom * p ** int(-c))
        return top, bottom

    def log_sum_exp(self, args: Sequence[Expr]) -> Expr:
        """Sum the exponentials as rational functions and take the logarithm."""
        top, bottom = self.constant(Fraction(0)), self.constant(Fraction(1))
        for a in args:
            p, q = self.ratio(a)
            top, bottom = top * q + p * bottom, bottom * q
        return self.logarithm(top, bottom)

    def _log_sum_exp_or_itself(self, n: Expr, args: list[Expr]) -> Expr:
        """A sum that is not rational, such as softplus of a probability, stays what it is."""
        try:
            return self.log_sum_exp(args)
        except Unreadable:
            return rebuild(n, args)

    def exponential(self, a: Expr) -> Expr:
        """``exp(c log P + rest) = P^c exp(rest)``."""
        c0, terms = affine(a)
        powers = [power(t.args[0], c) for t, c in terms.items() if t.op == "log"]
        rest = add(const(c0), *(scale(c, t) for t, c in terms.items() if t.op != "log"))
        return mul(*powers, exp(rest))

    def __call__(self, root: Expr) -> Expr:
        """Read an expression."""
        done: dict[Expr, Expr] = {}
        for n in topological([root]):
            args = [done[a] for a in n.args]
            if n.op == "var":
                done[n] = self.start[n.value[0]]
            elif n.op == "lse":
                done[n] = self._log_sum_exp_or_itself(n, args)
            elif n.op == "exp":
                done[n] = self.exponential(args[0])
            elif n.op == "where" and args[0].args:  # not merged into a min or a max, so that its identity stays one
                done[n] = node("where", None, args)
            else:
                done[n] = rebuild(n, args)
        return done[root]


def _multiple(f: fmpq_mpoly, unit: fmpq_mpoly) -> Fraction | None:
    """The constant c with ``f = c unit``, or None."""
    quotient, rest = divmod(f, unit)
    if rest or not quotient.is_constant():
        return None
    c = quotient.leading_coefficient()
    return Fraction(int(c.p), int(c.q))


def on_curve(scores: Sequence[str], y: int, alpha: Fraction) -> Probabilities:
    """The reading where class y has probability s and the others share the rest equally."""
    out = Probabilities(["s"])
    one, s = out.constant(Fraction(1)), out.ring.gen(0)
    rest = (one - s) * out.constant(Fraction(1, len(scores) - 1))
    out.start = {x: scale(1 / alpha, out.logarithm(s if i == y else rest, one)) for i, x in enumerate(scores)}
    return out


def on_simplex(scores: Sequence[str], alpha: Fraction) -> Probabilities:
    """The reading in ``s0, s1, ...`` with sum 1."""
    out = Probabilities([f"s{i}" for i in range(len(scores))])
    one = out.constant(Fraction(1))
    out.start = {x: scale(1 / alpha, out.logarithm(out.ring.gen(i), one)) for i, x in enumerate(scores)}
    out.units = [sum((out.ring.gen(i) for i in range(len(scores))), out.constant(Fraction(0)))]
    return out


def read(reading: Probabilities, root: Expr, allowed: Mapping[str, object] | Sequence[str]) -> Expr | None:
    """The expression in probabilities alone, or None when something else remains."""
    try:
        made = reading(root)
    except (Unreadable, ValueError, ZeroDivisionError, OverflowError):
        return None
    return made if {n.value[0] for n in topological([made]) if n.op == "var"} <= set(allowed) else None
