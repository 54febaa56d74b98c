"""Factors of normal forms: sums are cleared, then factored over the rationals."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from losscheck.verifier.normal_form import F0, F1, Algebra, Form, TooLarge, frozen, total


class Factors(Algebra):
    """Forms that can be written as products of generators."""

    def sum_power(self, form: Form) -> tuple[Fraction, int]:
        """``(c, g)`` with ``form = c * g``: a sum as a generator, of integer content 1 and positive if known so."""
        content = Fraction(gcd(*(c.numerator for c in form.values())), lcm(*(c.denominator for c in form.values())))
        scaled = total((1 / content, form))
        turned = total((-F1, scaled))
        known = self.nonnegative(scaled)
        if not known and (self.nonnegative(turned) or min(scaled.items())[1] < 0):
            content, scaled, known = -content, turned, self.nonnegative(turned)
        if len(scaled) == 1 and len(next(iter(scaled))) == 1 and next(iter(scaled))[0][1] == 1:
            return content, next(iter(scaled))[0][0]
        return content, self.generator("sum", frozen(scaled), known)

    def factor(self, form: Form) -> tuple[Fraction, dict[int, Fraction]]:
        """``c`` and powers of generators whose product is the form: sums cleared, then factored over Q."""
        if not form:
            raise TooLarge("a division by zero, or the logarithm of zero")
        outer: list[tuple[int, Fraction]] = []
        for _ in range(100):
            apart = next(((g, u) for g in self.sums(form) if (u := self.unfold(form, g)) is not None), None)
            if apart is None or len(form) == 1:
                break
            outer.append((apart[0], apart[1][0]))
            form = apart[1][1]
            if not form:
                raise TooLarge("a division by zero, or the logarithm of zero")
        if len(form) > 1:
            free = {g for m in form for g, _ in m if self.generators[g].kind not in ("prime", "abs")}
            least = {g: min(dict(m).get(g, F0) for m in form) for g in free}
            outer += least.items()
            form = self.times(form, {tuple(sorted((g, -e) for g, e in least.items() if e)): F1})
        if len(form) == 1:
            ((m, c),) = form.items()
            k, merged = self.monomial((*outer, *m))
            return c * k, dict(merged)
        coefficient, parts = self.split(form)
        for part, n in parts:
            c, g = self.sum_power(part)
            coefficient *= c**n
            outer.append((g, Fraction(n)))
        k, merged = self.monomial(outer)
        return coefficient * k, dict(merged)

    def split(self, form: Form) -> tuple[Fraction, list[tuple[Form, int]]]:
        """Irreducible factors of a polynomial in (roots of) generators; the form itself when it is large."""
        used = sorted({g for m in form for g, _ in m})
        scale = {g: lcm(*(dict(m).get(g, F0).denominator for m in form)) for g in used}
        rows = {tuple(int(dict(m).get(g, F0) * scale[g]) for g in used): c for m, c in form.items()}
        if any(self.generators[g].kind in ("prime", "abs") for g in used):
            return F1, [(form, 1)]  # their squares reduce, so they are no free variables
        if len(form) > self.TERMS or any(min(r) < 0 or sum(r) > self.DEGREE for r in rows):
            return F1, [(form, 1)]
        self.spend(20 * len(form))
        ring = fmpq_mpoly_ctx.get([f"x{i}" for i in range(len(used))], Ordering.lex)
        constant, factors = ring.from_dict({r: fmpq(c.numerator, c.denominator) for r, c in rows.items()}).factor()
        out = []
        for p, n in factors:
            terms = {
                tuple((g, Fraction(int(k), scale[g])) for g, k in zip(used, r, strict=True) if k): Fraction(
                    int(c.p), int(c.q)
                )
                for r, c in p.to_dict().items()
            }
            out.append((terms, int(n)))
        return Fraction(int(constant.p), int(constant.q)), out
