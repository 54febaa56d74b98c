r"""Distance sensitive scoring rules of ordered classes, by the slope along every move of mass.

Let every l_y be continuous on the closed simplex with values in [-inf, inf] and analytic inside. For a class j and its
neighbour k = j + 1 > y + 1 or k = j - 1 < y - 1 (away from y) let ``D = dl_y/dp_k - dl_y/dp_j`` be positive at every
point of the closed simplex where p_j and p_k are, by the signs of its terms.

Instead of l_y its argument may do: an increasing function (root, exponential, logarithm, positive multiple and a
constant) raises what its argument raises, if that is never -inf.

Then moving mass t from j to k raises l_y where it is finite: on the open path both coordinates are positive, and
``l_y(end) - l_y(start)`` is the integral of D, in the interior, and on the faces by continuity (of l_y where finite
and of D by structure). A move to a class farther off on the same side is a chain of such moves, through points of the
simplex.

Proof node: ``{"rule": "distance_by_slopes"}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.faces import Simplex
from losscheck.verifier.terms import Node, walk
from losscheck.verifier.verify import Checker, Fact

KINDS = ("simplex",)


def outward(n: int) -> list[tuple[int, int, int]]:
    """``(y, j, k)``: neighbours j, k on the same side of y, k farther off."""
    up = [(y, j, j + 1) for y in range(n) for j in range(y + 1, n - 1)]
    return up + [(y, j, j - 1) for y in range(n) for j in range(1, y)]


def peeled(n: Node) -> Node:
    """What is left of a loss under increasing functions of one argument."""
    while len(n.args) == 1 and (
        n.op in ("exp", "log")
        or (n.op == "pow" and n.value > 0 and n.value.denominator > 1)
        or (n.op == "add" and n.value[1] > 0)
    ):
        n = n.args[0]
    return n


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every label and every pair of neighbours."""
    pool, names, n = case.pool, case.variables, len(case.variables)
    expect(n >= 3, "the order of classes says something of three or more")
    simplex = Simplex(pool, names)
    for y, root in enumerate(case.roots):
        expect(not any(m.op == "where" for m in walk(root)), f"label {y} branches, so it may jump")
        inner = peeled(root)
        loss = simplex.settle(inner)
        ends = simplex.ends(loss)
        expect(inner is root or not ends.minus, f"label {y} may be finite where what it is a function of is -inf")
        expect(simplex.analytic(loss), f"label {y} is not shown to be analytic on the open simplex")
        expect(not ends.none and frozenset() not in ends.plus | ends.minus, f"label {y} is not shown to be continuous")
        for _, j, k in (move for move in outward(n) if move[0] == y):
            slope = pool.sub(pool.differentiate(loss, names[k]), pool.differentiate(loss, names[j]))
            zeros, inside = simplex.zeros(slope), simplex.ends(slope)
            expect(zeros is not None, f"moving mass from {j} to {k} is not shown to raise the loss of {y}")
            either = {names[j], names[k]}
            expect(all(face & either for face in zeros or ()), f"the loss of {y} may ignore a move from {j} to {k}")
            steep = inside.plus | inside.minus | inside.none
            expect(all(face & either for face in steep), f"the slope from {j} to {k} is not shown to be continuous")
    return Fact("distance_sensitive")
