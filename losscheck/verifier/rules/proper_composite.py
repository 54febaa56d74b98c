r"""Composite losses ``l(z, y) = lambda(psi^{-1}(z), y)`` of strictly proper losses with an invertible link.

- ``link`` (one score): the premise is a proof of ``recovers_probability`` by rules/recovers_by_link.py: the minimisers
  of the risk at eta are the z with eta(z) = eta, where eta(z) is continuous and nondecreasing from 0 to 1. On an open
  piece it is analytic, so unless its slope, of the sign of ``f0' f1'' - f1' f0''``, vanishes identically there, it
  increases strictly. If that expression is positive at a rational point of every piece, but for those where ``f0' = 0``
  or ``f1' = 0`` and eta(z) is 0 or 1, then eta(z) increases strictly wherever it lies in (0, 1): every eta has exactly
  one minimiser ``psi(eta)``, and psi is continuous and strictly monotone.
- ``softmax`` (logits): every minimising sequence of every interior law has its softmax converge to it (premise
  ``recovers_probability``), and the loss is continuous (no branches, defined everywhere) and invariant under shifts. So
  ``lambda(q, y) = l(log q, y)`` is strictly proper on the open simplex, and l is its composition with softmax.
- ``not_recovered`` (one score): no link exists if ``recovers_probability`` is false (premise): some eta has no finite
  minimiser, or two share one.
- ``shifted`` (logits): a loss that is not invariant under shifts of all scores (premise) is no function of softmax(z).

Proof node: ``{"rule": "proper_composite", "way": ..., "premise": proof}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.functions_1d import two_sides
from losscheck.verifier.identity import vanishes
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import defined_everywhere, whole_domain
from losscheck.verifier.softmax import shift_invariant
from losscheck.verifier.terms import walk
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")
NAME = "proper_composite"


def inside(c: Curve, i: int) -> Fraction:
    """A rational point of the open piece i."""
    a = c.cuts[i - 1].high if i else None
    b = c.cuts[i].low if i < len(c.cuts) else None
    if a is None or b is None:
        return a + 1 if a is not None else b - 1 if b is not None else Fraction(0)
    return (a + b) / 2


def increasing(case: Case, premise: dict[str, Any]) -> bool:
    """Whether the link of the premise is flat on no piece where it lies in (0, 1)."""
    pool, x, sides = case.pool, case.variables[0], two_sides(case)
    sides = sides[::-1] if premise["turned"] else sides
    one, zero = (curve(pool, f, x, None, None, premise["breaks"], sides) for f in sides)
    low, high = (None if premise[k] is None else rational(premise[k]) for k in ("low", "high"))
    for i in range(len(one.pieces)):
        at = inside(one, i)
        if (low is not None and at < low) or (high is not None and at > high):
            continue  # the risk is monotone there, whatever eta
        d1, d0 = one.derivative(i), zero.derivative(i)
        if vanishes(pool, d1) or vanishes(pool, d0):
            continue  # the link is 1 or 0 there
        turn = pool.sub(pool.mul(d0, one.derivative(i, 2)), pool.mul(d1, zero.derivative(i, 2)))
        if constant_sign(pool, exactly(pool, turn, {x: at})) != "+":
            return False
    return True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise and what a way needs besides."""
    way, premise = proof["way"], proof["premise"]
    one_score = case.kind != "logits"
    if way in ("not_recovered", "shifted"):
        expect((way == "not_recovered") == one_score, "the way is for another kind of loss")
        checker.premise(premise, "recovers_probability" if one_score else "shift_invariant", holds=False)
        return Fact(NAME, holds=False)
    found = checker.premise(premise, "recovers_probability")
    if one_score:
        expect(way == "link" and premise["rule"] == "recovers_by_link", "the premise is not by a link")
        expect(increasing(case, premise), "the link is not shown to increase strictly")
        return Fact(NAME)
    expect(way == "softmax" and found.params == {"link": "softmax"}, "the premise is about another link")
    expect(not any(n.op == "where" for n in walk(*case.roots)), "a loss branches")
    value = whole_domain(case)
    expect(all(defined_everywhere(root, value) for root in case.roots), "a loss is not shown to be defined everywhere")
    expect(shift_invariant(case), "the loss is not shown invariant under shifts of all scores")
    return Fact(NAME)
