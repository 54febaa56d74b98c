"""Rigorous ranges: every node's set of values on a box, as a pair of exact Arb endpoints (infinite ends allowed)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from flint import arb, ctx, fmpq

from losscheck.verifier.budget import PRECISION, Budget
from losscheck.verifier.log_sums import above
from losscheck.verifier.terms import BOOLEAN, Node

INF, NINF, ZERO, ONE = arb("inf"), arb("-inf"), arb(0), arb(1)
Range = tuple[arb, arb]


class Undefined(Exception):
    """The expression is not defined (as a real, or as a limit) on all of the box."""


def exact(q: Fraction | int) -> arb:
    """A ball around a rational."""
    return arb(fmpq(q.numerator, q.denominator))


def point(q: Fraction | int) -> Range:
    """The thinnest range of a rational."""
    b = exact(q)
    return b.lower(), b.upper()


def coefficients(n: Node) -> Sequence[Range]:
    """The thinnest ranges of the rationals of a constant or a sum, made once for every box it is read on."""
    if n.ranges is None:
        n.ranges = tuple(map(point, n.value if n.op == "add" else (n.value,)))
    kept: Sequence[Range] = n.ranges
    return kept


def weighted(coefficients: Sequence[Range], terms: Sequence[Range]) -> Range:
    """``c0 + sum of c * term``, from the ranges of c0 and each c."""
    total = coefficients[0]
    for c, term in zip(coefficients[1:], terms, strict=True):
        total = plus(total, times(c, term))
    return total


def hull(a: Range, b: Range) -> Range:
    """The smallest range that holds both."""
    return (a[0] if a[0] <= b[0] else b[0]), (a[1] if a[1] >= b[1] else b[1])


def plus(a: Range, b: Range) -> Range:
    """Sum of ranges."""
    lo, hi = (a[0] + b[0]).lower(), (a[1] + b[1]).upper()
    return (NINF if lo.is_nan() else lo), (INF if hi.is_nan() else hi)


def times(a: Range, b: Range) -> Range:
    """Product of ranges; 0 * inf is 0 at the ends of ranges, but exactly 0 times an infinity is undefined."""
    found = _scaled(a, b) if a[0] > ZERO else _scaled(b, a) if b[0] > ZERO else None
    if found is not None:
        return found
    for f, g in ((a, b), (b, a)):
        if f[0] == 0 and f[1] == 0 and not (g[0].is_finite() and g[1].is_finite()):
            raise Undefined("0 times an infinity")
    products = [ZERO if x == 0 or y == 0 else x * y for x in a for y in b]
    if any(p.is_nan() for p in (*a, *b, *products)):  # a comparison with NaN is False, so it would be passed over
        raise Undefined("a product that is not a number")
    lo, hi = products[0].lower(), products[0].upper()
    for p in products[1:]:
        x, y = p.lower(), p.upper()
        lo, hi = (x if x < lo else lo), (y if y > hi else hi)
    return lo, hi


def _scaled(a: Range, b: Range) -> Range | None:
    """The product where a > 0: two of the four corners decide. None where one is not a number, 0 times an infinity."""
    lo = ((a[0] if b[0] > ZERO else a[1]) * b[0]).lower()
    hi = ((a[0] if b[1] < ZERO else a[1]) * b[1]).upper()
    return (lo, hi) if lo <= hi else None


def monotone(f: Callable[[arb], arb]) -> Callable[[Range], Range]:
    """The range of a nondecreasing function from its values at the ends."""
    return lambda a: (f(a[0]).lower(), f(a[1]).upper())


def log(a: Range) -> Range:
    """Logarithm; log 0 is the limit -inf."""
    if a[0] < 0:
        raise Undefined("the logarithm of a range that is not nonnegative")
    return (NINF if a[0] == 0 else a[0].log().lower()), (NINF if a[1] == 0 else a[1].log().upper())


def power(a: Range, e: Fraction) -> Range:
    """``a ** e``; at base 0 a negative power is the limit +inf, allowed only from one side."""
    lo, hi = a
    n = e.numerator
    if e.denominator == 1 and lo < 0:
        if hi > 0 or (hi == 0 and n < 0):
            if n < 0:
                raise Undefined("a pole inside the box")
            top = hull(power((ZERO, hi), e), power((ZERO, -lo), e))
            return (ZERO, top[1]) if n % 2 == 0 else (-power((ZERO, -lo), e)[1], power((ZERO, hi), e)[1])
        flipped = power((-hi, -lo), e)
        return flipped if n % 2 == 0 else (-flipped[1], -flipped[0])
    if lo < 0:
        raise Undefined("a fractional power of a range that is not nonnegative")

    def f(x: arb) -> arb:
        if x == 0:
            return ZERO if e > 0 else INF
        if x == INF:
            return INF if e > 0 else ZERO
        return x**n if e.denominator == 1 else (exact(e) * x.log()).exp()

    return (f(lo).lower(), f(hi).upper()) if e > 0 else (f(hi).lower(), f(lo).upper())


def lse(ends: list[arb]) -> arb:
    """Log-sum-exp of exact numbers, accurate where it is close to its largest argument."""
    top = ends[0]
    for x in ends[1:]:
        top = x if x > top else top
    if top == INF or top == NINF:
        return top
    rest, skipped = ZERO, False
    for x in ends:
        if not skipped and x == top:
            skipped = True
        elif x != NINF:
            rest += (x - top).exp()
    return top + rest.log1p()


def atan(x: arb) -> arb:
    """Arc tangent, at infinite ends too."""
    return (arb.pi() / 2 if x > 0 else -arb.pi() / 2) if x in (INF, NINF) else x.atan()


def erf(x: arb) -> arb:
    """Error function, at infinite ends too."""
    return (ONE if x > 0 else -ONE) if x in (INF, NINF) else x.erf()


def log_ndtr(x: arb) -> arb:
    """Log of the normal distribution function."""
    if x in (INF, NINF):
        return ZERO if x > 0 else NINF
    tail = (-x / arb(2).sqrt()).erfc() / 2
    return (-((x / arb(2).sqrt()).erfc() / 2)).log1p() if x > 0 else tail.log()


def mills(x: arb) -> arb:
    """Normal density over distribution function: decreasing, between max(0, -x) and 1 - x for x <= 0."""
    if x in (INF, NINF):
        return ZERO if x > 0 else INF
    return (-x * x / 2).exp() / (2 * arb.pi()).sqrt() / ((-x / arb(2).sqrt()).erfc() / 2)


def wave(f: Callable[[arb], arb]) -> Callable[[Range], Range]:
    """Sine or cosine."""

    def run(a: Range) -> Range:
        if not (a[0].is_finite() and a[1].is_finite()) or a[1] - a[0] > 6:
            return arb(-1), arb(1)
        b = f(a[0].union(a[1]))
        return (b.lower() if b.lower() > -1 else arb(-1)), (b.upper() if b.upper() < 1 else arb(1))

    return run


READ: dict[str, Callable[[Range], Range]] = {
    "exp": monotone(arb.exp),
    "log": log,
    "atan": monotone(atan),
    "erf": monotone(erf),
    "log_ndtr": monotone(log_ndtr),
    "mills": lambda a: (mills(a[1]).lower(), mills(a[0]).upper()),
    "abs": lambda a: a if a[0] >= 0 else (-a[1], -a[0]) if a[1] <= 0 else (ZERO, -a[0] if -a[0] > a[1] else a[1]),
    "sin": wave(arb.sin),
    "cos": wave(arb.cos),
}


class Enclosure:
    """Ranges of nodes on one box; every node is evaluated once, branches only where they can be taken."""

    def __init__(self, box: Mapping[str, Range], known: Mapping[str, Fraction] | None = None) -> None:
        self.box = box
        self.known = known or {}
        """Variables that are rationals: sums of them do not round, so 6/5 - x is 0 at x = 6/5."""
        self.memo: dict[int, Range] = {}
        self.states: dict[int, bool | None] = {}
        self.signs: dict[int, str] = {}

    def __call__(self, n: Node) -> Range:
        """The range of a node."""
        found = self.memo.get(n.id)
        if found is None:
            Budget.spend(1 + len(n.args))
            found = self._range(n)
            if not (found[0] <= found[1]):
                raise Undefined(f"no range for {n.op}")
            self.memo[n.id] = found
        return found

    def _range(self, n: Node) -> Range:
        op = n.op
        if op == "var":
            return self.box[n.value]
        if op == "const":
            return coefficients(n)[0]
        if op == "ball":
            return point(n.value[0])[0], point(n.value[1])[1]
        if op == "add":
            if self.known and all(a.op == "var" and a.value in self.known for a in n.args):
                return point(
                    n.value[0] + sum(c * self.known[a.value] for c, a in zip(n.value[1:], n.args, strict=True))
                )
            total = weighted(coefficients(n), [self(a) for a in n.args])
            if total[0] < 0 < total[1] and any(a.op in ("lse", "max") for a in n.args):
                known = above(n)
                total = (ZERO, total[1]) if known in "+p" else (total[0], ZERO) if known in "-m" else total
            return total
        if op == "mul":
            total = self(n.args[0])
            for a in n.args[1:]:
                total = times(total, self(a))
            return total
        if op == "pow":
            return power(self(n.args[0]), n.value)
        if op in READ:
            return READ[op](self(n.args[0]))
        ranges = [] if op in ("where", "rsqrtpi") else [self(a) for a in n.args]
        if op == "lse":
            return lse([r[0] for r in ranges]).lower(), lse([r[1] for r in ranges]).upper()
        if op in ("max", "min"):
            out = ranges[0]
            for r in ranges[1:]:
                up = op == "max"
                out = (
                    out[0] if (out[0] >= r[0]) == up else r[0],
                    out[1] if (out[1] >= r[1]) == up else r[1],
                )
            return out
        if op == "where":
            state = self.holds(n.args[0])
            if state is not None:
                return self(n.args[1] if state else n.args[2])
            return hull(self(n.args[1]), self(n.args[2]))
        if op == "rsqrtpi":
            b = arb.pi().rsqrt()
            return b.lower(), b.upper()
        raise Undefined(f"no range of {op}")

    def holds(self, n: Node) -> bool | None:
        """True or False when the condition is decided on the whole box, else None."""
        if n.id not in self.states:
            self.states[n.id] = self._holds(n)
        return self.states[n.id]

    def _holds(self, n: Node) -> bool | None:
        if n.op not in BOOLEAN:
            raise Undefined(f"{n.op} is no condition")
        if n.op in ("true", "false"):
            return n.op == "true"
        if n.op == "not":
            inner = self.holds(n.args[0])
            return None if inner is None else not inner
        if n.op == "and":
            states = [self.holds(a) for a in n.args]
            return False if False in states else None if None in states else True
        a, b = self(n.args[0]), self(n.args[1])
        if n.op == "lt":
            return True if a[1] < b[0] else False if a[0] >= b[1] else None
        if n.op == "le":
            return True if a[1] <= b[0] else False if a[0] > b[1] else None
        if a[1] < b[0] or a[0] > b[1]:
            return False
        return True if a[0] == a[1] == b[0] == b[1] else None


def ball(r: Range) -> arb:
    """A range as one ball."""
    return r[0].union(r[1])


ctx.prec = PRECISION
