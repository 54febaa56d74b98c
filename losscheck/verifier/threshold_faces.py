r"""Sorted losses on the faces of R^K that a threshold cuts: which scores tie, which are above the threshold.

Let q be a natural number and ``a > 0``. For every z of R^K there is exactly one pair of a number T and a vector x with

    z = a (T 1 + x),   sum over i of max(x_i, 0)^q = 1

(the sum falls strictly and continuously in T while it is positive). A *face* fixes the order of the x_i with its ties
and where 0 stands in it: above it ``x = g_n, g_n + g_(n-1), ...``, below it ``x = -h_1, -h_1 - h_2, ...``, with gaps
``g, h > 0``, and one group of ties may be at 0. The faces cover R^K.

Since ``N(g) = sum of max(x, 0)^q`` is 1, parts whose degrees differ by multiples of q are made homogeneous by powers of
N.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import isqrt

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from losscheck.verifier.budget import Budget

MOST_CLASSES = 4


def faces(k: int) -> Iterator[tuple[tuple[int, ...], int, bool]]:
    """``(place of each class, groups above 0, whether the next group is at 0)``; place 0 is the largest score."""
    for places in product(range(k), repeat=k):
        groups = max(places) + 1
        if len(set(places)) == groups:
            for above in range(1, groups + 1):
                yield places, above, False
                if above < groups:
                    yield places, above, True


def as_fmpq(x: Fraction) -> fmpq:
    """A Fraction as FLINT has it."""
    return fmpq(x.numerator, x.denominator)


class Face:
    """One face: its ring, the entries x and the form N that is 1."""

    def __init__(
        self, names: list[str], a: Fraction, q: int, places: tuple[int, ...], above: int, at_zero: bool
    ) -> None:
        groups = max(places) + 1
        self.ring = fmpq_mpoly_ctx.get(tuple(["T", *(f"g{i}" for i in range(groups - at_zero))]), Ordering.lex)
        shift, *gaps = self.ring.gens()
        self.zero, self.one = self.ring.constant(0), self.ring.constant(1)
        levels = [sum(gaps[i:above], self.zero) for i in range(above)] + [self.zero] * at_zero
        while len(levels) < groups:
            levels.append((levels[-1] if len(levels) > above else self.zero) - gaps[len(levels) - at_zero])
        self.x: list[fmpq_mpoly] = [levels[place] for place in places]
        self.inside = [place < above for place in places]
        self.norm, self.q = self.over(q), q
        side = rational_root(fmpq(sum(self.inside)), q) if above == 1 else None
        if side is not None:  # N is the q-th power of a multiple of the only gap above 0, which is 1 itself
            self.norm, self.q = side * gaps[0], 1
        self.scores = {name: as_fmpq(a) * (shift + x) for name, x in zip(names, self.x, strict=True)}

    def over(self, power: int) -> fmpq_mpoly:
        """The sum of ``max(x, 0) ** power``."""
        return sum((x**power for x, inside in zip(self.x, self.inside, strict=True) if inside), self.zero)

    def forms(self, p: fmpq_mpoly) -> list[fmpq_mpoly]:
        """Homogeneous polynomials, none divisible by N, whose sum is p where N = 1; one per degree modulo q."""
        parts: dict[int, dict[int, fmpq_mpoly]] = {}
        for powers, c in p.terms():
            degree = sum(powers)
            own = parts.setdefault(degree % self.q, {})
            own[degree] = own.get(degree, self.zero) + self.ring.from_dict({powers: c})
        found = []
        for own in parts.values():
            top = max(own)
            form = sum((part * self.norm ** ((top - degree) // self.q) for degree, part in own.items()), self.zero)
            while form.total_degree() >= self.q:
                quotient, rest = divmod(form, self.norm)
                if not rest.is_zero():
                    break
                form = quotient
            Budget.spend(len(form))
            if not form.is_zero():
                found.append(form)
        return found

    def constant(self, p: fmpq_mpoly) -> fmpq | None:
        """The number that p is on the face, or None."""
        forms = self.forms(p)
        if not forms:
            return fmpq(0)
        return forms[0].leading_coefficient() if len(forms) == 1 and forms[0].is_constant() else None


def rational_root(c: fmpq, d: int) -> fmpq | None:
    """The rational d-th root of a positive rational."""
    ends = []
    for n in (int(c.p), int(c.q)):
        root = isqrt(n) if d == 2 else round(n ** (1 / d)) if n < 2**50 else 0
        if n <= 0 or root**d != n:
            return None
        ends.append(root)
    return fmpq(*ends)
