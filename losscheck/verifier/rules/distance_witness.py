"""A move of mass away from the label that does not raise the loss: not distance sensitive.

Two rational points of the closed simplex, q = p + t (e_k - e_j) with t > 0 and y < j < k or k < j < y, both losses
finite, and ``l_y(q) <= l_y(p)``, for every choice of the float constants.

Proof node: ``{"rule": "distance_witness", "label": y, "from": j, "to": k, "p": [...], "q": [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.defined import exactly
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import rational_point, value_range
from losscheck.verifier.verify import Checker, Fact

KINDS = ("simplex",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the move and compare the losses."""
    y, j, k = (proof[name] for name in ("label", "from", "to"))
    expect(all(type(c) is int and 0 <= c < len(case.variables) for c in (y, j, k)), "labels and classes are indices")
    expect(y < j < k or k < j < y, "the move does not lead away from the label on its side")
    p, q = rational_point(case, proof["p"]), rational_point(case, proof["q"])
    moved = {x: q[x] - p[x] for x in case.variables}
    a, b = case.variables[j], case.variables[k]
    expect(moved[b] > 0 and all(not d for x, d in moved.items() if x not in (a, b)), "mass moves from one class to one")
    for at in (p, q):
        value_range(case, case.roots[y], at)
    before, after = (exactly(case.pool, case.roots[y], at) for at in (p, q))
    expect(
        constant_sign(case.pool, case.pool.sub(after, before)) in "-0", "the move is not shown not to raise the loss"
    )
    return Fact("distance_sensitive", holds=False)
