"""Homogeneity of a regression loss: ``l(c yhat, c y) = c^k l(yhat, y)`` for all c > 0, as an identity of normal forms.

Hypotheses checked: the loss is defined on its whole domain, the identity holds with ``c = exp(w)`` (positive
variables are written as exponentials too), and the loss is not 0 at a rational point, so there is only one such k.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import exactly
from losscheck.verifier.identity import same
from losscheck.verifier.numbers import enclosed
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import defined_everywhere, positives, rational_point
from losscheck.verifier.regression import region
from losscheck.verifier.verify import Checker, Fact

KINDS = ("regression",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the identity and the point."""
    pool, (root,), k = case.pool, case.roots, rational(proof["degree"])
    positive = positives(case)
    expect(defined_everywhere(root, region(pool, positive)), "the loss is not shown to be defined")
    w = pool.var("w")
    old = {pool.var(x): pool.exp(pool.var(x)) for x, up in positive.items() if up}
    new = {pool.var(x): pool.mul(pool.exp(w), old.get(pool.var(x), pool.var(x))) for x in positive}
    scaled = pool.mul(pool.exp(pool.scale(k, w)), pool.substitute(root, old))
    expect(same(pool, pool.substitute(root, new), scaled), "the identity is not shown")
    own = exactly(pool, root, rational_point(case, proof["at"]))
    expect(constant_sign(pool, own) in "+-", "the loss is not shown to differ from 0 anywhere")
    value, bounds = enclosed(k, k)
    return Fact("homogeneous_degree", value=value, bounds=bounds)
