"""Graphs read on the faces that a threshold cuts (:mod:`losscheck.verifier.threshold_faces`).

Sums, products, powers and switches are polynomials in T and the gaps there, with one root of a polynomial at most. A
form without T whose coefficients have one sign has that sign, strictly: every gap is positive. A switch that this does
not decide is read all three ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from flint import fmpq, fmpq_mpoly

from losscheck.verifier.budget import Budget
from losscheck.verifier.certificate import CertificateRejected, expect
from losscheck.verifier.terms import BOOLEAN, Node
from losscheck.verifier.threshold_faces import Face, as_fmpq, rational_root

MOST_SUPPOSED, MOST_TERMS, HIGHEST, MOST_DEGREE = 6, 400, 12, 24
FLIP = {"+": "-", "-": "+", "0": "0"}


@dataclass(frozen=True)
class Value:
    """``plain + factor * sqrt(under)``."""

    plain: fmpq_mpoly
    factor: fmpq = field(default_factory=lambda: fmpq(0))
    under: fmpq_mpoly | None = None


class Undecided(Exception):
    """The sign of a form is needed."""


class Reader:
    """The values of nodes on a face; ``known`` has the signs that this way of reading supposes."""

    def __init__(self, face: Face, known: dict[str, str]) -> None:
        self.face, self.known = face, known
        self.done: dict[int, Value] = {}
        self.truths: dict[int, bool] = {}

    def sign(self, p: fmpq_mpoly) -> str:
        """The sign of p on all of the face."""
        signs = set()
        forms = self.face.forms(p)
        for form in forms:
            ups = {c > 0 for c in form.coeffs()}
            mixed = len(ups) > 1 or any(powers[0] for powers in form.monoms())
            signs.add("?" if mixed else "+" if ups == {True} else "-")
        if signs == {"+", "-"} and len(forms) == 2:  # u - v has the sign of u ** q - v ** q, for positive u and v
            high, low = forms if forms[0].leading_coefficient() > 0 else reversed(forms)
            return self.sign(raised(high, self.face.q) - raised(-low, self.face.q))
        if len(signs) > 1 or "?" in signs:
            lead = forms[0].leading_coefficient()
            key = ";".join(str(form / lead) for form in forms)
            if key not in self.known:
                raise Undecided(key)
            return self.known[key] if lead > 0 else FLIP[self.known[key]]
        return signs.pop() if signs else "0"

    def sign_of(self, v: Value) -> str:
        """The sign of a value; of one with a root by squares."""
        if v.under is None:
            return self.sign(v.plain)
        lead, plain = "+" if v.factor > 0 else "-", self.sign(v.plain)
        if plain in ("0", lead):
            return lead
        larger = self.sign(v.factor * v.factor * v.under - v.plain * v.plain)
        return larger if lead == "+" else FLIP[larger]

    def __call__(self, n: Node) -> Value:
        """The value of a node."""
        found = self.done.get(n.id)
        if found is None:
            found = self.done[n.id] = self._read(n)
            size = len(found.plain)
            Budget.spend(2 + size + len(n.args))
            expect(size <= MOST_TERMS, "a polynomial has too many terms")
        return found

    def _read(self, n: Node) -> Value:
        if n.op == "const":
            return Value(self.face.one * as_fmpq(n.value))
        if n.op == "var":
            return Value(self.face.scores[n.value])
        if n.op == "where":
            return self(n.args[1 if self.holds(n.args[0]) else 2])
        if n.op not in ("add", "mul", "pow", "abs", "max", "min"):
            raise CertificateRejected(f"{n.op} is not read on faces")
        args = [self(x) for x in n.args]
        if n.op == "add":
            return self.total(n.value, args)
        if n.op == "mul":
            return self.times(args)
        if n.op == "pow":
            return self.power(args[0], n.value)
        if n.op == "abs":
            return args[0] if self.sign_of(args[0]) in "+0" else self.scaled(fmpq(-1), args[0])
        best = args[0]
        for other in args[1:]:
            ahead = self.sign_of(self.total((Fraction(0), Fraction(1), Fraction(-1)), [other, best]))
            best = other if ahead == ("+" if n.op == "max" else "-") else best
        return best

    def holds(self, c: Node) -> bool:
        """Whether a condition holds on the face, whatever the sign of a form may be that is not decided."""
        if c.id not in self.truths:
            try:
                self.truths[c.id] = self._holds(c)
            except Undecided as needed:
                found = {self.supposing(needed.args[0], s).holds(c) for s in "+-0"}
                if len(found) > 1:
                    raise
                self.truths[c.id] = found.pop()
        return self.truths[c.id]

    def supposing(self, form: str, sign: str) -> Reader:
        """A reader that supposes the sign of one more form."""
        other = Reader(self.face, {**self.known, form: sign})
        expect(len(other.known) <= MOST_SUPPOSED, "too many switches are not decided on a face")
        other.done, other.truths = dict(self.done), dict(self.truths)
        return other

    def _holds(self, c: Node) -> bool:
        expect(c.op in BOOLEAN, f"{c.op} is no condition")
        if c.op in ("true", "false"):
            return c.op == "true"
        if c.op == "not":
            return not self.holds(c.args[0])
        if c.op == "and":
            return all([self.holds(x) for x in c.args])
        a, b = (self(x) for x in c.args)
        ahead = self.sign_of(self.total((Fraction(0), Fraction(-1), Fraction(1)), [a, b]))
        return ahead in {"lt": "+", "le": "+0", "eq": "0"}[c.op]

    def scaled(self, c: fmpq, v: Value) -> Value:
        """``c * v``."""
        return Value(c * v.plain, c * v.factor, v.under if c != 0 else None)

    def total(self, coefficients: tuple[Fraction, ...], args: list[Value]) -> Value:
        """``c0 + sum of c * v``; roots must be of one polynomial."""
        plain, factor, under = self.face.one * as_fmpq(coefficients[0]), fmpq(0), None
        for c, v in zip(coefficients[1:], args, strict=True):
            plain += as_fmpq(c) * v.plain
            if v.under is not None:
                expect(under is None or under == v.under, "a sum of two roots")
                factor, under = factor + as_fmpq(c) * v.factor, v.under
        return Value(plain, factor, under) if factor != 0 else Value(plain)

    def times(self, args: list[Value]) -> Value:
        """A product; a root may be multiplied by a number."""
        out = Value(self.face.one)
        for v in args:
            if v.under is None and out.under is None:
                expect(out.plain.total_degree() + v.plain.total_degree() <= MOST_DEGREE, "a product is too high")
                out = Value(out.plain * v.plain)
                continue
            number, other = (out, v) if out.under is None else (v, out)
            c = self.face.constant(number.plain) if number.under is None else None
            if c is None:
                raise CertificateRejected("a root is multiplied by what is no number")
            out = self.scaled(c, other)
        return out

    def power(self, v: Value, e: Fraction) -> Value:
        """``v ** e``, where it is defined."""
        expect(abs(e.numerator) <= HIGHEST and e.denominator <= HIGHEST, "a power is too high")
        if v.under is not None:
            expect(v.plain.is_zero() and e == 2, "a power of a sum with a root")
            return Value(v.factor * v.factor * v.under)
        if e.denominator == 1 and e > 0:
            return Value(raised(v.plain, e.numerator))
        if e.denominator > 1:
            s = self.sign(v.plain)
            expect(s == "+" or (s == "0" and e > 0), "a root of what is not shown to be positive")
            if s == "0":
                return Value(self.face.zero)
            root = self.root(v.plain, e.denominator)
            if root is None:
                expect(e == Fraction(1, 2), "no exact root")
                (form,) = self.face.forms(v.plain)
                return Value(self.face.zero, fmpq(1), form)
            return self.power(Value(root), Fraction(e.numerator))
        number = self.face.constant(v.plain)
        if number is None or number == 0:
            raise CertificateRejected("a division by what is no number")
        return Value(self.face.one * number**e.numerator)

    def root(self, p: fmpq_mpoly, d: int) -> fmpq_mpoly | None:
        """The positive d-th root of a positive p, if it is a polynomial where N = 1."""
        forms = self.face.forms(p)
        expect(len(forms) == 1, "a root of parts of different degrees")
        for times in range(d):
            c, factors = (forms[0] * self.face.norm**times).factor()
            number = rational_root(c, d)
            if number is None or any(order % d for _, order in factors):
                continue
            found = self.face.one * number
            for factor, order in factors:
                found *= factor ** (order // d)
            return found if d % 2 or self.sign(found) == "+" else -found
        return None


def raised(p: fmpq_mpoly, e: int) -> fmpq_mpoly:
    """``p ** e``, of a bounded degree."""
    expect(p.total_degree() * e <= MOST_DEGREE, "a power is too high")
    return p**e


def readings(face: Face, roots: list[Node]) -> Iterator[list[Value]]:
    """The values of the roots on a face, in every way in which the undecided switches may stand."""
    ways = [Reader(face, {})]
    while ways:
        reader = ways.pop()
        try:
            found = [reader(root) for root in roots]
        except Undecided as needed:
            ways += [reader.supposing(needed.args[0], s) for s in "+-0"]
            continue
        yield found
