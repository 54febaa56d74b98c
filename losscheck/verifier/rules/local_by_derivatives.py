r"""A scoring rule is local: l_y depends on the report only through ``p_y``.

If l_y is analytic on the open simplex and its derivative along ``e_j - e_k`` vanishes identically for all j, k != y,
it is a function ``g(p_y)`` there, because the slices ``p_y = t`` are connected. Structure shows that l_y is a
composition of functions continuous in [-inf, inf], so on the boundary it is the limit of g (where it has a value).
A formula in which no other variable than p_y occurs needs none of that.

Proof node: ``{"rule": "local_by_derivatives"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.faces import Simplex
from losscheck.verifier.identity import vanishes
from losscheck.verifier.terms import walk
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every label."""
    expect(case.kind == "simplex", "locality is asked of simplex losses")
    pool, names = case.pool, case.variables
    simplex = Simplex(pool, names)
    for y, root in enumerate(case.roots):
        if {n.value for n in walk(root) if n.op == "var"} <= {names[y]}:
            continue  # a formula in p_y alone
        loss = simplex.settle(root)
        ends = simplex.ends(loss)
        expect(simplex.analytic(loss), f"label {y} is not shown to be analytic on the open simplex")
        expect(frozenset() not in ends.plus | ends.minus | ends.none, f"label {y} is not shown to be continuous")
        others = [x for i, x in enumerate(names) if i != y]
        for x in others[1:]:
            slope = pool.sub(pool.differentiate(loss, x), pool.differentiate(loss, others[0]))
            expect(vanishes(pool, slope, simplex=names), f"label {y} is not shown to ignore the split of the rest")
    return Fact("local")
