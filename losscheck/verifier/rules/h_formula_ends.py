r"""T of losses of two classes whose risks are least at the ends of the scores: linear in t.

f(x) is the loss of the score x >= 0 when its sign is right, g(x) when it is wrong, x in [0, A]; f does not increase.
The risk of the right side, ``eta f + (1 - eta) g`` with 1/2 <= eta <= 1, lies between ``(f + g)/2`` (eta = 1/2) and f
(eta = 1), that of the wrong side, ``eta g + (1 - eta) f``, between ``(f + g)/2`` and g. Either

- ``f + g`` is constant: the right risk is least at A (in the limit, where A is infinite), the wrong risk at 0, as g
  does not decrease: ``T(t) = t (g(A) - f(A))/2``, as f(0) = g(0); or
- g does not increase: both risks are least at A, ``T(t) = t (g(A) - f(A))``, and ``g - f`` does not decrease.

``g - f`` does not decrease in either case, so that the least A gives the least T (``h_transform_two_sided``). At A =
inf the values are limits, and the formula needs them finite.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import ZERO as ZERO_BALL
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.curve import Curve, curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.ends import end_limit
from losscheck.verifier.formula_text import formula_text
from losscheck.verifier.hypothesis_set import hypotheses
from losscheck.verifier.identity import vanishes
from losscheck.verifier.terms import Node, walk
from losscheck.verifier.transform_formula import spans
from losscheck.verifier.two_sided import two_sided
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")
ZERO, HALF = Fraction(0), Fraction(1, 2)


def directions(c: Curve, most: Fraction | None) -> set[str]:
    """Signs of the slopes and steps of a function on [0, most]."""
    inside = [i for i, p in enumerate(c.pieces) if p.a is not None and p.a >= 0 and (most is None or p.a < most)]
    cuts = [i for i, cut in enumerate(c.cuts) if cut.high >= 0 and (most is None or cut.low <= most)]
    slopes = {"0" if vanishes(c.pool, d) else c.on(d, i) for i in inside for d in [c.derivative(i)]}
    return slopes | {s for i in cuts for s in c.step(i)}


def last(c: Curve, least: Fraction | None, text: Any) -> Node:
    """The value at A, or at infinity the constant that the certificate names, if the difference tends to exactly 0."""
    pool = c.pool
    if least is not None:
        return exactly(pool, c.root, {"x": least})
    named = formula_text(pool, text, "t")
    expect(all(m.op != "var" for m in walk(named)), "a limit is a constant")
    expect(
        end_limit(pool, pool.sub(c.pieces[-1].node, named), "x", None, -1) == ("finite", ZERO_BALL),
        "a limit is not shown",
    )
    return named


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the directions, then the formula."""
    over, pool = hypotheses(proof["hypotheses"]), case.pool
    f, g, scale = two_sided(case, over)
    least, most = (None if a is None else scale * a for a in (over.least, over.most))
    ends = [str(x) for x in (ZERO, most) if x is not None and str(x) not in proof["breaks"]]
    top = None if most is None else most + 1

    def drawn(n: Node) -> Curve:
        return curve(pool, n, "x", Fraction(-1), top, [*proof["breaks"], *ends], (f, g))

    own, other = drawn(f), drawn(g)
    expect(directions(own, most) <= set("-m0"), "the risk of the right side is not shown to fall")
    if proof["constant_sum"] is True:
        expect(directions(drawn(pool.add(f, g)), most) == {"0"}, "the sum of both sides is not shown constant")
    else:
        expect(directions(other, most) <= set("-m0"), "the loss of the wrong side is not shown to fall")
        expect(directions(drawn(pool.sub(g, f)), most) <= set("+p0"), "the difference of the sides may fall")
    found = [last(c, least, text) for c, text in zip((own, other), proof["limits"], strict=True)]
    gain = pool.scale(HALF if proof["constant_sum"] is True else Fraction(1), pool.sub(found[1], found[0]))
    (span,) = spans(pool, proof["formula"])
    span.claims(pool.mul(pool.var("t"), gain))
    return Fact("transform_formula", True, {"hypotheses": proof["hypotheses"]}, value=proof["formula"])
