"""Log-power series at s -> 0+: exact leading terms and a rigorous remainder.

A :class:`Series` stands for a function of s on (0, delta], with L = log(1/s):
    f(s) = sum of c s^a L^k + r(s) s^A L^K,
where every c is an exact :data:`Constant`, a, k, A, K are rational and r(s) lies in the range ``rest`` for every s.
Positions (a, k) are ordered by size at 0: smaller a first, then larger k. What lies beyond the remainder is
folded into it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from flint import arb, fmpq

from losscheck.verifier import balls
from losscheck.verifier.balls import ZERO, Range, exact
from losscheck.verifier.budget import Budget
from losscheck.verifier.constants import ONE, Constant, Constants, Power, Unclear, plus, ratio, whole

Position = tuple[Power, Power]
HERE: Position = (0, 0)
UNIT: Range = (balls.ONE, balls.ONE)
UNITY: Constant = {(): ONE}
MAX_TERMS = 60


class TooFar(Unclear):
    """A smaller delta may help."""


@dataclass(frozen=True)
class Series:
    """Exact terms and one remainder ``(position, range)``."""

    terms: dict[Position, Constant] = field(default_factory=dict)
    rest: tuple[Position, Range] | None = None


def size(p: Position) -> tuple[Power, Power]:
    """Sorts positions by size at 0, the largest function first."""
    return p[0], -p[1]


def shift(p: Position, q: Position, sign: int = 1) -> Position:
    """Position of a product (or, with sign -1, a quotient)."""
    return whole(p[0] + sign * q[0]), whole(p[1] + sign * q[1])


def vanishing(p: Position) -> bool:
    """Whether s^a L^k -> 0."""
    return size(p) > (0, 0)


class Arithmetic:
    """Series for L >= L0, cut after ``order`` powers of s."""

    def __init__(self, least: arb, order: int, constants: Constants) -> None:
        self.least, self.order, self.constants = least.lower(), order, constants
        self.tops: dict[Position, arb] = {}

    def constant(self, c: Constant) -> Series:
        """A constant function."""
        return Series({HERE: c} if c else {})

    def unit(self, p: Position) -> Range:
        """The range of s^a L^k over (0, delta], for a position that does not grow."""
        if p == HERE:
            return UNIT
        if p not in self.tops:
            a, k = exact(p[0]), exact(p[1])
            if not vanishing(p):
                raise Unclear("a remainder grows")
            at = self.least  # s^a L^k = exp(k log L - a L) is largest at L = max(L0, k / a)
            if p[0] and p[1] > 0 and not at >= k / a:
                at = k / a if at <= k / a else at.union(k / a)
            self.tops[p] = (k * at.log() - a * at).exp().upper()
        return ZERO, self.tops[p]

    def ball(self, c: Constant) -> Range:
        """A constant as a range."""
        b = self.constants.ball(c)
        return b.lower(), b.upper()

    def range(self, f: Series) -> Range:
        """All values of f on (0, delta]."""
        total = (ZERO, ZERO)
        for p, c in f.terms.items():
            total = balls.plus(total, balls.times(self.ball(c), self.unit(p)))
        if f.rest:
            total = balls.plus(total, balls.times(f.rest[1], self.unit(f.rest[0])))
        return total

    def series(self, terms: dict[Position, Constant], pieces: list[tuple[Position, Range]]) -> Series:
        """Normal form: at most ``order`` powers of s, everything from the largest remainder on folded into it."""
        Budget.spend(3 * (len(terms) + len(pieces)))
        first = sorted({p[0] for p in terms})
        cut = min((size(p) for p, _ in pieces), default=None)
        if len(first) > self.order and (cut is None or (first[self.order], 0) < cut):
            a = first[self.order]
            cut = min(size(p) for p in terms if p[0] == a)
        if cut is None:
            return self._checked(Series(terms))
        at = (cut[0], -cut[1])
        kept = {p: c for p, c in terms.items() if size(p) < cut}
        total = (ZERO, ZERO)
        for p, r in [(p, self.ball(c)) for p, c in terms.items() if p not in kept] + pieces:
            total = balls.plus(total, balls.times(r, self.unit(shift(p, at, -1))))
        if not (total[0].is_finite() and total[1].is_finite()):
            raise Unclear("a remainder overflows")
        return self._checked(Series(kept, (at, total)))

    def _checked(self, f: Series) -> Series:
        if len(f.terms) > MAX_TERMS:
            raise Unclear("a series grows too long")
        return f

    def add(self, *parts: tuple[Constant, Series]) -> Series:
        """``sum of constant * series``."""
        terms: dict[Position, Constant] = {}
        pieces = []
        for c, f in parts:
            for p, b in f.terms.items():
                terms[p] = plus(terms.get(p, {}), self.constants.times(c, b))
            if f.rest and c:
                pieces.append((f.rest[0], balls.times(f.rest[1], self.ball(c))))
        return self.series({p: c for p, c in terms.items() if c}, pieces)

    def times(self, f: Series, g: Series) -> Series:
        """Product."""
        terms: dict[Position, Constant] = {}
        pieces = []
        for p, b in f.terms.items():
            for q, c in g.terms.items():
                at = shift(p, q)
                terms[at] = plus(terms.get(at, {}), self.constants.times(b, c))
        for one, two in ((f, g), (g, f)):
            if one.rest:
                at, r = one.rest
                pieces += [(shift(p, at), balls.times(self.ball(c), r)) for p, c in two.terms.items()]
        if f.rest and g.rest:
            pieces.append((shift(f.rest[0], g.rest[0]), balls.times(f.rest[1], g.rest[1])))
        return self.series({p: c for p, c in terms.items() if c}, pieces)

    def compose(self, u: Series, coefficients: list[Constant], remainder: Range) -> Series:
        """Taylor: ``sum of c_j u^j + r u^n`` with r in the remainder, by Horner's rule."""
        out = Series({}, (HERE, remainder)) if u.terms or u.rest else Series()
        for c in reversed(coefficients):
            out = self.add((UNITY, self.times(out, u)), (UNITY, self.constant(c)))
        return out

    def head(self, f: Series) -> tuple[Position, Constant, Series]:
        """``(p, c, u)`` with f = c s^a L^k (1 + u), u -> 0 and 1 + u > 0 on (0, delta]."""
        if not f.terms:
            raise Unclear("no leading term is known")
        p = min(f.terms, key=size)
        c = f.terms[p]
        inverse = self.constants.power(c, -1)
        terms = {shift(q, p, -1): self.constants.times(b, inverse) for q, b in f.terms.items() if q != p}
        rest = (shift(f.rest[0], p, -1), balls.times(f.rest[1], self.ball(inverse))) if f.rest else None
        u = Series({q: b for q, b in terms.items() if b}, rest)
        if not self.range(u)[0] > -1:
            raise TooFar("the leading term does not dominate")
        return p, c, u

    def power(self, f: Series, e: Fraction) -> Series:
        """``f ** e``: by multiplication, else the leading term times the binomial series (Lagrange remainder)."""
        if not f.terms and not f.rest and e > 0:
            return f
        if e.denominator == 1 and 0 < e <= 8:
            return f if e == 1 else self.times(self.power(f, e - 1), f)
        if not f.terms and f.rest:
            (a, k), r = f.rest
            try:
                return self.series({}, [((whole(a * e), whole(k * e)), balls.power(r, e))])
            except balls.Undefined:
                raise Unclear("a power of a remainder") from None
        (a, k), c, u = self.head(f)
        binomials, b = [], fmpq(1)
        for j in range(self.order):
            binomials.append(self.constants.number(b))
            b *= (ratio(e) - j) / (j + 1)
        bend = balls.power(balls.plus(UNIT, balls.hull(self.range(u), (ZERO, ZERO))), e - self.order)
        tail = self.compose(u, binomials, balls.times(self.ball(self.constants.number(b)), bend))
        return self.times(Series({(whole(a * e), whole(k * e)): self.constants.power(c, whole(e))}), tail)

    def sign(self, f: Series) -> str:
        """``+``, ``-`` or ``0`` on all of (0, delta]."""
        if not f.terms and not f.rest:
            return "0"
        p = min(f.terms, key=size) if f.terms else f.rest[0] if f.rest else HERE
        total = (ZERO, ZERO)
        for q, c in f.terms.items():
            total = balls.plus(total, balls.times(self.ball(c), self.unit(shift(q, p, -1))))
        if f.rest:
            total = balls.plus(total, balls.times(f.rest[1], self.unit(shift(f.rest[0], p, -1))))
        if total[0] > 0 or total[1] < 0:
            return "+" if total[0] > 0 else "-"
        raise TooFar("the leading term does not dominate") if f.terms else Unclear("only a remainder is known")
