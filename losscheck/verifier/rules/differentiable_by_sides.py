"""Differentiability in yhat of a regression loss: a formula without switches, or equal slopes on the diagonal.

Lemma. A switch-free formula whose logarithms and roots keep off 0 on the whole domain is analytic. A function that is
continuous, analytic where yhat differs from y, and whose slopes tend to one limit at yhat = y from both sides is
differentiable there too (mean value theorem), for every y.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.curve import analytic
from losscheck.verifier.diagonal import Side, continuous, reach, side, sides
from losscheck.verifier.identity import same
from losscheck.verifier.interval import smooth
from losscheck.verifier.points import positives
from losscheck.verifier.regression import region
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the formula, or the slopes on the diagonal."""
    pool, (root,) = case.pool, case.roots
    if smooth(root):
        whole = Side(pool, {}, region(pool, positives(case)))
        expect(analytic(root, whole.sign), "the loss is not shown to be smooth")
        return Fact("differentiable")
    on = side(case, proof["chart"], "on")
    above, below = (pool.differentiate(node, "yhat") for _, node in sides(case, proof["chart"]))
    expect(continuous(above, on.sign) and continuous(below, on.sign), "a slope is not shown to be continuous")
    expect(same(pool, reach(pool, above), reach(pool, below)), "the slopes are not shown to agree on the diagonal")
    return Fact("differentiable")
