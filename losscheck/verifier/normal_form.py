"""Exact normal forms: sums of monomials with rational exponents over generators.

A *form* ``{monomial: coefficient}`` is a finite sum; a monomial maps generators to nonzero rational exponents.
Generators are variables, ``E[m] = exp(m)`` for a monomial m, logarithms of generators, primes (for roots), absolute
values, irreducible sums, and opaque atoms. Every rewriting is an identity of the reals at each point where the
original is defined; forms that differ say nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from losscheck.verifier.budget import Budget
from losscheck.verifier.exponents import Exponent, added, exponent

Monomial = tuple[tuple[int, Fraction], ...]
Form = dict[Monomial, Fraction]
F0, F1 = Fraction(0), Fraction(1)
ONCE = exponent(1)
UNIT: Form = {(): F1}
BOUNDED = ("erf", "sin", "cos")


class TooLarge(Exception):
    """The normal form outgrows its budget, or a division by zero or another undefined operation occurs."""


@dataclass(frozen=True)
class Generator:
    """``kind`` and ``payload``; ``nonnegative`` wherever it is defined."""

    kind: str
    payload: Any
    nonnegative: bool


def frozen(form: Form) -> tuple[tuple[Monomial, Fraction], ...]:
    """A form as a hashable key."""
    return tuple(sorted(form.items()))


def total(*parts: tuple[Fraction, Form]) -> Form:
    """``sum of factor * form``."""
    out: Form = {}
    for k, form in parts:
        for m, c in form.items():
            new = c if k is F1 else k * c
            out[m] = out[m] + new if m in out else new
    return {m: c for m, c in out.items() if c}


class Algebra:
    """The generators met so far, and arithmetic on forms over them."""

    BUDGET, TERMS, DEGREE = 100_000, 60, 24

    def __init__(self, unit: frozenset[str], simplex: frozenset[str]) -> None:
        self.unit, self.simplex = unit, simplex
        self.generators: list[Generator] = []
        self.ids: dict[Hashable, int] = {}
        self.products: dict[tuple[Monomial, Monomial], tuple[Fraction, Monomial]] = {}
        self.work = 0

    def spend(self, steps: int) -> None:
        """Count work; stop beyond the budget of this form or of the whole verification."""
        self.work += steps
        Budget.spend(3 * steps)
        if self.work > self.BUDGET:
            raise TooLarge("the normal form is too large")

    def generator(self, kind: str, payload: Hashable, nonnegative: bool = False) -> int:
        """The number of a generator, made when new."""
        key = (kind, payload)
        if key not in self.ids:
            self.ids[key] = len(self.generators)
            self.generators.append(Generator(kind, payload, nonnegative))
        return self.ids[key]

    def atom(self, kind: str, payload: Hashable, nonnegative: bool = False) -> Form:
        """A generator as a form."""
        return {((self.generator(kind, payload, nonnegative), ONCE),): F1}

    def monomial(self, powers: Iterable[tuple[int, Fraction]]) -> tuple[Fraction, Monomial]:
        """The product of generator powers: exponents add, whole powers of primes fold, ``|x|^2 = x^2``."""
        merged: dict[int, Exponent] = {}
        for g, e in powers:
            merged[g] = added(merged[g], exponent(e)) if g in merged else exponent(e)
        coefficient = F1
        for g in list(merged):
            kind, payload = self.generators[g].kind, self.generators[g].payload
            if kind == "prime":
                whole = floor(merged[g])
                if abs(whole) * payload.bit_length() > 8192:
                    raise TooLarge("a constant is too large")
                if whole:
                    coefficient *= Fraction(payload) ** whole
                    merged[g] = exponent(merged[g] - whole)
            elif kind == "abs":
                even = 2 * floor(merged[g] / 2)
                if even:
                    merged[payload] = exponent(merged.get(payload, F0) + even)
                    merged[g] = exponent(merged[g] - even)
        return coefficient, tuple(sorted((g, e) for g, e in merged.items() if e))

    def product(self, m: Monomial, n: Monomial) -> tuple[Fraction, Monomial]:
        """The product of two monomials, worked out once: the generators met so far do not change."""
        if (m, n) not in self.products:
            self.products[m, n] = self.monomial((*m, *n))
        return self.products[m, n]

    def times(self, a: Form, b: Form) -> Form:
        """Product of forms."""
        out: Form = {}
        for m, c in a.items():
            self.spend(len(b) * (1 + len(m) // 4))
            for n, d in b.items():
                k, mn = self.product(m, n)
                new = c * d if k is F1 else c * d * k
                out[mn] = out[mn] + new if mn in out else new
        return {m: c for m, c in out.items() if c}

    def whole_power(self, a: Form, n: int) -> Form:
        """``a ** n`` for a natural number n, multiplied out."""
        if n > self.DEGREE:
            raise TooLarge("the degree is too large")
        out = UNIT
        for _ in range(n):
            out = self.times(out, a)
        return out

    def sums(self, form: Form) -> list[int]:
        """Sum generators at the top of a form, latest first: each contains only earlier generators."""
        found = {g for m in form for g, _ in m if self.generators[g].kind == "sum"}
        return sorted(found, reverse=True)

    def unfold(self, form: Form, g: int) -> tuple[Fraction, Form] | None:
        """``(e, rest)`` with ``form = g**e * rest`` and rest free of g; None when exponents differ by fractions."""
        exponents = {m: dict(m).get(g, F0) for m in form}
        least = min(exponents.values())
        if any((e - least).denominator != 1 for e in exponents.values()):
            return None
        base = dict(self.generators[g].payload)
        groups: dict[int, Form] = {}
        for m, e in exponents.items():
            groups.setdefault(int(e - least), {})[tuple(x for x in m if x[0] != g)] = form[m]
        return least, total(*((F1, self.times(part, self.whole_power(base, n))) for n, part in groups.items()))

    def is_zero(self, form: Form) -> bool:
        """Whether the form is 0 wherever it is defined (False: not shown)."""
        if not form:
            return True
        found = self.sums(form)
        if not found:
            return False
        g, classes = found[0], dict[Fraction, Form]()
        for m, c in form.items():
            classes.setdefault(dict(m).get(g, F0) % 1, {})[m] = c
        rests = [self.unfold(part, g) for part in classes.values()]
        return all(rest is not None and self.is_zero(rest[1]) for rest in rests)

    def root_or_square(self, g: int, e: Fraction) -> bool:
        """Whether ``g ** e`` is >= 0 wherever it is defined: of a root, g itself is."""
        return self.generators[g].nonnegative or e.denominator != 1 or e % 2 == 0

    def nonnegative(self, form: Form) -> bool:
        """Whether a form is >= 0 wherever it is defined, by its signs alone."""
        if all(c > 0 and all(self.root_or_square(g, e) for g, e in m) for m, c in form.items()):
            return True
        rest = {m: c for m, c in form.items() if m}
        if any(len(m) != 1 or m[0][1] != 1 for m in rest):
            return False
        made = [(self.generators[m[0][0]], c) for m, c in rest.items()]
        room = form.get((), F0)
        if all(x.kind in BOUNDED for x, _ in made):
            return sum((abs(c) for _, c in made), F0) <= room
        names = {x.payload for x, _ in made if x.kind == "var"}
        inside = len(names) == len(made) and (names <= self.simplex or (len(names) == 1 and names <= self.unit))
        return inside and all(-c <= room for _, c in made) and room >= 0
