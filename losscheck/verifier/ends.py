"""Signs and limits next to an end of an interval, finite or infinite, by log-power series.

Near the end, x is written in s -> 0+: x = end +- s; or |x| = 1/s, |x| = L, |x| = sqrt(L), |x - end| = 1/L with
L = log(1/s).
Every node is expanded on (0, delta] (:mod:`losscheck.verifier.series`); a sign is returned only if the leading term
beats the sum of everything else on the whole of (0, delta]. Expanding also shows that the node is defined there.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from flint import arb

from losscheck.verifier.asymptotics import exp, log, lse
from losscheck.verifier.balls import Undefined, exact
from losscheck.verifier.budget import Budget
from losscheck.verifier.constants import Constant, Constants, Unclear, ratio
from losscheck.verifier.series import HERE, UNITY, Arithmetic, Position, Series, TooFar, size, vanishing
from losscheck.verifier.special_series import special
from losscheck.verifier.terms import Node, Pool

End = Fraction | None
SPECIAL = frozenset({"atan", "erf", "sin", "cos", "log_ndtr", "mills"})
ORDERS = (5, 10)


class Germ(Arithmetic):
    """The expansion of every node in one scale, on one (0, delta]."""

    def __init__(self, x: str, start: Series, least: arb, order: int, constants: Constants) -> None:
        super().__init__(least, order, constants)
        self.x, self.start = x, start
        self.memo: dict[int, Series] = {}

    def __call__(self, n: Node) -> Series:
        """The node as a series."""
        if n.id not in self.memo:
            Budget.spend(20)
            self.memo[n.id] = self._expand(n)
        return self.memo[n.id]

    def _expand(self, n: Node) -> Series:
        op = n.op
        if op == "var" and n.value == self.x:
            return self.start
        if op == "const":
            return self.constant(self.constants.number(n.value))
        if op == "ball":  # a constant of the code, known up to a ball
            low, high = n.value
            return self.constant(self.constants.of(("ball", n.value), lambda: exact(low).union(exact(high))))
        if op == "rsqrtpi":
            return self.constant(self.constants.pi(Fraction(-1, 2)))
        if op == "add":
            number = self.constants.number
            terms = [(number(c), self(a)) for c, a in zip(n.value[1:], n.args, strict=True)]
            return self.add((UNITY, self.constant(number(n.value[0]))), *terms)
        if op == "mul":
            out = self(n.args[0])
            for a in n.args[1:]:
                out = self.times(out, self(a))
            return out
        if op == "pow":
            return self.power(self(n.args[0]), n.value)
        if op == "exp":
            return exp(self, self(n.args[0]))
        if op == "log":
            return log(self, self(n.args[0]))
        if op == "lse":
            return lse(self, [self(a) for a in n.args])
        if op in SPECIAL:
            return special(self, op, self(n.args[0]))
        raise Unclear(f"no expansion of {op}")

    def sign_of(self, n: Node) -> str:
        """Sign on (0, delta]; a product by its factors, so that factors too small to expand do not blur it."""
        if n.op == "exp" or (n.op == "pow" and n.value.denominator > 1):
            self(n)
            if n.op == "exp":
                return "+"
        if n.op == "mul":
            try:
                signs = [self.sign_of(a) for a in n.args]
                return "0" if "0" in signs else "-" if signs.count("-") % 2 else "+"
            except TooFar:
                raise
            except (Unclear, Undefined):
                pass
        return self.sign(self(n))


Start = tuple[Series, list[tuple[arb, Fraction]]]


def starts(end: End, side: int) -> Iterator[Start]:
    """Ways to write x in s, each with choices ``(L0, d)``: L >= L0 where |x - end| <= d (or |x| >= d)."""
    sign: Constant = {(): ratio(side if end is not None else -side)}
    origin: dict[Position, Constant] = {HERE: {(): ratio(end)}} if end else {}
    if end is not None:
        steps = [Fraction(1, 2**k) for k in (2, 6, 14, 40)]
        yield Series({**origin, (1, 0): sign}), [(-exact(d).log(), d) for d in steps]
        yield Series({**origin, (0, -1): sign}), [(exact(1 / d), d) for d in steps]
        return
    radii = [Fraction(2**k) for k in (2, 5, 9, 20)]
    yield Series({(0, 1): sign}), [(exact(r), r) for r in radii]
    yield Series({(-1, 0): sign}), [(exact(r).log(), r) for r in radii]
    yield Series({(0, Fraction(1, 2)): sign}), [(exact(r * r), r) for r in radii]


def end_sign(pool: Pool, n: Node, x: str, end: End, side: int, other: End) -> tuple[str, End] | None:
    """``(sign, inner)``: the sign of a switch-free node between the end and ``inner``, inner included; else None.

    ``side`` is +1 at a lower end, -1 at an upper one (infinite when None); ``inner`` never passes ``other``.
    """
    found = _sign(n, x, end, side, other)
    if found is None and n.op == "add":  # take out an exponential: what is left may expand where the sum did not
        for g in _exponents(n)[:4]:
            rest = pool.mul(pool.exp(pool.scale(-1, g)), pool.one)
            terms = (pool.scale(c, pool.mul(t, rest)) for c, t in zip(n.value[1:], n.args, strict=True))
            reduced = pool.add(pool.scale(n.value[0], rest), *terms)
            found = _sign(reduced, x, end, side, other)
            if found:
                break
    return found


def _exponents(n: Node) -> list[Node]:
    """Arguments of the exponentials that are factors of the terms of a sum."""
    found = {f.args[0] for t in n.args for f in (t.args if t.op == "mul" else (t,)) if f.op == "exp"}
    return sorted(found, key=lambda g: g.id)


def _sign(n: Node, x: str, end: End, side: int, other: End) -> tuple[str, End] | None:
    constants = Constants()
    for start, places in starts(end, side):
        for order in ORDERS:
            for least, distance in places:
                try:
                    sign = Germ(x, start, least, order, constants).sign_of(n)
                except TooFar:
                    continue
                except (Unclear, Undefined):
                    break
                inner = side * -distance if end is None else end + side * distance
                if other is not None and (inner - other) * side > 0:
                    inner = other
                return sign, inner
    return None


Limit = tuple[str, arb | int]


def end_limit(pool: Pool, n: Node, x: str, end: End, side: int, depth: int = 3) -> Limit | None:
    """``("finite", ball)`` or ``("inf", +-1)``: the limit of a switch-free node at an end; None if not shown."""
    found = _limit(n, x, end, side)
    if found is None and depth and n.op in ("exp", "add", "mul", "lse"):  # what outgrows or undercuts all powers of s
        limits = [end_limit(pool, a, x, end, side, depth - 1) for a in n.args]
        if n.op == "exp" and limits[0] == ("inf", 1):
            return "inf", 1
        if n.op == "lse":  # at least its largest argument, and at most that plus a constant
            up = ("inf", 1) in limits and None not in limits
            return ("inf", 1) if up else ("inf", -1) if all(m == ("inf", -1) for m in limits) else None
        if n.op == "mul":
            return _product(limits)
        if n.op == "add" and None not in limits:
            pairs = zip(limits, n.value[1:], strict=True)
            signs = {1 if (m[1] > 0) == (c > 0) else -1 for m, c in pairs if m and m[0] == "inf"}
            return ("inf", signs.pop()) if len(signs) == 1 else None
    return found


def _product(limits: list[Limit | None]) -> Limit | None:
    """The limit of a product with an infinite factor and no factor that tends to 0."""
    sign, infinite = 1, False
    for limit in limits:
        if limit is None or not (limit[1] > 0 or limit[1] < 0):
            return None
        sign, infinite = sign if limit[1] > 0 else -sign, infinite or limit[0] == "inf"
    return ("inf", sign) if infinite else None


def _limit(n: Node, x: str, end: End, side: int) -> Limit | None:
    constants = Constants()
    for start, places in starts(end, side):
        for order in ORDERS:
            for least, _ in reversed(places):
                germ = Germ(x, start, least, order, constants)
                try:
                    f = germ(n)
                    if any(size(p) < (0, 0) for p in f.terms):
                        return "inf", 1 if constants.ball(germ.head(f)[1]) > 0 else -1
                    if f.rest is None or vanishing(f.rest[0]):
                        return "finite", constants.ball(f.terms.get(HERE, {}))
                except TooFar:
                    continue
                except (Unclear, Undefined):
                    break
                break
    return None
