r"""A claimed bound ``zero-one regret <= Gamma(surrogate regret)`` holds: Gamma of a lower bound of T is at least t.

For a convex loss f of two classes as in ``h_formula_two_sided``, ``T(t) = f(0) - inf over 0 <= x <= A of h(x)``, and T
is convex. So for any place x(t) in [0, A]

    T(t) >= L(t) = f(0) - (1 + t)/2 f(x(t)) - (1 - t)/2 f(-x(t))

On every piece of t the certificate gives x(t), a formula that stays there, and it and its negative on one analytic
piece of f each. Gamma is continuous and non-decreasing on [0, inf), ``Gamma(0) >= 0`` and ``Gamma(L(t)) >= t`` on the
pieces. With the mean regrets, gaps included: ``E u >= E T(t) >= T(E t) >= L(E t)``, hence ``Gamma(E u) >= E t``; at the
ends of the pieces by continuity of T.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.defined import exactly
from losscheck.verifier.formula_text import formula_text
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.rules.h_bound_by_formula import enough, gaps, rising
from losscheck.verifier.rules.h_formula_two_sided import convex_side, inside
from losscheck.verifier.transform_formula import spans
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the places, and the inequality at each."""
    over, pool = hypotheses(proof["hypotheses"]), case.pool
    gamma = formula_text(pool, proof["gamma"])
    rising(pool, gamma, proof["breaks"])
    f, c, scale = convex_side(case, over, proof["loss_breaks"])
    start, x = exactly(pool, f, {"x": Fraction(0)}), pool.var("x")
    for span, hints in zip(spans(pool, proof["places"]), proof["cuts"], strict=True):
        at = span.formula
        expect(span.sign(at) in "+p0", "a place is not shown to be >= 0")
        if over.least is not None:
            gap = pool.sub(pool.const(scale * over.least), at)
            expect(span.sign(gap) in "+p0", "a place is not shown to be among the scores")
        minus = pool.scale(-1, at)
        i, j = inside(span, c, at), inside(span, c, minus)
        risk = span.mixed(pool.substitute(c.pieces[i].node, {x: at}), pool.substitute(c.pieces[j].node, {x: minus}))
        shown = all(enough(span, g, hints) for g in gaps(pool, gamma, pool.sub(start, risk)))
        expect(shown, "Gamma(L(t)) >= t is not shown")
    return Fact("h_bound", True, {"gamma": proof["gamma"], "hypotheses": proof["hypotheses"]})
