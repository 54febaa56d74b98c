"""Exact real constants: polynomials with rational coefficients in symbols such as e, pi, log 2, 2^(1/2), atan(3).

A symbol stands for one fixed real number inside a ball, so what cancels here is exactly zero. Nothing is claimed about
symbols being independent: a nonempty polynomial may still be zero.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from fractions import Fraction

from flint import arb, fmpq

from losscheck.verifier.balls import exact
from losscheck.verifier.budget import Budget
from losscheck.verifier.exponents import exponent

Power = Fraction | int
Monomial = tuple[tuple[int, Power], ...]
Constant = dict[Monomial, fmpq]
"""``{monomial: coefficient}``; the empty dict is 0."""

ONE, LIMIT, BITS, DIGITS, WORK = fmpq(1), 12, 20_000, 4_000, 40_000


class Unclear(Exception):
    """Nothing can be said this way."""


def whole(q: Power) -> Power:
    """An int where possible, else an `Exponent`: their hashes are cheap."""
    return q if isinstance(q, int) else q.numerator if q.denominator == 1 else exponent(q)


def ratio(q: Fraction | int) -> fmpq:
    """The rational in flint's form."""
    return fmpq(q.numerator, q.denominator)


def rational(c: Constant) -> Fraction | None:
    """The rational value, if it is visibly one."""
    if not c:
        return Fraction(0)
    q = c.get(()) if len(c) == 1 else None
    return None if q is None else Fraction(int(q.p), int(q.q))


def plus(a: Constant, b: Constant) -> Constant:
    """Sum."""
    out = dict(a)
    for m, q in b.items():
        total = out.get(m, 0) + q
        if total:
            out[m] = total
        else:
            out.pop(m, None)
    return out


def freeze(c: Constant) -> Hashable:
    """A key of the polynomial."""
    return frozenset((m, int(q.p), int(q.q)) for m, q in c.items())


