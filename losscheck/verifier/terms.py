"""The verifier's own graph: nodes, a few exact simplifications, derivatives.

Nothing here is shared with the prover. The constructors simplify only by identities of the reals that hold wherever
the original is defined: constants fold, sums and products flatten, exponentials of one product merge.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.budget import Budget

F0, F1 = Fraction(0), Fraction(1)
UNARY = frozenset({"exp", "log", "abs", "atan", "erf", "sin", "cos", "log_ndtr"})
COMPARISONS = frozenset({"lt", "le", "eq"})
BOOLEAN = COMPARISONS | {"not", "and", "true", "false"}


class Node:
    """``(op, value, args)``; equal nodes of one :class:`Pool` are the same object."""

    __slots__ = ("args", "id", "op", "ranges", "value")

    def __init__(self, op: str, value: Any, args: tuple[Node, ...], number: int) -> None:
        self.op, self.value, self.args, self.id = op, value, args, number
        self.ranges: Any = None  # of the rationals in ``value``, kept by whoever reads the node on boxes


class Pool:
    """All nodes of one verification, with the constructors."""

    LIMIT, BITS, FACTORS = 200_000, 20_000, 300

    def __init__(self) -> None:
        self.table: dict[Any, Node] = {}
        self.derivatives: dict[tuple[int, str], Node] = {}
        self.undefined: set[Node] = set()  # constants such as 1/0 and what is made of them: 0 times one is not 0
        self.zero, self.one = self.const(F0), self.const(F1)

    def make(self, op: str, value: Any = None, args: tuple[Node, ...] = ()) -> Node:
        """The bare node, without simplification."""
        Budget.spend(1 + len(args))
        key = (op, value, tuple(a.id for a in args))
        found = self.table.get(key)
        if found is None:
            if len(self.table) > self.LIMIT:
                raise OverflowError("the graph grows beyond the verifier's limit")
            found = self.table[key] = Node(op, value, args, len(self.table))
            base = args[0].value if op in ("log", "pow") and args[0].op == "const" else F1
            pole = base <= 0 and (op == "log" or (value < 0 if base == 0 else value.denominator > 1))
            if pole or (op != "where" and not self.undefined.isdisjoint(args)):
                self.undefined.add(found)
        return found

    def const(self, x: Fraction | int) -> Node:
        """An exact rational."""
        x = Fraction(x)
        if x.numerator.bit_length() + x.denominator.bit_length() > self.BITS:
            raise OverflowError("a constant grows beyond the verifier's limit")
        return self.make("const", x)

    def var(self, name: str) -> Node:
        """A variable."""
        return self.make("var", name)

    def form(self, n: Node) -> tuple[Fraction, dict[Node, Fraction]]:
        """A node as ``(c0, {term: coefficient})``."""
        if n.op == "const":
            return n.value, {}
        if n.op == "add":
            return n.value[0], dict(zip(n.args, n.value[1:], strict=True))
        return F0, {n: F1}

    def linear(self, *parts: tuple[Fraction, Node]) -> Node:
        """``sum of factor * node``."""
        c0 = F0
        terms: dict[Node, Fraction] = {}
        for k, n in parts:
            if n.op not in ("const", "add"):
                Budget.spend(2)
                terms[n] = terms[n] + k if n in terms else k
                continue
            b0, bs = self.form(n)
            Budget.spend(1 + len(bs))
            if b0:
                c0 += b0 if k is F1 else k * b0
            for t, b in bs.items():
                b = b if k is F1 else k * b
                terms[t] = terms[t] + b if t in terms else b
        terms = {t: c for t, c in terms.items() if c or t in self.undefined}
        if not terms:
            return self.const(c0)
        args = tuple(sorted(terms, key=lambda t: t.id))
        if len(args) == 1 and not c0 and terms[args[0]] == 1:
            return args[0]
        return self.make("add", (c0, *(terms[t] for t in args)), args)

    def add(self, *xs: Node) -> Node:
        """Sum."""
        return self.linear(*((F1, x) for x in xs))

    def sub(self, a: Node, b: Node) -> Node:
        """Difference."""
        return self.linear((F1, a), (-F1, b))

    def scale(self, c: Fraction | int, a: Node) -> Node:
        """``c * a``."""
        return self.linear((Fraction(c), a))

    def mul(self, *xs: Node) -> Node:
        """Product."""
        c = F1
        factors: list[Node] = []
        exponent: list[Node] = []
        stack = list(reversed(xs))
        while stack:
            x = stack.pop()
            if len(factors) + len(exponent) + len(stack) > self.FACTORS:
                raise OverflowError("a product grows beyond the verifier's limit")
            if x.op == "const":
                c *= x.value
            elif x.op == "mul":
                stack.extend(reversed(x.args))
            elif x.op == "add" and len(x.args) == 1 and not x.value[0]:
                c *= x.value[1]
                stack.append(x.args[0])
            elif x.op == "exp":
                exponent.append(x.args[0])
            else:
                factors.append(x)
        if not c:
            lost = [x for x in (*factors, *exponent) if x in self.undefined]
            return self.make("mul", None, (self.zero, *lost)) if lost else self.zero
        if exponent:
            merged = self.exp(self.add(*exponent))
            if merged.op != "const":
                factors.append(merged)
        if not factors:
            return self.const(c)
        factors.sort(key=lambda f: f.id)
        body = factors[0] if len(factors) == 1 else self.make("mul", None, tuple(factors))
        return self.scale(c, body)

    def power(self, a: Node, e: Fraction) -> Node:
        """``a ** e``."""
        if e == 0:
            return self.one
        if e == 1:
            return a
        if a.op == "const" and e.denominator == 1 and abs(e.numerator) <= 64 and (a.value or e > 0):
            return self.const(self.small(a.value) ** e.numerator)
        if a.op == "exp":
            return self.exp(self.scale(e, a.args[0]))
        if a.op == "add" and len(a.args) == 1 and not a.value[0] and e.denominator == 1 and abs(e.numerator) <= 64:
            return self.mul(self.const(self.small(a.value[1]) ** e.numerator), self.power(a.args[0], e))
        if a.op == "pow" and a.value.denominator == e.denominator == 1 and a.value > 0 and e > 0:
            return self.power(a.args[0], a.value * e)
        return self.make("pow", e, (a,))

    def small(self, x: Fraction) -> Fraction:
        """The rational itself, if a power of it up to the 64th stays in bounds."""
        self.const(x)
        if x.numerator.bit_length() + x.denominator.bit_length() > self.BITS // 64:
            raise OverflowError("a constant grows beyond the verifier's limit")
        return x

    def exp(self, a: Node) -> Node:
        """Exponential; ``exp(e log b)`` is ``b ** e`` for a fraction e, which like code gives 0 at b = 0 for e > 0."""
        if a.op == "add" and len(a.args) == 1 and not a.value[0] and a.value[1].denominator > 1:
            (inner,) = a.args
            if inner.op == "log" and inner.args[0].op != "const":
                return self.make("pow", a.value[1], inner.args)
        return self.one if a is self.zero else self.make("exp", None, (a,))

    def where(self, c: Node, a: Node, b: Node) -> Node:
        """``a`` where c holds, else ``b``."""
        if c.op in ("true", "false"):
            return a if c.op == "true" else b
        return a if a is b else self.make("where", None, (c, a, b))

    def build(self, op: str, value: Any, args: tuple[Node, ...]) -> Node:
        """A node from its op, value and arguments, through the constructors."""
        if op == "add":
            return self.linear((value[0], self.one), *zip(value[1:], args, strict=True))
        if op == "mul":
            return self.mul(*args)
        if op == "pow":
            return self.power(args[0], value)
        if op == "exp":
            return self.exp(args[0])
        if op == "where":
            return self.where(*args)
        if op == "log" and args[0] is self.one:
            return self.zero
        if op == "log" and args[0].op == "exp":
            return args[0].args[0]
        return self.make(op, value, args)

    def substitute(self, root: Node, changes: dict[Node, Node]) -> Node:
        """``root`` with some nodes replaced."""
        done: dict[Node, Node] = {}

        def go(n: Node) -> Node:
            if n in changes:
                return changes[n]
            if not n.args:
                return n
            if n not in done:
                done[n] = self.build(n.op, n.value, tuple(go(a) for a in n.args))
            return done[n]

        return go(root)

    def differentiate(self, n: Node, x: str) -> Node:
        """The derivative in variable ``x`` where no branch switches; switches keep their condition."""
        key = (n.id, x)
        if key not in self.derivatives:
            self.derivatives[key] = self._derivative(n, x)
        return self.derivatives[key]

    def _derivative(self, n: Node, x: str) -> Node:
        def d(i: int) -> Node:
            return self.differentiate(n.args[i], x)

        a = n.args
        if n.op == "var":
            return self.one if n.value == x else self.zero
        if n.op in ("const", "ball", "rsqrtpi"):
            return self.zero
        if n.op == "add":
            return self.linear(*((c, d(i)) for i, c in enumerate(n.value[1:])))
        if n.op == "mul":
            return self.add(*(self.mul(d(i), *a[:i], *a[i + 1 :]) for i in range(len(a))))
        if n.op == "lse":  # weights exp(a_i - lse) written as exp(-lse(a_j - a_i)): no cancellation
            terms = []
            for i, ai in enumerate(a):
                if d(i) is not self.zero:
                    shifted = tuple(sorted((self.sub(aj, ai) for aj in a), key=lambda t: t.id))
                    terms.append(self.mul(d(i), self.exp(self.scale(-1, self.make("lse", None, shifted)))))
            return self.add(*terms)
        if n.op in ("max", "min"):
            out, best = d(0), a[0]
            for i in range(1, len(a)):
                gap = self.sub(a[i], best) if n.op == "max" else self.sub(best, a[i])
                c = self.make("lt", None, (self.zero, gap))
                out, best = self.where(c, d(i), out), self.make(n.op, None, (best, a[i]))
            return out
        if n.op == "where":
            return self.where(a[0], d(1), d(2))
        if d(0) is self.zero:
            return self.zero
        if n.op == "exp" and a[0].op == "mul":
            e = [f for f in a[0].args if f.op != "log"]
            logs = [f for f in a[0].args if f.op == "log"]
            if len(logs) == 1 and all(f.op == "ball" for f in e):  # b ** e with an exponent known up to a ball
                reduced = self.mul(self.add(self.mul(*e), self.const(-1)), logs[0])
                return self.mul(*e, self.exp(reduced), self.differentiate(logs[0].args[0], x))
        return self.mul(d(0), self._outer(n, a[0]))

    def _outer(self, n: Node, a: Node) -> Node:
        square = self.power(a, Fraction(2))
        if n.op == "pow":
            return self.scale(n.value, self.power(a, n.value - 1))
        if n.op == "exp":
            return n
        if n.op == "log":
            return self.power(a, Fraction(-1))
        if n.op == "abs":
            return self.where(self.make("lt", None, (self.zero, a)), self.one, self.const(-1))
        if n.op == "atan":
            return self.power(self.add(self.one, square), Fraction(-1))
        if n.op == "erf":
            return self.mul(self.scale(2, self.make("rsqrtpi")), self.exp(self.scale(-1, square)))
        if n.op == "sin":
            return self.make("cos", None, (a,))
        if n.op == "cos":
            return self.scale(-1, self.make("sin", None, (a,)))
        if n.op == "log_ndtr":  # the inverse Mills ratio, an op of its own because both its factors vanish
            return self.make("mills", None, (a,))
        if n.op == "mills":  # m' = -m (x + m)
            return self.scale(-1, self.mul(n, self.add(a, n)))
        raise ValueError(f"no derivative of {n.op}")


def walk(*roots: Node) -> list[Node]:
    """Every node below the roots, arguments first."""
    seen: set[int] = set()
    order: list[Node] = []

    def go(n: Node) -> None:
        if n.id not in seen:
            seen.add(n.id)
            for a in n.args:
                go(a)
            order.append(n)

    for r in roots:
        go(r)
    Budget.spend(len(order))
    return order
