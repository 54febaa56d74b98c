r"""Set losses that are 0 for x = y and positive elsewhere, by the signs on every order of the entries.

Checked, off the origin on the main branch and with value 0 at the origin (verifier/guarded.py): the loss has normal
form zero for x = y; on every pattern of verifier/patterns.py it is positive as soon as one gap is.

``ask``: "zero_iff_equal", or "min_at_target", which follows.

Proof node: ``{"rule": "zero_by_patterns", "ask": ...}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.guarded import main_branch
from losscheck.verifier.identity import vanishes
from losscheck.verifier.pairs import names
from losscheck.verifier.patterns import patterns, positive_where
from losscheck.verifier.verify import Checker, Fact

KINDS = ("set",)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the diagonal and every pattern."""
    pool, (first, second), ask = case.pool, names(case), proof["ask"]
    expect(ask in ("zero_iff_equal", "min_at_target"), "nothing else follows")
    main = main_branch(case)
    equal = {pool.var(a): pool.var(b) for a, b in zip(first, second, strict=True)}
    expect(vanishes(pool, pool.substitute(main, equal), unit=second), "equal arguments do not have the value 0")
    for pattern in patterns(case):
        shown = positive_where(pool, main, pattern, pattern.gaps)
        expect(shown, "the loss is not shown to be positive for different arguments")
    return Fact(ask)
