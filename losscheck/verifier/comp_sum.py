"""Losses ``l_y(z) = phi(softmax(alpha z)_y)`` with a convex, non-increasing phi."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import analytic_on
from losscheck.verifier.identity import vanishes
from losscheck.verifier.interval import interval_sign, smooth
from losscheck.verifier.pieces import finite_at
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.softmax import formula, replace, softmax
from losscheck.verifier.terms import Node


def comp_sum(case: Case, proof: dict[str, Any]) -> Node:
    """The profile phi of the certificate, in the variable s, checked against every root."""
    expect(case.kind == "logits" and broken_nowhere(case), "the rule is about logits, defined everywhere")
    alpha = rational(proof["alpha"])
    expect(alpha > 0, "alpha must be positive")
    phi = formula(case, proof["own"], {"s"})
    for root, s in zip(case.roots, softmax(case, alpha), strict=True):
        same = vanishes(case.pool, case.pool.sub(root, replace(case, phi, {"s": s})))
        expect(same, "a loss is not the claimed function of softmax")
    return phi


def convex_decreasing(case: Case, phi: Node) -> None:
    """Check that phi is convex and non-increasing on (0, 1], continuous there, with a limit in (-inf, inf] at 0."""
    pool, zero, one = case.pool, Fraction(0), Fraction(1)
    expect(smooth(phi) and analytic_on(pool, phi, "s", zero, one), "the profile is not shown smooth on (0, 1)")
    expect(finite_at(phi, "s", one), "the profile is not shown finite at 1")
    slope = pool.differentiate(phi, "s")
    bend = interval_sign(pool, pool.differentiate(slope, "s"), "s", zero, one)
    expect(bend in "+p0", "the profile is not shown convex")
    expect(interval_sign(pool, slope, "s", zero, one) in "-m0", "the profile is not shown non-increasing")
