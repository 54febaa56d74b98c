r"""Symmetric arguments: ``d(p, q) - d(q, p)`` has an exact normal form of zero.

The statement is about all points of the domain at which both values are finite; entries of the vectors are >= 0.

Proof node: ``{"rule": "exchange_by_identity"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.identity import same
from losscheck.verifier.pairs import PAIRS, exchanged, swappable
from losscheck.verifier.verify import Checker, Fact

KINDS = PAIRS


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the identity."""
    expect(swappable(case), "the arguments range over different sets")
    shown = same(case.pool, case.roots[0], exchanged(case), unit=case.variables)
    expect(shown, "the loss is not shown to stay the same when its arguments are exchanged")
    return Fact("symmetric_arguments")
