"""A scoring rule is not local: two reports with the same ``p_y`` and different losses ``l_y``.

Both are rational points of the closed simplex where l_y is defined and finite; the float constants of the code are
balls of 2 ulp, so the verdict holds for every choice.

Proof node: ``{"rule": "local_witness", "label": y, "p": [...], "q": [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.defined import exactly
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.rules.proper_witness import point
from losscheck.verifier.verify import Checker, Fact


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the witness."""
    expect(case.kind == "simplex", "locality is asked of simplex losses")
    p, q, y = point(case, proof["p"]), point(case, proof["q"]), proof["label"]
    expect(type(y) is int and 0 <= y < len(case.roots), "no such label")
    expect(p[case.variables[y]] == q[case.variables[y]], "the reports differ at the label itself")
    gap = case.pool.sub(exactly(case.pool, case.roots[y], p), exactly(case.pool, case.roots[y], q))
    expect(constant_sign(case.pool, gap) in "+-", "the losses are equal")
    return Fact("local", holds=False)
