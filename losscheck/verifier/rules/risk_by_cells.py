r"""The Bayes risk and act of a piecewise linear scoring rule, cell by cell.

With ``q_K = 1 - q_1 - ... - q_{K-1}`` the conditional risk ``C(q) = sum p_y l_y(q)`` is a function of K - 1 variables.
Its switches cut R^(K-1) into relatively open cells (:mod:`losscheck.verifier.cells`), ties included, and on each C is
affine (checked). Every loss of positive probability is defined on all of R^K (checked one by one: in the sum undefined
parts could cancel).

1. On no cell some point of the simplex has ``C < least``; so ``least <= inf C <= C(best)``.
2. For the act, ``C(best) = least``, and on no cell a point of the simplex other than ``best`` has ``C <= least``.

Both are systems of linear inequalities without a solution, eliminated exactly. Jumps and values of their own on thin
cells are cells like others, and nothing is said of limits. Of a loss that uses the report in conditions only
(:mod:`losscheck.verifier.constant_cells`) the least of the finitely many risks is compared with ``least``.

Proof node: ``{"rule": "risk_by_cells", "ask": "bayes_risk" or "bayes_act", "params": {"p": [...]}, "truths": [p],
"best": report, "least": rational}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import INF, NINF, Enclosure
from losscheck.verifier.cells import Cell, Cells, inequalities
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.constant_cells import constants, expected, planes, uses_report
from losscheck.verifier.linear_system import Inequality, Row, solvable, whole
from losscheck.verifier.numbers import above, below, enclosed
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.rules.proper_witness import point, risk
from losscheck.verifier.rules.risk_at_truth import truths
from losscheck.verifier.verify import Checker, Fact


def simplex(n: int) -> list[Inequality]:
    """The closed simplex in its first n coordinates."""
    sides = [tuple(int(i == j + 1) for i in range(n + 1)) for j in range(n)]
    return [((1, *(-1 for _ in range(n))), False), *((side, False) for side in sides)]


def cells_of_risk(case: Case, truth: list[Fraction]) -> Cells:
    """The cells of the conditional risk in the first K - 1 coordinates."""
    pool, (*free, last) = case.pool, case.variables
    parts = [(w, r) for w, r in zip(truth, case.roots, strict=True) if w]
    everywhere = Enclosure(dict.fromkeys(case.variables, (NINF, INF)))
    expect(all(defined_everywhere(r, everywhere) for _, r in parts), "a loss is not shown to be defined on R^K")
    rest = pool.sub(pool.one, pool.add(*(pool.var(x) for x in free)))
    return Cells(pool, pool.substitute(pool.linear(*parts), {pool.var(last): rest}), free)


def enclosed_risk(proof: dict[str, Any], low: Fraction, high: Fraction) -> Fact:
    """The Bayes risk between two rationals."""
    value, bounds = enclosed(low, high)
    return Fact("bayes_risk", params=dict(proof["params"]), value=value, bounds=bounds)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check that no cell has a better report."""
    expect(case.kind == "simplex" and list(proof["params"]) == ["p"], "p is asked of a simplex loss")
    ask, pool, (truth, *_) = proof["ask"], case.pool, truths(case, proof)
    expect(ask in ("bayes_risk", "bayes_act"), "nothing else follows")
    best, least = point(case, proof["best"]), rational(proof["least"])
    reached = risk(case, truth, best)
    expect(reached.op == "const", "the risk of the report is no rational")
    if ask == "bayes_risk" and not uses_report(case.roots):
        losses, _ = constants(case, planes(case))
        expect(min(expected(tuple(truth), v) for v in losses.values()) >= least, "a report has a lower risk")
        return enclosed_risk(proof, least, reached.value)
    cells = cells_of_risk(case, truth)
    inside = simplex(len(cells.names))

    def gain(cell: Cell) -> Row:
        return cells.affine(pool.sub(pool.const(least), cell.node))

    def found(cell: Cell, *more: Inequality) -> bool:
        return solvable([*inequalities(cell.signs), *inside, *more])

    expect(not any(found(c, (gain(c), True)) for c in cells.found), "a report has a lower risk")
    if ask == "bayes_risk":
        return enclosed_risk(proof, least, reached.value)
    expect(reached.value == least, "the report does not attain the least risk")
    for i, x in enumerate(cells.names):
        for side in (1, -1):
            away = whole([-side * best[x], *(Fraction(side * (i == j)) for j in range(len(cells.names)))])
            expect(not any(found(c, (gain(c), False), (away, True)) for c in cells.found), "another report is as good")
    act = [best[x] for x in case.variables]
    return Fact(
        ask, params=dict(proof["params"]), value=[float(x) for x in act], bounds=[[below(x), above(x)] for x in act]
    )
