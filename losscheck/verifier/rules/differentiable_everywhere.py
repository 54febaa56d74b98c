"""Differentiability of a graph without switches.

Lemma. A composition of sums, products, exp, lse, atan, erf, sin, cos, log_ndtr, logarithms of positive and powers of
positive numbers (integer powers: of any number, negative ones of a number that is never 0) is real-analytic. The
signs are shown at once on all of R^K, or on the open interval or simplex: there an affine function of the variables
that is >= 0 at all vertices and > 0 at one is positive.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import ranges, sign
from losscheck.verifier.curve import analytic
from losscheck.verifier.interval import smooth
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = (*EACH_LABEL, "embedding")


class OpenDomain:
    """Signs on the whole open domain of a case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        ends = (None, None) if case.domain == "real" else (Fraction(0), Fraction(1))
        self.value = Enclosure(ranges({name: ends for name in case.variables}))

    def __call__(self, n: Node) -> str:
        """Sign of a node: ``+ - p m 0`` or ``?``."""
        found = sign(n, self.value)
        if found in "+-" or self.case.domain == "real":
            return found
        c0, terms = self.case.pool.form(n)
        if all(t.op == "var" for t in terms):
            vertices = [c0 + c for c in terms.values()]
            if self.case.domain == "unit" or len(terms) < len(self.case.variables):
                vertices.append(c0)
            if all(v >= 0 for v in vertices) and any(v > 0 for v in vertices):
                return "+"
        elif n.op in ("mul", "pow") and all(self(a) == "+" for a in n.args):
            return "+"
        elif n.op == "add" and c0 >= 0 and all(c > 0 and self(t) == "+" for t, c in terms.items()):
            return "+"
        return found


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that every label's graph is analytic on the whole open domain."""
    decide = OpenDomain(case)
    for root in case.roots:
        expect(smooth(root), "the graph has a switch")
        expect(analytic(root, decide), "the graph is not shown to be smooth everywhere")
    return Fact("differentiable")
