"""atan, erf, sin, cos, log_ndtr and its derivative (mills) of log-power series.

At a finite limit by Taylor's theorem; at infinity through erfcx(x) = exp(x^2) erfc(x), whose asymptotic series has a
remainder bounded by the first omitted term and of its sign (DLMF 7.12.1).
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb, arb_series, ctx, fmpq

from losscheck.verifier import balls
from losscheck.verifier.asymptotics import HALF, MINUS, ends, exp, log, near, parts
from losscheck.verifier.balls import ZERO, Undefined
from losscheck.verifier.constants import Constant, Unclear, freeze, plus, rational
from losscheck.verifier.series import HERE, UNITY, Arithmetic, Series, TooFar, size


def special(A: Arithmetic, name: str, f: Series) -> Series:
    """One of the functions above, at whatever f tends to."""
    if any(size(p) < (0, 0) for p in f.terms):
        _, c, _ = A.head(f)
        if name not in ("sin", "cos"):
            return at_infinity(A, name, f, 1 if A.constants.ball(c) > 0 else -1)
        return Series({}, (HERE, (arb(-1), arb(1))))
    if f.rest and size(f.rest[0]) <= (0, 0):  # no limit is known, a range still is
        try:
            values = balls.READ[name](A.range(f) if f.rest[0] == HERE else (balls.NINF, balls.INF))
        except Undefined:
            raise Unclear(f"{name} is not defined") from None
        return A.series({}, [(HERE, values)])
    _, c, small = parts(f)
    if name == "atan":
        return atan(A, c, small)
    around, n = A.constants.ball(c) + near(A, small), A.order
    return A.compose(small, coefficients(A, name, c, n), ends(taylor(name, around, n)))


def atan(A: Arithmetic, c: Constant, small: Series) -> Series:
    """``atan(c + u) = atan(c) + atan(u / (1 + c^2 + c u))`` where 1 + c (c + u) > 0.

    The n-th derivative of atan is at most (n - 1)! in size everywhere.
    """
    base = Series({HERE: plus(UNITY, A.constants.times(c, c))})
    u = A.times(small, A.power(A.add((UNITY, base), (c, small)), Fraction(-1)))
    n = A.order
    odd: list[Constant] = [{(): fmpq((-1) ** (j // 2), j)} if j % 2 else {} for j in range(n)]
    tail = A.compose(u, odd, ends(arb(0, 1) / n))
    q = rational(c)
    if q is not None and abs(q) <= 1 and q.denominator == 1:
        value: Constant = {m: b * int(q) / 4 for m, b in A.constants.pi().items()} if q else {}
    else:
        value = A.constants.of(("atan", freeze(c)), A.constants.ball(c).atan)
    return A.add((UNITY, tail), (UNITY, A.constant(value)))


def coefficients(A: Arithmetic, name: str, c: Constant, n: int) -> list[Constant]:
    """Taylor coefficients at c, exact where the function allows."""
    K, x = A.constants, A.constants.ball(c)
    if name in ("sin", "cos"):
        sine = K.of(("sin", freeze(c)), x.sin) if c else {}
        cosine = K.of(("cos", freeze(c)), x.cos) if c else UNITY
        cycle = [sine, cosine] if name == "sin" else [cosine, K.times(MINUS, sine)]
        out, factor = [], fmpq(1)
        for j in range(n):
            out.append(K.times({(): factor * (-1) ** (j // 2)}, cycle[j % 2]))
            factor /= j + 1
        return out
    if name == "erf":  # erf(c + w)' = 2 / sqrt(pi) exp(-c^2) g(w) with g = exp(-2 c w - w^2), g' = -2 (c + w) g
        g: list[Constant] = [UNITY, K.times({(): fmpq(-2)}, c)]
        for j in range(1, n):
            both = plus(K.times(c, g[j]), g[j - 1])
            g.append(K.times({(): fmpq(-2, j + 1)}, both))
        scale = K.times(K.pi(Fraction(-1, 2)), K.exp(K.times(MINUS, K.times(c, c))))
        first = K.of(("erf", freeze(c)), x.erf) if c else {}
        return [first, *(K.times({(): fmpq(2, j)}, K.times(scale, g[j - 1])) for j in range(1, n))]
    mills = [K.of(("mills", freeze(c), j), lambda j=j: taylor("mills", x, j)) for j in range(n)]  # type: ignore[misc]
    if name == "mills":
        return mills
    value = K.of(("log_ndtr", freeze(c)), lambda: taylor("log_ndtr", x, 0))
    return [value, *(K.times({(): fmpq(1, j)}, mills[j - 1]) for j in range(1, n))]


def taylor(name: str, at: arb, n: int) -> arb:
    """The n-th Taylor coefficient of a function around every point of a ball."""
    before = ctx.cap
    ctx.cap = n + 1  # flint cuts every series there, 10 unless told
    try:
        x = arb_series([at, 1], n + 1)
        if name in ("sin", "cos", "erf"):
            y = getattr(x, name)()
        else:
            tail = ((-x) * arb(0.5).sqrt()).erfc() * arb(0.5)
            y = tail.log() if name == "log_ndtr" else (x * x * arb(-0.5)).exp() * (2 * arb.pi()).rsqrt() / tail
    except (ValueError, ZeroDivisionError):  # a ball that holds 0 in a denominator or a logarithm
        raise TooFar(f"no bound for {name}") from None
    finally:
        ctx.cap = before
    found: arb = y[n]
    if y.prec <= n or not found.is_finite():
        raise TooFar(f"no bound for {name}")
    return found


def erfcx(A: Arithmetic, f: Series) -> Series:
    """``exp(f^2) erfc(f)`` for f -> +inf: ``1 / (sqrt(pi) f) * sum of (-1)^j (2j-1)!! / (2 f^2)^j``."""
    inverse = A.power(f, Fraction(-1))
    c = fmpq(1)
    terms: list[Constant] = []
    for j in range(A.order):
        terms.append(A.constants.number(c))
        c *= fmpq(-(2 * j + 1), 2)
    tail = A.compose(A.times(inverse, inverse), terms, ends(arb(c).union(ZERO)))
    return A.add((A.constants.pi(Fraction(-1, 2)), A.times(inverse, tail)))


def at_infinity(A: Arithmetic, name: str, f: Series, side: int) -> Series:
    """The functions at ``f -> side * inf``."""
    K = A.constants
    one = Series({HERE: UNITY})
    signed: Constant = {(): fmpq(side)}
    if name == "atan":
        quarter = {m: b * side / 2 for m, b in K.pi().items()}
        return A.add((UNITY, A.constant(quarter)), (MINUS, atan(A, {}, A.power(f, Fraction(-1)))))
    square = A.times(f, f)
    if name == "erf":
        gap = A.times(exp(A, A.add((MINUS, square))), erfcx(A, A.add((signed, f))))
        return A.add((signed, one), (K.times(MINUS, signed), gap))
    root = K.power({(): fmpq(1, 2)}, Fraction(1, 2))
    scaled = erfcx(A, A.add((K.times(signed, root), f)))
    if side < 0 and name == "log_ndtr":
        return A.add((K.times(MINUS, HALF), square), (UNITY, log(A, A.add((HALF, scaled)))))
    density = K.times({(): fmpq(2)}, K.times(root, K.pi(Fraction(-1, 2))))  # sqrt(2 / pi)
    if side < 0:
        return A.add((density, A.power(scaled, Fraction(-1))))
    bell = exp(A, A.add((K.times(MINUS, HALF), square)))
    below = A.add((UNITY, one), (K.times(MINUS, HALF), A.times(bell, scaled)))
    if name == "log_ndtr":
        return log(A, below)
    return A.add((K.times(HALF, density), A.times(bell, A.power(below, Fraction(-1)))))
