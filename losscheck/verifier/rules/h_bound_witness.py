"""A claimed bound ``zero-one regret <= Gamma(surrogate regret)`` is false: one distribution exceeds it.

The premise bounds T(t) above by u: at one conditional distribution, scores with zero-one regret t have a surrogate
regret in [0, u'] for any u' > u. If ``Gamma < t`` on all of [0, u'], the bound fails for the distribution of one point
with that conditional distribution; its minimizability gaps are 0. u' is u + u/2^20 + 2^-60, and [0, u'] is cut into
boxes on which Gamma is enclosed.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure, exact, point
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.formula_text import formula_text
from losscheck.verifier.terms import Node
from losscheck.verifier.transform_claim import asked
from losscheck.verifier.verify import Checker, Fact

KINDS = ("margin", "binary", "signed", "logits")
BOXES = 2000


def stays_below(gamma: Node, top: Fraction, level: Fraction) -> bool:
    """Whether ``gamma < level`` on [0, top]."""
    stack = [(Fraction(0), top)]
    used = 0
    while stack:
        a, b = stack.pop()
        used += 1
        if used > BOXES:
            return False
        if not Enclosure({"u": (point(a)[0], point(b)[1])})(gamma)[1] < exact(level):
            stack += [(a, (a + b) / 2), ((a + b) / 2, b)]
    return True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the premise and enclose Gamma."""
    fact = checker.premise(proof["transform"], "h_transform")
    many = isinstance(fact.params["t"], list)
    expect(not many or len(fact.params["t"]) == 1, "the premise is about one regret")
    (t,) = asked(fact.params["t"])
    _, high = fact.bounds[0] if many else fact.bounds
    expect(isinstance(high, float), "T is not bounded above")
    u = Fraction(high)
    gamma = formula_text(case.pool, proof["gamma"])
    top = u + u / 2**20 + Fraction(1, 2**60)
    expect(stays_below(gamma, top, t), "the claimed bound is not shown to be exceeded")
    return Fact("h_bound", False, {"gamma": proof["gamma"], "hypotheses": fact.params["hypotheses"]})
