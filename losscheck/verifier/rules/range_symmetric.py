r"""Symmetric for every value of the parameters in their intervals: the sum over the labels does not move.

Hypotheses checked, for every case (verifier/parameters.py): the losses are real numbers at every finite point for every
value (the real domain only), and the sum over the labels minus the sum at the score 0 has normal form zero, with the
parameters as free variables. The constant may depend on the parameters.

Proof node: ``{"rule": "range_symmetric"}``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.identity import same
from losscheck.verifier.parameters import cases, everywhere
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.rules.symmetric_by_identity import label_sum
from losscheck.verifier.verify import Checker, Fact

PARAMETERS = True
KINDS = ("margin", "binary", "signed", "logits")


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every case."""
    pool, value = case.pool, everywhere(case)
    origin = {pool.var(x): pool.zero for x in case.variables}
    for roots in cases(case):
        expect(all(defined_everywhere(r, value) for r in roots), "a loss is not shown to be defined everywhere")
        total = label_sum(replace(case, roots=roots))
        expect(same(pool, total, pool.substitute(total, origin)), "the sum is not shown to be constant")
    return Fact("symmetric")
