r"""A claimed bound ``zero-one regret <= Gamma(surrogate regret)`` holds: ``Gamma(T(t)) >= t`` for the formula of T.

Both regrets are means over x, minimizability gaps included, of conditional regrets with ``u(x) >= T(t(x))``. Gamma is
continuous and non-decreasing on [0, inf), ``Gamma(0) >= 0`` and ``Gamma(T(t)) >= t`` inside every piece of the formula,
hence on [0, 1] (T and Gamma are continuous). If T is convex, ``E u >= E T(t) >= T(E t)``, and ``Gamma(E u) >= Gamma(T(E
t)) >= E t``. If Gamma is concave, ``E t <= E Gamma(u) <= Gamma(E u)``. Where T is infinite there are no finite regrets.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.formula_text import formula_text
from losscheck.verifier.pieces import constant_sign, finite_at
from losscheck.verifier.terms import Node, Pool
from losscheck.verifier.transform_formula import Span, spans
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")
ZERO = Fraction(0)


def rising(pool: Pool, gamma: Node, hints: Any) -> Curve:
    """Check that Gamma is continuous and non-decreasing on [0, inf), not negative at 0."""
    c = curve(pool, gamma, "u", ZERO, None, hints)
    expect(all(c.on(c.derivative(i), i) in "+p0" for i in range(len(c.pieces))), "Gamma is not shown non-decreasing")
    expect(all(c.step(i) == ("0", "0") for i in range(len(c.cuts))), "Gamma is not shown continuous")
    first, at0 = c.pieces[0].node, exactly(pool, gamma, {"u": ZERO})
    expect(finite_at(first, "u", ZERO), "Gamma is not shown continuous at 0")
    gap = pool.sub(pool.substitute(first, {pool.var("u"): pool.zero}), at0)
    expect(constant_sign(pool, gap) == "0" and constant_sign(pool, at0) in "+0", "Gamma(0) is not shown to be >= 0")
    return c


def concave(c: Curve) -> bool:
    """Whether a continuous Gamma is concave."""
    bends = all(c.on(c.derivative(i, 2), i) in "-m0" for i in range(len(c.pieces)))
    return bends and all(c.bend(i) in "-m0" for i in range(len(c.cuts)))


def convex(found: list[Span]) -> bool:
    """Whether T, continuous with these formulas, is convex."""
    slopes = [s.pool.differentiate(s.formula, "t") for s in found]
    bends = (s.sign(s.pool.differentiate(d, "t")) for s, d in zip(found, slopes, strict=True))
    if not all(b in "+p0" for b in bends):
        return False
    for (s, d), (_, e) in pairwise(zip(found, slopes, strict=True)):
        jump = s.pool.substitute(s.pool.sub(e, d), {s.pool.var("t"): s.right})
        if constant_sign(s.pool, jump) not in "+0":
            return False
    return True


def gaps(pool: Pool, gamma: Node, formula: Node) -> list[Node]:
    """What must be >= 0 for ``Gamma(T(t)) >= t >= 0``: a root ``c x^(1/n) >= t`` is asked as ``c^n x >= t^n``."""
    if gamma.op == "min":
        return [gap for a in gamma.args for gap in gaps(pool, a, formula)]
    constant, terms = pool.form(gamma)
    (root, c), *more = terms.items() if terms else ((gamma, Fraction(1)),)
    if (
        root.op == "pow"
        and root.value.numerator == 1
        and root.value.denominator <= 4
        and not (constant or more)
        and c > 0
    ):
        n = root.value.denominator
        inside = pool.substitute(root.args[0], {pool.var("u"): formula})
        return [pool.linear((c**n, inside), (Fraction(-1), pool.power(pool.var("t"), Fraction(n))))]
    return [pool.sub(pool.substitute(gamma, {pool.var("u"): formula}), pool.var("t"))]


def enough(span: Span, gap: Node, hints: Any) -> bool:
    """Whether a function of t is >= 0 on a piece, and defined."""
    c = curve(span.pool, gap, "t", span.a, span.b, hints)
    inside = all(span.is_zero(p.node) or c.on(p.node, i) in "+p0" for i, p in enumerate(c.pieces))
    return inside and all(c.sign(v, i) in "+p0" for i, v in enumerate(c.values))


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise, the shape of Gamma or T, and the inequality."""
    fact, pool = checker.premise(proof["formula"], "transform_formula"), case.pool
    gamma = formula_text(pool, proof["gamma"])
    c = rising(pool, gamma, proof["breaks"])
    found = spans(pool, fact.value)
    expect(concave(c) or convex(found), "neither Gamma is shown concave nor T convex")
    for span, hints in zip(found, proof["cuts"], strict=True):
        shown = all(enough(span, gap, hints) for gap in gaps(pool, gamma, span.formula))
        expect(shown, "Gamma(T(t)) >= t is not shown")
    return Fact("h_bound", True, {"gamma": proof["gamma"], "hypotheses": fact.params["hypotheses"]})
