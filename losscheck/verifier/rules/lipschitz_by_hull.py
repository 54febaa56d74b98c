r"""Least Lipschitz constant of a loss of scores, between a difference quotient and the longest possible gradient.

Upper bound: the loss is continuous and smooth between switches (only max, min and abs switch), so it is Lipschitz with
the largest dual norm in a polytope that holds all its gradients (:mod:`losscheck.verifier.gradient_set`; a convex
function such as a norm is largest at a vertex). Lower bound: ``|l(b) - l(a)| / |b - a|`` at rational points. The dual
norm is the 2-norm for "l2" and the 1-norm for "linf".

Proof node: ``{"rule": "lipschitz_by_hull", "norm": ..., "label": i, "a": [...], "b": [...]}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import ball, exact
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.gradient_set import gradient_set
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.points import defined_everywhere, rational_point, value_range, whole_domain
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact

KINDS = EACH_LABEL


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check both bounds."""
    norm, label = proof["norm"], proof["label"]
    expect(norm in ("l2", "linf") and case.domain == "real", "norm is l2 or linf, scores are real")
    expect(type(label) is int and 0 <= label < len(case.roots), "the label is an index into the roots")
    value, names = whole_domain(case), case.variables
    top = Fraction(0)
    for root in case.roots:
        expect(defined_everywhere(root, value), "the loss is not shown to be defined everywhere")
        for v in gradient_set(case.pool, root, names, value):
            top = max(top, sum((x * x for x in v), Fraction(0)) if norm == "l2" else sum(map(abs, v), Fraction(0)))
    a, b = rational_point(case, proof["a"]), rational_point(case, proof["b"])
    gap = [b[x] - a[x] for x in names]
    rise = abs(ball(value_range(case, case.roots[label], b)) - ball(value_range(case, case.roots[label], a)))
    size = exact(sum((x * x for x in gap), Fraction(0))).sqrt() if norm == "l2" else exact(max(map(abs, gap)))
    expect(size > 0, "the two points are equal")
    upper: arb = exact(top).sqrt() if norm == "l2" else exact(top)
    low = max(fraction((rise / size).lower()), Fraction(0))
    high = fraction(upper.upper())
    number, bounds = enclosed(min(low, high), high)
    return Fact("lipschitz", params={"norm": norm}, value=number, bounds=bounds)
