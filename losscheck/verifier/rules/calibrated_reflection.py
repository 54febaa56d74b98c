"""Losses that do not see the order of the scores: not calibrated.

Lemma. The loss is not calibrated if, as identities in z, one of
- reflection: for every i, ``z_i -> 2 c - z_i`` leaves all l_y unchanged (one c for all i): reflect z_t below c and the
  other scores above, and every value of C_p is taken at a wrong point;
- shared: ``l_i = l_j`` for some i != j: exchanging p_i and p_j does not change C_p, so a minimising sequence that is
  eventually right for a p with the top class i is one for the exchanged p, whose top class is j, and wrong there.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.defined import natural
from losscheck.verifier.identity import vanishes
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.softmax import replace
from losscheck.verifier.terms import walk
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check one of the two identities."""
    pool, names = case.pool, case.variables
    expect(case.kind == "logits", "the rule is about logits")
    if "shared" in proof:
        i, j = proof["shared"]
        expect(type(i) is int and type(j) is int and 0 <= i < j < len(names), "two classes i < j")
        expect(broken_nowhere(case), "a loss is not shown to be defined")
        expect(vanishes(pool, pool.sub(case.roots[i], case.roots[j])), "the two losses are not shown equal")
        return Fact("classification_calibrated", False)
    twice = pool.const(2 * rational(proof["centre"]))
    # Bases of logarithms and powers too, so that the losses are defined at a point iff they are at its image.
    bases = {n.args[0] for n in walk(*case.roots) if n.op == "log" or (n.op == "pow" and not natural(n))}
    for x in names:
        mirrored = {x: pool.sub(twice, pool.var(x))}
        for root in (*case.roots, *sorted(bases, key=lambda n: n.id)):
            expect(vanishes(pool, pool.sub(replace(case, root, mirrored), root)), f"a loss is not even in {x}")
    return Fact("classification_calibrated", False)
