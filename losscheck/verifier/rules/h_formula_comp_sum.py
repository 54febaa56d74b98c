r"""A formula of T of a comp-sum loss ``phi(softmax_y)`` over all scores, for the number of classes of the certificate.

phi is convex and non-increasing on (0, 1]. By :mod:`losscheck.verifier.swap_at_half`, whose conditions are checked for
three classes or more, T is the two-class value (for two classes: the wrong risk is convex in s, with slope ``t
phi'(1/2) <= 0`` at 1/2 towards the tie, so least there)

    T(t) = phi(1/2) - inf over s in [1/2, 1] of  eta phi(s) + (1 - eta) phi(1 - s),     eta = (1 + t)/2

The risk in s is convex. On every piece of t the certificate names where it is least: a formula s(t) in (0, 1) at which
its derivative vanishes identically (the least over (0, 1) lies in [1/2, 1), as the slope at 1/2 is ``t phi'(1/2)``), or
s = 1, where its slope ``eta phi'(1) - (1 - eta) phi'(0)`` is <= 0, phi being finite with its slope at 0.

T is convex in t, and the formula holds between the ends of the pieces, in the limit at 0, 1 and the ends.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.comp_sum import comp_sum, convex_decreasing
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.pieces import constant_sign, finite_at
from losscheck.verifier.swap_at_half import tie_at_half_is_worst
from losscheck.verifier.terms import Node
from losscheck.verifier.transform_formula import Span, spans
from losscheck.verifier.verify import Checker, Fact

KINDS = ("logits",)
HALF = Fraction(1, 2)


def below_one(span: Span, at: Node) -> bool:
    """Whether s(t) < 1 on the span: by its range, or as it rises to at most 1 at the end."""
    pool = span.pool
    rest = pool.sub(pool.one, at)
    if span.sign(rest) == "+":
        return True
    last = pool.substitute(rest, {pool.var("t"): span.right})
    return span.sign(pool.differentiate(at, "t")) == "+" and constant_sign(pool, last) in "+0"


def least_risk(span: Span, phi: Node, text: Any) -> Node:
    """The least risk on a span, at the place the certificate names."""
    pool = span.pool
    s, slope = pool.var("s"), pool.differentiate(phi, "s")
    if text == "1":
        expect(finite_at(phi, "s", Fraction(0)) and finite_at(slope, "s", Fraction(0)), "a risk is not finite at s = 1")
        expect(finite_at(slope, "s", Fraction(1)), "a slope is not finite at s = 1")
        at0, at1 = (pool.substitute(slope, {s: pool.const(c)}) for c in (0, 1))
        half = [pool.scale(HALF, pool.sub(at1, at0)), pool.scale(HALF, pool.add(at1, at0))]
        expect(span.affine_signs(*half) <= {"-", "0"}, "the risk is not shown to fall up to s = 1")
        return span.mixed(*(pool.substitute(phi, {s: pool.const(c)}) for c in (1, 0)))
    at = span.act(text)
    other = pool.sub(pool.one, at)
    expect(span.sign(at) == "+" and below_one(span, at), "s(t) is not shown to lie in (0, 1)")
    up, down = (pool.substitute(slope, {s: x}) for x in (at, other))
    expect(span.is_zero(span.mixed(up, pool.scale(-1, down))), "the slope of the risk is not shown to vanish")
    return span.mixed(pool.substitute(phi, {s: at}), pool.substitute(phi, {s: other}))


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the form of the loss, where its ties are worst, and the formula."""
    expect(hypotheses(proof["hypotheses"]).everything, "the rule is about all scores")
    phi, pool = comp_sum(case, proof), case.pool
    convex_decreasing(case, phi)
    tie_at_half_is_worst(case, phi, proof)
    tie = pool.substitute(phi, {pool.var("s"): pool.const(HALF)})
    found = spans(pool, proof["formula"])
    for span, text in zip(found, proof["acts"], strict=True):
        span.claims(pool.sub(tie, least_risk(span, phi, text)))
    return Fact("transform_formula", True, {"hypotheses": proof["hypotheses"]}, value=proof["formula"])
