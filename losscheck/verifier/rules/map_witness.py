r"""Points at which a map leaves the simplex or turns an order round, for every choice of the float constants.

- ``negative``: output i is below 0 at the point, so the map is not ``simplex_valued``;
- ``sum``: the outputs add up to a number other than 1;
- ``order``: ``z_i >= z_j`` but ``s_i < s_j``, so the map is not ``order_preserving``.

Proof node: ``{"rule": "map_witness", "what": "order", "at": ["1", "0", ...], "i": 0, "j": 1}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.defined import exactly
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import rational_point, value_range
from losscheck.verifier.verify import Checker, Fact

KINDS = ("map",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the values at the point."""
    pool, what, at = case.pool, proof["what"], rational_point(case, proof["at"])
    for root in case.roots:
        value_range(case, root, at)
    values = [exactly(pool, root, at) for root in case.roots]
    if what == "sum":
        gap = pool.sub(pool.add(*values), pool.one)
        expect(constant_sign(pool, gap) in "+-", "the outputs are not shown to add up to another number than 1")
        return Fact("simplex_valued", holds=False)
    i = proof["i"]
    expect(type(i) is int and 0 <= i < len(values), "an output is named by its index")
    if what == "negative":
        expect(constant_sign(pool, values[i]) == "-", "the output is not shown to be negative")
        return Fact("simplex_valued", holds=False)
    expect(what == "order", "nothing else follows")
    j = proof["j"]
    expect(type(j) is int and 0 <= j < len(values), "an output is named by its index")
    z = list(at.values())
    expect(z[i] >= z[j] and constant_sign(pool, pool.sub(values[i], values[j])) == "-", "the order is kept")
    return Fact("order_preserving", holds=False)
