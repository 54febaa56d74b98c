"""Losses of two classes as a pair of functions of one score x: the loss when the sign of x is right, and when not."""

from __future__ import annotations

from fractions import Fraction

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.hypothesis_set import Hypotheses
from losscheck.verifier.identity import vanishes
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.softmax import replace, shift_invariant
from losscheck.verifier.terms import Node

HALF = Fraction(1, 2)


def two_sided(case: Case, over: Hypotheses) -> tuple[Node, Node, Fraction]:
    """``(f, g, scale)``: f(x) = l(x, +), g(x) = l(-x, +), where x fills ``[-scale A, scale A]``.

    The classes must be interchangeable: ``l(x, -) = l(-x, +)``. Scores of two classes enter by their difference: the
    loss must not change along the diagonal, unless the scores add up to 0 anyway.
    """
    pool = case.pool
    x, minus = pool.var("x"), pool.scale(-1, pool.var("x"))
    if case.kind == "margin":
        f = pool.substitute(case.roots[0], {pool.var("v"): x})
        return f, pool.substitute(f, {x: minus}), Fraction(1)
    if case.kind in ("binary", "signed"):
        f, other = (pool.substitute(case.roots[y], {pool.var("z"): x}) for y in (1, 0))
        scale = Fraction(1)
    else:
        expect(case.kind == "logits" and case.n_classes == 2, "the rule is about two classes")
        expect(over.sum_to_zero or shift_invariant(case), "the loss changes along the diagonal")
        halves = {case.variables[0]: pool.scale(HALF, x), case.variables[1]: pool.scale(-HALF, x)}
        f, other = (replace(case, root, halves) for root in case.roots)
        scale = Fraction(2)
    expect(broken_nowhere(case), "a loss is not shown to be defined")  # an identity sees only what is
    g = pool.substitute(f, {x: minus})
    expect(vanishes(pool, pool.sub(other, g)), "the two classes are not shown interchangeable")
    return f, g, scale
