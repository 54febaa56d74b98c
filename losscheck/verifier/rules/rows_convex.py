r"""Convexity in the first argument, whatever the others are, by composition rules on the graph.

The rules and their hypotheses are those of :mod:`losscheck.verifier.curvature`, the numbers of the other arguments
being constants whose signs are those of their domains. Checked: the first argument ranges over all reals; every root
has a value at every point of the domain, so no such constant is undefined.

Proof node: ``{"rule": "rows_convex"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.curvature import Curvature
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.row_points import rows_of
from losscheck.verifier.vanished import domain
from losscheck.verifier.verify import Checker, Fact

KINDS = ("embedding",)
ROWS = True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that every root is convex in the first argument."""
    first, value = rows_of(case).floats[0], domain(case)
    expect(first.domain == "real", "the first argument does not range over all reals")
    own = rows_of(case).entries(first)
    others = [x for x in case.variables if x not in own]
    curvature = Curvature(case.pool, own, "real", value, others)
    for root in case.roots:
        expect(defined_everywhere(root, value), "a loss is not shown to be defined")
        expect(curvature(root)[0] in ("c", "a", "x"), "a loss is not convex by the composition rules")
    return Fact("convex")
