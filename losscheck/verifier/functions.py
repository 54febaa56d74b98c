"""Functions of normal forms: exp, log, powers, absolute values, maxima, branches, each split as far as signs allow."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from losscheck.verifier.factors import Factors
from losscheck.verifier.normal_form import F0, F1, UNIT, Form, TooLarge, frozen, total

HALF = Fraction(1, 2)


class Functions(Factors):
    """Forms with the functions a graph can hold; an undefined operation raises :class:`TooLarge`."""

    def variable(self, name: str) -> Form:
        """A variable; those of the unit interval are nonnegative."""
        return self.atom("var", name, name in self.unit)

    def tidy(self, form: Form) -> Form:
        """The form with its sums cleared and cancelled, as the argument of an atom wants it."""
        if not self.sums(form):
            return form
        c, powers = self.factor(form) if form else (F0, {})
        return {m: c * k for k, m in [self.monomial(powers.items())]} if c else {}

    def positive_factors(self, form: Form) -> tuple[Fraction, list[tuple[int, Fraction]]]:
        """``form = c * product of g**e`` with c > 0 and every factor nonnegative wherever the form is.

        Factors of unknown sign: even powers become powers of ``|g|``; one odd power is nonnegative as all others are;
        several odd ones, or one beside a negative constant, become one generator.
        """
        c, powers = self.factor(form)
        out: list[tuple[int, Fraction]] = []
        odd: list[int] = []
        for g, e in powers.items():
            if self.generators[g].nonnegative or e.denominator != 1:
                out.append((g, e))
            elif e % 2 == 0:
                out.append((self.generator("abs", g, True), e))
            else:
                odd.append(g)
        if len(odd) == 1 and c > 0:
            out.append((odd[0], powers[odd[0]]))
        elif odd:
            product: Form = {(): F1 if c > 0 else -F1}
            for g in odd:
                known = self.generators[g]
                product = self.times(product, dict(known.payload) if known.kind == "sum" else {((g, F1),): F1})
                if powers[g] != 1:
                    out.append((self.generator("abs", g, True), powers[g] - 1))
            out.append((self.generator("sum", frozen(product), self.nonnegative(product)), F1))
        elif c < 0:
            raise TooLarge("a root or a logarithm of something negative")
        return abs(c), out

    def constant_powers(self, c: Fraction, e: Fraction) -> list[tuple[int, Fraction]]:
        """Powers of primes (small ones; what is left of large numbers stays whole) whose product is ``c ** e``."""
        out: list[tuple[int, Fraction]] = []
        for number, exponent in ((c.numerator, e), (c.denominator, -e)):
            prime = 2
            while prime <= 1000 and prime * prime <= number:
                while number % prime == 0:
                    out.append((self.generator("prime", prime, True), exponent))
                    number //= prime
                prime += 1
            if number > 1:
                out.append((self.generator("prime", number, True), exponent))
        return out

    def power(self, form: Form, e: Fraction) -> Form:
        """``form ** e``."""
        if e.denominator == 1 and 0 <= e <= 4 and len(form) <= 6:
            return self.whole_power(form, int(e))
        if not form:
            if e > 0:
                return {}
            raise TooLarge("a negative power of zero")
        if e.denominator == 1:
            c, powers = self.factor(form)
            if abs(e) * (abs(c.numerator) + c.denominator).bit_length() > 8192:
                raise TooLarge("a constant is too large")
            k, m = self.monomial((g, x * e) for g, x in powers.items())
            return {m: k * c**e.numerator}
        c, factors = self.positive_factors(form)
        k, m = self.monomial([*self.constant_powers(c, e), *((g, x * e) for g, x in factors)])
        return {m: k}

    def log(self, form: Form) -> Form:
        """``log form``, split over its factors."""
        c, factors = self.positive_factors(form)
        parts: list[tuple[Fraction, Form]] = []
        for g, e in [*self.constant_powers(c, F1), *factors]:
            turned = self.conjugate(g)
            if turned is not None:
                g, norm = turned
                parts += [(e * k, self.atom("log", n)) for n, k in self.constant_powers(norm, F1)]
                e = -e
            made = self.generators[g]
            parts.append((e, {made.payload: F1} if made.kind == "exp" else self.atom("log", g)))
        return total(*parts)

    def conjugate(self, g: int) -> tuple[int, Fraction] | None:
        """For ``b + a`` with a root b, a with a negative lead and ``b^2 - a^2 = n > 0``: the generator of b - a, and n.

        Where ``b + a`` is positive so is ``b - a = n / (b + a)``: ``log(b + a) = log n - log(b - a)``, as of arcsinh.
        """
        if self.generators[g].kind != "sum":
            return None
        form: Form = dict(self.generators[g].payload)
        roots = [m for m in form if any(e.denominator == 2 for _, e in m)]
        rest = {m: c for m, c in form.items() if m not in roots}
        if len(roots) != 1 or not rest or min(rest.items())[1] > 0:
            return None
        root = {roots[0]: form[roots[0]]}
        norm = self.tidy(total((F1, self.times(root, root)), (-F1, self.times(rest, rest))))
        c, powers = self.factor(total((F1, root), (-F1, rest)))
        alone = len(powers) == 1 and c == 1 and set(powers.values()) == {F1}
        return (next(iter(powers)), norm[()]) if alone and set(norm) == {()} and norm[()] > 0 else None

    def exp(self, form: Form) -> Form:
        """``exp form``: one monomial, ``exp(c log g) = g**c``."""
        mixed = {m: c for m, c in form.items() if any(self.generators[g].kind == "sum" for g, _ in m)}
        form = total((F1, {m: c for m, c in form.items() if m not in mixed}), (F1, self.tidy(mixed)))
        powers: list[tuple[int, Fraction]] = []
        for m, c in form.items():
            made = self.generators[m[0][0]] if len(m) == 1 and m[0][1] == 1 else None
            if made is not None and made.kind == "log":
                powers.append((made.payload, c))
            else:
                powers.append((self.generator("exp", m, True), c))
        k, merged = self.monomial(powers)
        return {merged: k}

    def absolute(self, form: Form) -> Form:
        """``|form|``, split over its factors."""
        if not form:
            return {}
        c, powers = self.factor(form)
        out: list[tuple[int, Fraction]] = []
        for g, e in powers.items():
            out.append((g if self.root_or_square(g, e) else self.generator("abs", g, True), e))
        k, m = self.monomial(out)
        return {m: k * abs(c)}

    def odd(self, kind: str, form: Form) -> Form:
        """An odd function as an atom."""
        form = self.tidy(form)
        if not form:
            return {}
        turned = min(form.items())[1] < 0
        inner = self.atom(kind, frozen(total((-F1 if turned else F1, form))))
        return total((-F1 if turned else F1, inner))

    def even(self, kind: str, form: Form) -> Form:
        """An even function as an atom (cosine: 1 at 0)."""
        form = self.tidy(form)
        if not form:
            return UNIT
        return self.atom(kind, frozen(total((F1 if min(form.items())[1] > 0 else -F1, form))))

    def log_ndtr(self, form: Form) -> Form:
        """``log((1 + erf(x / sqrt 2)) / 2)``."""
        inner = self.times(form, self.power(total((HALF, UNIT)), HALF))
        return self.log(total((HALF, UNIT), (HALF, self.odd("erf", inner))))

    def common_scale(self, forms: Sequence[Form]) -> Form:
        """The largest power of exponentials (positive, so it moves through maxima and signs) common to all terms."""
        monomials = [dict(m) for form in forms for m in form]
        found = {g for m in monomials[:1] for g in m if self.generators[g].kind == "exp"}
        least = {g: min(m.get(g, F0) for m in monomials) for g in found}
        return {tuple(sorted((g, e) for g, e in least.items() if e)): F1}

    def divided(self, form: Form, scale: Form) -> Form:
        """A form over a monomial."""
        (m,) = scale
        return self.times(form, {tuple((g, -e) for g, e in m): F1})

    def maximum(self, forms: Sequence[Form]) -> Form:
        """Maximum: of two by the absolute difference; of more as an atom of what is not common to all."""
        distinct = {frozen(f): f for f in forms}
        values = list(distinct.values())
        if len(values) == 1:
            return values[0]
        if len(values) == 2:
            gap = self.absolute(total((F1, values[0]), (-F1, values[1])))
            return total((HALF, values[0]), (HALF, values[1]), (HALF, gap))
        common = {m: min(f.get(m, F0) for f in values) for f in values for m in f}
        rests = [self.tidy(total((F1, f), (-F1, common))) for f in values]
        unit = self.common_scale(rests)
        scale = max((abs(c) for f in rests for c in f.values()), default=F1)
        inner = tuple(sorted(frozen(total((1 / scale, self.divided(f, unit)))) for f in rests))
        return total((F1, common), (scale, self.times(unit, self.atom("max", inner))))

    def where(self, key: object, a: Form, b: Form) -> Form:
        """``a`` where the condition ``key`` holds, else ``b``; what both share is taken out."""
        if key == "true":
            return a
        common = {m: c for m, c in a.items() if b.get(m) == c}
        rest = [self.tidy(total((F1, f), (-F1, common))) for f in (a, b)]
        if not rest[0] and not rest[1]:
            return a
        unit = self.common_scale(rest)
        rest = [self.divided(f, unit) for f in rest]
        lead = min((rest[0] or rest[1]).items())[1]
        inner = (key, *(frozen(total((1 / lead, f))) for f in rest))
        return total((F1, common), (lead, self.times(unit, self.atom("where", inner))))
