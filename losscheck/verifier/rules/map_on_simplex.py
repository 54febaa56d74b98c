r"""Maps onto the probability simplex: outputs that are nonnegative and add up to 1.

Hypotheses checked: every output is defined at every finite score; their sum minus 1 has normal form zero, on the whole
or on every polyhedral cell on which its branches are decided, ties included; every output is >= 0 by one of the ways
of rules/nonnegative_by_signs.py (a constant minorant 0, signs, cells, boxes).

Proof node: ``{"rule": "map_on_simplex", "signs": [{"way": "sign"}, ...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.cells import equal_on_cells
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.defined_boxes import real_everywhere
from losscheck.verifier.identity import same
from losscheck.verifier.rules.nonnegative_by_signs import nonnegative
from losscheck.verifier.verify import Checker, Fact

KINDS = ("map",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check definedness, the sum and the signs."""
    pool, ways = case.pool, proof["signs"]
    expect(real_everywhere(case), "an output may not be defined")
    total = pool.add(*case.roots)
    whole = same(pool, total, pool.one) or equal_on_cells(pool, total, pool.one, case.variables)
    expect(whole, "the outputs are not shown to add up to 1")
    expect(isinstance(ways, list) and len(ways) == len(case.roots), "one way per output")
    for i, (root, how) in enumerate(zip(case.roots, ways, strict=True)):
        expect(how["way"] in ("sign", "minorant", "cells", "boxes"), "unknown way")
        expect(nonnegative(case, root, how), f"output {i} is not shown to be nonnegative")
    return Fact("simplex_valued")
