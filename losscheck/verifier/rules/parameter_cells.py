r"""A claim about every value of a parameter from claims about the parts of its interval.

The cuts, in increasing order inside the interval of the first parameter, split it into closed cells that cover it; each
cell has its own proof, all of one property.

Proof node: ``{"rule": "parameter_cells", "cuts": ["1", "2"], "proofs": [{...}, {...}, {...}]}``.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.verify import Checker, Fact

PARAMETERS = True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every cell."""
    cuts, proofs = proof["cuts"], proof["proofs"]
    expect(isinstance(cuts, list) and isinstance(proofs, list) and len(proofs) == len(cuts) + 1 > 1, "a proof per cell")
    name, (low, high) = next(iter(case.parameters.items()))
    ends = [low, *map(rational, cuts), high]
    expect(all(a < b for a, b in pairwise(ends)), "the cuts do not increase inside the interval")
    found = []
    for cell, inner in zip(pairwise(ends), proofs, strict=True):
        part = Checker(replace(case, parameters={**case.parameters, name: cell}))
        part.steps = checker.steps
        found.append(part.fact(inner))
        checker.steps = part.steps
    first = found[0]
    expect(all(each.holds and each.property == first.property for each in found), "not every cell has the property")
    expect(not any(each.params or each.bounds is not None for each in found), "a cell shows more than a property")
    return Fact(first.property)
