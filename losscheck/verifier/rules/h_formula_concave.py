r"""A formula of T of a comp-sum loss with a concave profile over all scores: the least of a few affine functions.

By ``h_transform_concave``, with ``g = phi(0) - phi`` and ``a = max(t, (1 + t)/K)``,

    T(t) = min( g(1) t, min over j = 2..K of  g(1) a - g(1/j) min(1, j a - t) )

and the number under the minimum is the larger of ``g(1) a - g(1/j)`` and ``g(1) a - g(1/j) (j a - t)``. On a piece of t
on one side of 1/(K - 1), where a is affine, all of these are affine in t. The certificate names j for every piece (1
for ``g(1) t``) and which of the two numbers is the larger; what is affine is compared at both ends.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.comp_sum import comp_sum
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.rules.h_transform_concave import concave_decreasing
from losscheck.verifier.terms import Node, Pool
from losscheck.verifier.transform_formula import Span, spans
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)
ONE = Fraction(1)
Line = tuple[Node, Node]
"""``(constant, slope)`` in t."""


def lines(pool: Pool, gains: dict[int, Node], k: int, late: bool) -> dict[int, list[Line]]:
    """For every j the one or two affine functions whose largest counts, where a = t (late) or a = (1 + t)/K."""
    a0, a1 = (Fraction(0), ONE) if late else (Fraction(1, k), Fraction(1, k))
    found: dict[int, list[Line]] = {1: [(pool.zero, gains[1])]}
    for j in range(2, k + 1):
        base = pool.scale(a0, gains[1]), pool.scale(a1, gains[1])
        flat = pool.sub(base[0], gains[j]), base[1]
        moved = pool.sub(base[0], pool.scale(j * a0, gains[j])), pool.sub(base[1], pool.scale(j * a1 - 1, gains[j]))
        found[j] = [flat, moved]
    return found


def at_least(span: Span, high: Line, low: Line) -> bool:
    """Whether one affine function is at least another on the span."""
    pool = span.pool
    return span.affine_signs(pool.sub(high[0], low[0]), pool.sub(high[1], low[1])) <= {"+", "0"}


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss and compare the affine functions."""
    pool, k = case.pool, len(case.variables)
    expect(hypotheses(proof["hypotheses"]).everything, "the rule is about all scores")
    phi = comp_sum(case, proof)
    concave_decreasing(case, phi)
    s, shares = pool.var("s"), [Fraction(0), *(Fraction(1, j) for j in range(1, k + 1))]
    at = [pool.substitute(phi, {s: pool.const(x)}) for x in shares]
    gains = {j: pool.sub(at[0], at[j]) for j in range(1, k + 1)}
    middle = pool.const(Fraction(1, k - 1))
    for span, (j, which) in zip(spans(pool, proof["formula"]), proof["lines"], strict=True):
        late = constant_sign(pool, pool.sub(span.left, middle)) in "+0"
        expect(late or constant_sign(pool, pool.sub(middle, span.right)) in "+0", "a piece holds t = 1/(K - 1)")
        every = lines(pool, gains, k, late)
        expect(type(j) is int and j in every and which in range(len(every[j])), "no such affine function")
        least = every[j][which]
        expect(all(at_least(span, least, other) for other in every[j]), "the other number of j is larger")
        for others in every.values():
            expect(any(at_least(span, other, least) for other in others), "another j is shown nowhere to be larger")
        span.claims(pool.add(least[0], pool.mul(least[1], pool.var("t"))))
    return Fact("transform_formula", True, {"hypotheses": proof["hypotheses"]}, value=proof["formula"])
