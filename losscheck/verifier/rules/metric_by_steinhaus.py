r"""Steinhaus transforms of a weighted l1 distance, which are metrics.

Theorem (Steinhaus; Marczewski, Steinhaus 1958). If D is a metric and a a point, then
``2 D(x, y) / (D(x, a) + D(y, a) + D(x, y))``, with 0 / 0 = 0, is a metric.

Checked, with ``D(x, y) = sum of w_i |x_i - y_i|``, rational weights w_i > 0, and a = 0: off the origin the loss is its
main branch and at the origin it is 0 (verifier/guarded.py); ``loss * (D(x, 0) + D(y, 0) + D(x, y)) = k D(x, y)`` with a
rational k > 0 is an identity for entries >= 0. Off the origin the bracket is positive.

Proof node: ``{"rule": "metric_by_steinhaus", "weights": ["1", ...], "scale": "2"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.guarded import main_branch
from losscheck.verifier.identity import same
from losscheck.verifier.pairs import names, swappable
from losscheck.verifier.verify import Checker, Fact

KINDS = ("set",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the identity."""
    expect(swappable(case), "the arguments range over different sets")
    pool, (first, second) = case.pool, names(case)
    weights, scale = [rational(w) for w in proof["weights"]], rational(proof["scale"])
    expect(len(weights) == len(first) and min(weights) > 0 and scale > 0, "one positive weight per entry")
    main = main_branch(case)
    x, y = ([pool.var(name) for name in half] for half in (first, second))
    gaps = [pool.make("abs", None, (pool.sub(a, b),)) for a, b in zip(x, y, strict=True)]
    distance = pool.linear(*zip(weights, gaps, strict=True))
    sizes = [pool.linear(*zip(weights, half, strict=True)) for half in (x, y)]
    whole = pool.mul(main, pool.add(*sizes, distance))
    expect(same(pool, whole, pool.scale(scale, distance), unit=case.variables), "the loss is no Steinhaus transform")
    return Fact("triangle_inequality")
