r"""Symmetric losses: the sum over labels is one constant, shown as an exact identity or piece by piece.

The sum is ``phi(v) + phi(-v)`` for margin losses, ``l(z, 0) + l(z, 1)`` for binary ones (``-1, 1`` signed, and of a
reported probability), ``sum_y l(z, y)`` for K classes.

Hypotheses checked: the value ``C`` of the sum at one rational point is finite; and either the losses are defined at
every finite point of the real domain and ``sum - C`` has normal form zero, on the whole or on every polyhedral cell on
which its branches are decided, ties included; or (one variable) the line is cut into finitely many pieces on each of
which the sum, without switches, minus C has normal form zero, at every cut the value of the sum is C, and nothing
cancels in the sum that is not shown to be defined. On the simplex and on [0, 1] the statement is about the points
where the loss is finite.

``ask``: "symmetric", or "symmetric_constant" with the value C enclosed within 1e-7, or "class_sum_bounds" as [C, C].

Proof node: ``{"rule": "symmetric_by_identity", "ask": ..., "at": ["0", ...], "breaks": null | [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.cells import equal_on_cells
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.curve import curve
from losscheck.verifier.defined import exactly
from losscheck.verifier.functions_1d import ends, two_sides
from losscheck.verifier.identity import same
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.points import defined_everywhere, rational_point, whole_domain
from losscheck.verifier.terms import F1, Node
from losscheck.verifier.verify import EACH_LABEL, Checker, Fact
from losscheck.verifier.weighted import weighted

KINDS = EACH_LABEL


def summands(case: Case) -> list[Node]:
    """The losses of all labels; of a margin loss those of both signs."""
    return list(two_sides(case)) if case.kind == "margin" else case.roots


def label_sum(case: Case) -> Node:
    """The sum of the losses over all labels; for a margin loss over both signs."""
    return case.pool.add(*summands(case))


def constant_everywhere(case: Case, total: Node, constant: Node) -> bool:
    """The identity on the whole domain."""
    simplex = case.variables if case.domain == "simplex" else ()
    unit = case.variables if case.domain == "unit" else ()
    if case.domain == "real" and not all(defined_everywhere(r, whole_domain(case)) for r in case.roots):
        return False
    if same(case.pool, total, constant, simplex=simplex, unit=unit):
        return True
    return case.domain == "real" and equal_on_cells(case.pool, total, constant, case.variables)


def constant_by_pieces(case: Case, total: Node, constant: Node, breaks: Any) -> bool:
    """The identity on every piece, and the value at every cut."""
    pool, x = case.pool, case.variables[0]
    c = curve(pool, total, x, *ends(case), breaks)
    on_pieces = all(same(pool, piece.node, constant) for piece in c.pieces)
    return on_pieces and all(c.sign(pool.sub(v, constant), i) == "0" for i, v in enumerate(c.values))


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that the sum is constant; derive the constant."""
    total, ask = label_sum(case), proof["ask"]
    expect(ask in ("symmetric", "symmetric_constant", "class_sum_bounds"), "nothing else follows")
    constant = exactly(case.pool, total, rational_point(case, proof["at"]))
    lo, hi = Enclosure({})(constant)
    expect(lo.is_finite() and hi.is_finite(), "the sum is not finite at the point")
    if proof["breaks"] is None:
        expect(constant_everywhere(case, total, constant), "the sum is not shown to be constant")
    else:
        weighted(case, [(F1, n) for n in summands(case)])  # rejects where something cancels that may not be defined
        expect(constant_by_pieces(case, total, constant, proof["breaks"]), "the sum is not shown to be constant")
    if ask == "symmetric":
        return Fact(ask)
    low, high = (constant.value, constant.value) if constant.op == "const" else (fraction(lo), fraction(hi))
    value, bounds = enclosed(low, high)
    return (
        Fact(ask, value=value, bounds=bounds)
        if ask == "symmetric_constant"
        else Fact(ask, value=[value, value], bounds=[bounds, bounds])
    )
