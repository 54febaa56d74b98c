"""Proves that an expression is identically zero, by exact normal form.

``vanishes(pool, node)`` says True only if the node is 0 at every point where it is defined: where every logarithm has a
positive argument, every division a nonzero one, every root a nonnegative one (of the branches taken). A denominator
that is zero as a form makes it answer False. False says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from weakref import WeakKeyDictionary

from losscheck.verifier.functions import Functions
from losscheck.verifier.normal_form import F1, UNIT, Form, TooLarge, total
from losscheck.verifier.terms import Node, Pool, walk

HALF = Fraction(1, 2)
_READERS: WeakKeyDictionary[Pool, dict[tuple[tuple[str, ...], tuple[str, ...]], Reader]] = WeakKeyDictionary()


def vanishes(pool: Pool, node: Node, *, simplex: Sequence[str] = (), unit: Sequence[str] = ()) -> bool:
    """Whether ``node`` is shown to be 0 wherever it is defined.

    ``simplex`` names variables >= 0 that sum to 1 (the last is eliminated), ``unit`` variables in [0, 1].
    """
    if node.op == "const":
        return bool(node.value == 0)
    try:
        reader = _reader(pool, simplex, unit)
        return reader.algebra_is_zero(reader(node))
    except (TooLarge, RecursionError, OverflowError):
        return False


def same(pool: Pool, a: Node, b: Node, *, simplex: Sequence[str] = (), unit: Sequence[str] = ()) -> bool:
    """Whether two nodes are shown to be equal wherever both are defined."""
    return a is b or vanishes(pool, pool.sub(a, b), simplex=simplex, unit=unit)


def positive_multiple(pool: Pool, a: Node, b: Node, either: bool = False) -> bool:
    """Whether ``a`` is shown to be b times a positive number or exponential, wherever both are defined.

    With ``either`` sign of that number.
    """
    if a is b:
        return True
    try:
        reader = _reader(pool, (), ())
        (c, powers), (d, others) = (reader.algebra.factor(reader(n)) for n in (a, b))
    except (TooLarge, RecursionError, OverflowError):
        return False
    kinds = {
        reader.algebra.generators[g].kind
        for g in {*powers, *others}
        if powers.get(g, Fraction(0)) != others.get(g, Fraction(0))
    }
    return kinds <= {"exp", "prime"} and (either or c / d > 0)


def factors_among(pool: Pool, a: Node, others: Sequence[Node]) -> bool:
    """Whether ``a`` is a product of positive numbers and of factors of others, in normal form.

    Then a is not 0 where none of the others is: no power of a factor that a has is missing among theirs.
    """
    try:
        reader = _reader(pool, (), ())
        factors = [reader.algebra.factor(reader(n))[1] for n in (a, *others)]
    except (TooLarge, RecursionError, OverflowError):
        return False
    kinds = reader.algebra.generators
    mine, *theirs = factors
    if any(e < 0 for powers in factors for e in powers.values()):
        return False
    known = {g for powers in theirs for g, e in powers.items() if e > 0}
    return all(g in known or kinds[g].kind in ("exp", "prime") for g in mine)


def _reader(pool: Pool, simplex: Sequence[str], unit: Sequence[str]) -> Reader:
    readers = _READERS.setdefault(pool, {})
    key = (tuple(simplex), tuple(unit))
    if key not in readers:
        readers[key] = Reader(simplex, unit)
    readers[key].algebra.work = 0
    return readers[key]


class Reader:
    """Reads nodes as forms."""

    def __init__(self, simplex: Sequence[str], unit: Sequence[str]) -> None:
        self.simplex = tuple(simplex)
        self.algebra = Functions(frozenset({*unit, *simplex}), frozenset(simplex))
        self.forms: dict[Node, Form] = {}

    def algebra_is_zero(self, form: Form) -> bool:
        """Whether a form is shown to be zero."""
        return self.algebra.is_zero(form)

    def __call__(self, node: Node) -> Form:
        """Read a node and all below it."""
        for n in walk(node):
            if n not in self.forms and n.op not in CONDITIONS:
                self.forms[n] = self.read(n)
        return self.forms[node]

    def read(self, n: Node) -> Form:
        """The form of a node whose arguments have been read."""
        algebra, op = self.algebra, n.op
        a = [self.forms[x] for x in n.args if x.op not in CONDITIONS]
        if op == "const":
            return total((n.value, UNIT))
        if op == "var":
            if self.simplex and n.value == self.simplex[-1]:
                rest = [(-F1, algebra.variable(name)) for name in self.simplex[:-1]]
                return total((F1, UNIT), *rest)
            return algebra.variable(n.value)
        if op == "add":
            return total((n.value[0], UNIT), *zip(n.value[1:], a, strict=True))
        if op == "mul":
            out = UNIT
            for x in a:
                out = algebra.times(out, x)
            return out
        if op == "pow":
            return algebra.power(a[0], n.value)
        if op == "lse":
            return algebra.log(total(*((F1, algebra.exp(x)) for x in a)))
        if op in ("max", "min"):
            up = F1 if op == "max" else -F1
            return total((up, algebra.maximum([total((up, self.forms[x])) for x in _flat(n)])))
        if op == "where":
            key, turned = self.condition(n.args[0])
            return algebra.where(key, *(reversed(a) if turned else a))
        if op in ("ball", "rsqrtpi"):
            return algebra.atom(op, n.value, op == "rsqrtpi" or n.value[0] >= 0)
        return FUNCTIONS[op](algebra, a[0])

    def condition(self, c: Node) -> tuple[object, bool]:
        """A key of a condition, and whether the key stands for its negation."""
        if c.op in ("true", "false"):
            return "true", c.op == "false"
        if c.op == "not":
            key, turned = self.condition(c.args[0])
            return key, not turned
        if c.op == "and":
            return ("and", frozenset(self.condition(x) for x in c.args)), False
        a, b = (self(x) for x in c.args)
        up = c.op == "lt"  # a < b is b - a > 0; a <= b is not (a - b > 0)
        gap = self.algebra.tidy(total((F1 if up else -F1, b), (-F1 if up else F1, a)))
        gap = self.algebra.divided(gap, self.algebra.common_scale([gap])) if gap else gap
        if not set(gap) - {()}:
            value = gap.get((), Fraction(0))
            holds = value == 0 if c.op == "eq" else (value > 0) == up
            return "true", not holds
        lead = min(gap.items())[1]
        return (c.op == "eq", tuple(sorted(total((1 / (lead if c.op == "eq" else abs(lead)), gap)).items()))), not (
            up or c.op == "eq"
        )


def _flat(n: Node) -> list[Node]:
    """The arguments of nested maxima (or minima) as one list."""
    return [y for x in n.args for y in (_flat(x) if x.op == n.op else [x])]


def _mills(algebra: Functions, x: Form) -> Form:
    """The density over the distribution function: ``exp(-x^2/2 - log_ndtr(x)) / sqrt(2 pi)``."""
    exponent = total((-HALF, algebra.times(x, x)), (-F1, algebra.log_ndtr(x)))
    scale = algebra.times(algebra.atom("rsqrtpi", None, True), algebra.power(total((HALF, UNIT)), HALF))
    return algebra.times(scale, algebra.exp(exponent))


CONDITIONS = frozenset({"lt", "le", "eq", "not", "and", "true", "false"})
FUNCTIONS: dict[str, Callable[[Functions, Form], Form]] = {
    "exp": Functions.exp,
    "log": Functions.log,
    "abs": Functions.absolute,
    "atan": lambda algebra, x: algebra.odd("atan", x),
    "erf": lambda algebra, x: algebra.odd("erf", x),
    "sin": lambda algebra, x: algebra.odd("sin", x),
    "cos": lambda algebra, x: algebra.even("cos", x),
    "log_ndtr": Functions.log_ndtr,
    "mills": _mills,
}
