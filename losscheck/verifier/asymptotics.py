"""Elementary functions of log-power series; every expansion carries its remainder.

Sources: Lagrange's form of Taylor's remainder; for erfcx(x) = exp(x^2) erfc(x), x > 0, the asymptotic series whose
remainder is bounded by the first omitted term and has its sign (DLMF 7.12.1).
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb, fmpq

from losscheck.verifier import balls
from losscheck.verifier.balls import ZERO, Range, exact
from losscheck.verifier.constants import Constant, Unclear, ratio, rational, whole
from losscheck.verifier.series import HERE, UNITY, Arithmetic, Series, TooFar, size, vanishing

FAST = 16
"""Highest power of s to which a super-exponential decay is expressed."""
MINUS: Constant = {(): fmpq(-1)}
HALF: Constant = {(): fmpq(1, 2)}


def parts(f: Series) -> tuple[Series, Constant, Series]:
    """Growing part, constant, vanishing part; a bounded remainder belongs to none."""
    grow = {p: c for p, c in f.terms.items() if size(p) < (0, 0)}
    small = {p: c for p, c in f.terms.items() if vanishing(p)}
    large = f.rest if f.rest and size(f.rest[0]) < (0, 0) else None
    tiny = f.rest if f.rest and vanishing(f.rest[0]) else None
    return Series(grow, large), f.terms.get(HERE, {}), Series(small, tiny)


def bounded_rest(f: Series) -> bool:
    """Whether the remainder neither grows nor vanishes."""
    return f.rest is not None and f.rest[0] == HERE


def near(A: Arithmetic, u: Series) -> arb:
    """A ball around 0 and every value of a vanishing series."""
    lo, hi = balls.hull(A.range(u), (ZERO, ZERO))
    return lo.union(hi)


def ends(b: arb) -> Range:
    """A ball as a range."""
    return b.lower(), b.upper()


def decay(A: Arithmetic, g: Series) -> Series:
    """``exp(g)`` for g -> -inf, as a remainder ``[0, M] s^P`` or ``[0, M] L^-J``.

    With g <= -m s^-b L^k =: -h(L), exp(g) s^-P is largest at L0 when h' >= P on [L0, inf); likewise exp(g) L^J when
    L h' >= J. Both left sides grow with L in the cases taken.
    """
    (a, k), c, u = A.head(g)
    m = -(A.constants.ball(c) * (1 + A.range(u)[0].union(A.range(u)[1]))).upper()
    if not m > 0:
        raise Unclear("an exponential grows faster than every power")
    b, power, low = exact(-a), exact(k), A.least
    h = m * (b * low + power * low.log()).exp()
    if a == 0 and k < 1:
        j = floor(h * power)
        return A.series({}, [((0, -j), (ZERO, (j * low.log() - h).exp().upper()))])
    slope = h * power / low if a == 0 else h * (b + (power / low if k < 0 else 0))
    p = floor(slope)
    return A.series({}, [((p, 0), (ZERO, (p * low - h).exp().upper()))])


def floor(x: arb) -> int:
    """A positive integer below x, at most :data:`FAST`."""
    n = max((n for n in range(1, FAST + 1) if n <= x), default=0)
    if not n:
        raise TooFar("a decay is not yet fast enough")
    return n


def exp(A: Arithmetic, f: Series) -> Series:
    """Exponential: growing part (s^c, or decay), constant, and Taylor series of the rest."""
    grow, constant, small = parts(f)
    linear = rational(grow.terms.get((0, 1), {})) or Fraction(0)
    if grow.terms and min(grow.terms, key=size) == (0, 1) and linear and not grow.rest:
        lower = Series({p: c for p, c in grow.terms.items() if p != (0, 1)})
        lead = Series({(whole(-linear), 0): UNITY})
        if lower.terms:
            try:
                lead = A.times(lead, decay(A, lower))
            except Unclear:
                lead = decay(A, grow)
    else:
        lead = decay(A, grow) if grow.terms or grow.rest else Series({HERE: UNITY})
    lead = A.add((A.constants.exp(constant), lead))
    if bounded_rest(f) and f.rest:
        lead = A.times(lead, Series({}, (HERE, balls.monotone(arb.exp)(f.rest[1]))))
    factor = fmpq(1)
    factorials: list[Constant] = []
    for j in range(A.order):
        factorials.append(A.constants.number(factor))
        factor /= j + 1
    return A.times(lead, A.compose(small, factorials, ends(arb(factor) * near(A, small).exp())))


def log(A: Arithmetic, f: Series) -> Series:
    """Logarithm: log c - a L + k log L + log(1 + u)."""
    if not f.terms and f.rest and f.rest[1][0] > 0:
        (a, k), out = f.rest[0], Series({}, (HERE, balls.log(f.rest[1])))
    else:
        (a, k), c, u = A.head(f)
        n = A.order
        coefficients: list[Constant] = [{}] + [{(): fmpq((-1) ** (j + 1), j)} for j in range(1, n)]
        bend = exact(Fraction((-1) ** (n + 1), n)) / (1 + near(A, u)) ** n
        if not bend.is_finite():  # the ball around all values of u, though not their range, holds -1
            raise TooFar("no bound for log")
        out = A.add((UNITY, A.compose(u, coefficients, ends(bend))), (UNITY, A.constant(A.constants.log(c))))
    if a:
        out = A.add((UNITY, out), ({(): -ratio(a)}, Series({(0, 1): UNITY})))
    if k:  # 0 <= log L <= (8 / e) L^(1/8) for L >= 1
        if not A.least >= 1:
            raise TooFar("log L may be negative")
        slow = Series({}, ((0, Fraction(1, 8)), (ZERO, arb(3))))
        out = A.add((UNITY, out), ({(): ratio(k)}, slow))
    return out


def lse(A: Arithmetic, fs: list[Series]) -> Series:
    """Log of a sum of exponentials, one argument taken out: the first for which the differences expand."""
    problem: Unclear = Unclear("a log-sum-exp of nothing")
    for i, top in enumerate(fs):
        try:
            gaps = [exp(A, A.add((UNITY, f), (MINUS, top))) for j, f in enumerate(fs) if j != i]
            total = A.add((UNITY, Series({HERE: UNITY})), *((UNITY, g) for g in gaps))
            return A.add((UNITY, top), (UNITY, log(A, total)))
        except Unclear as error:
            problem = error if not isinstance(problem, TooFar) else problem
    raise problem
