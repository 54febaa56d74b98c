"""Losses ``l_y(z) = a(z_y) + sum_{j != y} b(z_j)`` of K scores: a function of each score alone."""

from __future__ import annotations

from dataclasses import replace as change
from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.identity import vanishes
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.softmax import formula, replace
from losscheck.verifier.terms import Node


def halves(case: Case, proof: dict[str, Any]) -> tuple[Node, Node]:
    """``(a, b)`` in the variable v, with every loss shown to be defined and to be that sum."""
    pool, names = case.pool, case.variables
    expect(broken_nowhere(case), "a loss is not shown to be defined")
    a, b = (formula(case, proof[key], {"v"}) for key in ("a", "b"))
    expect(all(broken_nowhere(alone(case, n)) for n in (a, b)), "a or b is not shown to be defined")
    for y, root in enumerate(case.roots):
        parts = [replace(case, a if j == y else b, {"v": pool.var(x)}) for j, x in enumerate(names)]
        expect(vanishes(pool, pool.sub(root, pool.add(*parts))), "a loss is not a(z_y) + sum of b(z_j)")
    return a, b


def alone(case: Case, *roots: Node) -> Case:
    """One function of v as a case of its own, or two as those of a loss of one score and two labels."""
    if len(roots) == 1:
        return change(
            case, roots=list(roots), kind="profile", n_classes=None, labels=[1], variables=["v"], domain="real"
        )
    z = {"v": case.pool.var("z")}
    moved = [replace(case, n, z) for n in roots]
    return change(case, roots=moved, kind="binary", n_classes=None, labels=[0, 1], variables=["z"], domain="real")