def raised(b: arb, n: int) -> arb:
    """``b ** n``; flint's own operator answers NaN where the ball holds 0."""
    if n < 0:
        return 1 / raised(b, -n)
    half = raised(b * b, n // 2) if n > 1 else arb(1)
    return half * b if n % 2 else half


class Constants:
    """The table of symbols with their balls, and the arithmetic that needs it."""

    def __init__(self) -> None:
        self.numbers: dict[Hashable, int] = {}
        self.balls: list[arb] = []
        self.keys: list[Hashable] = []
        self.powers: dict[tuple[int, Power], arb] = {}
        self.products: dict[tuple[Monomial, Monomial], tuple[Monomial, fmpq]] = {}
        self.work = 0

    def symbol(self, key: Hashable, value: Callable[[], arb]) -> int:
        """The number of a symbol, made on first use."""
        if key not in self.numbers:
            ball = value()
            if not ball.is_finite():
                raise Unclear("a constant is not finite")
            self.balls.append(ball)
            self.keys.append(key)
            self.numbers[key] = len(self.keys) - 1
        return self.numbers[key]

    def of(self, key: Hashable, value: Callable[[], arb], e: Power = 1) -> Constant:
        """The constant ``symbol ** e``."""
        return {((self.symbol(key, value), whole(e)),): ONE}

    def pi(self, e: Power = 1) -> Constant:
        """A power of pi."""
        return self.of("pi", arb.pi, e)

    def ball(self, c: Constant) -> arb:
        """A ball around the value."""
        total = arb(0)
        for m, q in c.items():
            term = arb(q)
            for i, e in m:
                term *= self._power(i, e)
            total += term
        if not total.is_finite():  # a NaN would pass every comparison that asks for a contradiction
            raise Unclear("no finite ball around a constant")
        return total

    def _power(self, i: int, e: Power) -> arb:
        if (i, e) not in self.powers:
            base = self.balls[i]
            self.powers[i, e] = raised(base, int(e)) if e.denominator == 1 else (exact(e) * base.log()).exp()
        return self.powers[i, e]

    def number(self, q: Fraction | int | fmpq) -> Constant:
        """A rational constant."""
        return {(): q if isinstance(q, fmpq) else ratio(q)} if q else {}

    def times(self, a: Constant, b: Constant) -> Constant:
        """Product; one that grows too long becomes a symbol of its own."""
        out: Constant = {}
        self.work += len(a) * len(b)
        Budget.spend(len(a) * len(b))
        if self.work > WORK:
            raise Unclear("the expansion takes too much work")
        for m, p in a.items():
            for n, q in b.items():
                key, extra = self._monomial(m, n) if m and n else (m or n, ONE)
                new = p * q if extra is ONE else p * q * extra
                total = out[key] + new if key in out else new
                if total.height_bits() > DIGITS:
                    raise Unclear("a coefficient grows too long")
                if total:
                    out[key] = total
                else:
                    out.pop(key, None)
        return out if len(out) <= LIMIT else self.of(("sum", freeze(out)), lambda: self.ball(out))

    def _monomial(self, m: Monomial, n: Monomial) -> tuple[Monomial, fmpq]:
        if (m, n) not in self.products:
            self.products[m, n] = self._product(m, n)
        return self.products[m, n]

    def _product(self, m: Monomial, n: Monomial) -> tuple[Monomial, fmpq]:
        powers, extra = dict(m), ONE
        for i, e in n:
            total = whole(powers.pop(i, 0) + e)
            base = self.keys[i]
            if isinstance(base, int) and total:  # an integer base keeps exponents in [0, 1)
                n_whole = total.numerator // total.denominator
                if n_whole:
                    extra *= fmpq(base) ** n_whole
                    total = whole(total - n_whole)
            if total:
                powers[i] = total
        return tuple(sorted(powers.items())), extra

    def power(self, c: Constant, e: Power) -> Constant:
        """``c ** e``: termwise for a monomial, else a symbol; needs c > 0, or c != 0 and an integer e."""
        if e == 1:
            return c
        value = self.ball(c)
        if not (value > 0 or (e.denominator == 1 and not value.contains(0))):
            raise Unclear("the base of a power is not known to be positive")
        if len(c) == 1:
            ((m, q),) = c.items()
            if e.denominator == 1:
                if abs(int(e)) * max(int(q.p).bit_length(), int(q.q).bit_length()) > BITS:
                    raise Unclear("a power of a rational is too large")
                out: Constant = {(): q ** int(e)}
            elif q > 0 and all(self.balls[i] > 0 for i, _ in m):
                out = {(): ONE}
                for p, j in self._primes(q):
                    out = self.times(out, self._root(p, whole(j * e)))
            else:
                return self.of(("pow", freeze(c), e), lambda: (exact(e) * value.log()).exp())
            for i, k in m:
                out = self.times(out, self._root(self.keys[i], whole(k * e)))
            return out
        positive = value > 0
        return self.of(("pow", freeze(c), e), lambda: (exact(e) * value.log()).exp() if positive else value ** int(e))

    def _root(self, key: Hashable, e: Power) -> Constant:
        """A symbol to a power; an integer base keeps exponents in [0, 1)."""
        n = e.numerator // e.denominator if isinstance(key, int) else 0
        if isinstance(key, int) and abs(n) * key.bit_length() > BITS:
            raise Unclear("a power of a rational is too large")
        part = whole(e - n)
        number = self.symbol(key, lambda: arb(key) if isinstance(key, int) else arb(0))
        return {(((number, part),) if part else ()): fmpq(key) ** n if isinstance(key, int) else ONE}

    def _primes(self, q: fmpq) -> list[tuple[int, int]]:
        """Bases and exponents with product q > 0: small primes, and what is left over."""
        out: list[tuple[int, int]] = []
        for n, sign in ((int(q.p), 1), (int(q.q), -1)):
            for p in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47):
                k = 0
                while n % p == 0:
                    n, k = n // p, k + 1
                if k:
                    out.append((p, sign * k))
            if n > 1:
                out.append((n, sign))
        return out

    def log(self, c: Constant) -> Constant:
        """Logarithm of a positive constant, split over the factors of a monomial."""
        value = self.ball(c)
        if not value > 0:
            raise Unclear("the logarithm of a constant that is not known to be positive")
        (m, q), *more = c.items()
        if more or not q > 0 or not all(self.balls[i] > 0 for i, _ in m):
            return self.of(("log", freeze(c)), value.log)
        out: Constant = {}
        for p, j in self._primes(q):
            out = plus(out, {((self.symbol(("log", p), arb(p).log), 1),): fmpq(j)})
        for i, k in m:
            if self.keys[i] == "e":
                out = plus(out, {(): ratio(k)})
            else:
                key = self.keys[i] if isinstance(self.keys[i], int) else ("of", i)
                out = plus(out, {((self.symbol(("log", key), self.balls[i].log), 1),): ratio(k)})
        return out

    def exp(self, c: Constant) -> Constant:
        """Exponential: of a rational a power of e, of a multiple of log p a power of p, else a symbol."""
        out: Constant = {(): ONE}
        rest: Constant = {}
        for m, q in c.items():
            key = self.keys[m[0][0]] if len(m) == 1 and m[0][1] == 1 else None
            e = whole(Fraction(int(q.p), int(q.q)))
            if not m:
                out = self.times(out, self.of("e", arb(1).exp, e))
            elif isinstance(key, tuple) and key[0] == "log" and isinstance(key[1], int):
                out = self.times(out, self._root(key[1], e))
            else:
                rest[m] = q
        return self.times(out, self.of(("exp", freeze(rest)), self.ball(rest).exp)) if rest else out
