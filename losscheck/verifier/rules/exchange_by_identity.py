r"""Symmetric arguments: ``d(p, q) - d(q, p)`` has an exact normal form of zero.

The statement is about all points of the domain at which the values are finite: both or neither are defined, as what is
under a logarithm, a root or a reciprocal becomes that of another when the arguments are exchanged, up to its sign under
a reciprocal. Entries of the vectors are >= 0.

Proof node: ``{"rule": "exchange_by_identity"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.identity import same
from losscheck.verifier.pairs import PAIRS, exchanged, swappable
from losscheck.verifier.terms import Node
from losscheck.verifier.verify import Checker, Fact
from losscheck.verifier.weighted import partial_operations

KINDS = PAIRS


def same_domain(case: Case) -> bool:
    """Whether the loss is defined at a pair iff it is at the exchanged one."""
    pool, unit = case.pool, case.variables
    partial = partial_operations(case.roots[0])
    poles = {n.args[0] for n in partial if n.op == "pow" and n.value.denominator == 1}
    rest = {n.args[0] for n in partial if n.op == "log" or n.value.denominator != 1}

    def found(base: Node, among: set[Node], turned: bool) -> bool:
        image = exchanged(case, base)
        others = [*among, *(pool.scale(-1, other) for other in among if turned)]
        return image in others or any(same(pool, image, other, unit=unit) for other in others)

    return all(found(b, poles, True) for b in poles) and all(found(b, rest, False) for b in rest)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the identity."""
    expect(swappable(case), "the arguments range over different sets")
    expect(same_domain(case), "the loss may be defined one way round only")
    shown = same(case.pool, case.roots[0], exchanged(case), unit=case.variables)
    expect(shown, "the loss is not shown to stay the same when its arguments are exchanged")
    return Fact("symmetric_arguments")
