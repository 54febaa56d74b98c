"""Formulas of T by pieces of t: the open intervals they hold on, and signs of what is affine in t there."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import CertificateRejected, expect
from losscheck.verifier.defined import analytic_on
from losscheck.verifier.formula_text import formula_pieces, formula_text
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import interval_sign, smooth
from losscheck.verifier.numbers import fraction
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.terms import Node, Pool

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Span:
    """T is ``formula`` for t between the constants left and right, which rationals enclose: a <= left, right <= b."""

    pool: Pool
    left: Node
    right: Node
    a: Fraction
    b: Fraction
    formula: Node

    def sign(self, n: Node) -> str:
        """Sign of a node on the open span."""
        return interval_sign(self.pool, n, "t", self.a, self.b)

    def defined(self, n: Node) -> bool:
        """Whether a node is analytic on the span."""
        return smooth(n) and analytic_on(self.pool, n, "t", self.a, self.b)

    def is_zero(self, n: Node) -> bool:
        """Whether a node is 0 wherever it is defined."""
        return vanishes(self.pool, n, unit=("t",))

    def affine_signs(self, constant: Node, slope: Node) -> set[str]:
        """Signs of ``constant + slope t`` at both ends; what is affine has the sign it has at both."""
        ends = (self.pool.add(constant, self.pool.mul(slope, end)) for end in (self.left, self.right))
        return {constant_sign(self.pool, end) for end in ends}

    def act(self, text: Any) -> Node:
        """A formula of the certificate, defined on the span."""
        found = formula_text(self.pool, text, "t")
        expect(self.defined(found), "the place of an infimum is not shown defined")
        return found

    def mixed(self, own: Node, other: Node) -> Node:
        """``(1 + t)/2 own + (1 - t)/2 other``."""
        t = self.pool.scale(HALF, self.pool.var("t"))
        half = self.pool.const(HALF)
        return self.pool.add(self.pool.mul(self.pool.add(half, t), own), self.pool.mul(self.pool.sub(half, t), other))

    def claims(self, value: Node) -> None:
        """Check that the formula is this value."""
        fits = self.is_zero(self.pool.sub(self.formula, value))
        expect(fits, "the formula is not shown to be the regret at the infima")


def spans(pool: Pool, text: object) -> list[Span]:
    """The pieces of a formula of T, each shown to be defined on its interval."""
    pieces = formula_pieces(pool, text)
    found = []
    for (left, _), (right, formula) in pairwise([(pool.zero, pool.zero), *pieces]):
        low, high = Enclosure({})(left)[0], Enclosure({})(right)[1]
        span = Span(pool, left, right, fraction(low), fraction(high), formula)
        if not span.defined(formula):
            raise CertificateRejected("a formula of T is not shown to be defined")
        found.append(span)
    return found
