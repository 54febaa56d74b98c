r"""Set losses with branches ``where(g > 0, a, b)`` (or ``g == 0``) that say something else only at x = y = 0.

Checked: each g is positive as soon as one entry is (all lie in [0, 1]), by its structure or on every pattern of
verifier/patterns.py, so the other branch speaks of the origin alone; ``main``, the loss without these branches, is
defined where all g > 0; the value at the origin is 0. A loss without such a branch is its own ``main``.
"""

from __future__ import annotations

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import sign
from losscheck.verifier.defined import exactly
from losscheck.verifier.pairs import region
from losscheck.verifier.patterns import patterns, positive_where
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.terms import F0, Node, walk

MOST = 8
"""Branches looked at."""


def _ways(case: Case, branch: Node) -> list[tuple[Node, Node]]:
    """``(g, what the branch is where g > 0)``: what its condition compares, one way round or both."""
    condition, yes, no = branch.args
    if condition.op not in ("lt", "le", "eq"):
        return []
    low, high = condition.args
    up, down = case.pool.sub(high, low), case.pool.sub(low, high)
    return {"lt": [(up, yes)], "le": [(down, no)], "eq": [(up, no), (down, no)]}[condition.op]


def _positive_off_origin(case: Case, guard: Node) -> bool:
    pool = case.pool
    for x in case.variables:
        one = region(case)
        one.signs[pool.var(x).id] = "+"
        if sign(guard, one) != "+":
            return all(positive_where(pool, guard, p, (*p.small, *p.gaps)) for p in patterns(case))
    return True


def main_branch(case: Case) -> Node:
    """``main``, equal to the loss everywhere but at x = y = 0, or rejected."""
    (root,) = case.roots
    main, guards = root, list[Node]()
    for _ in range(MOST):
        branch = next((n for n in walk(main) if n.op == "where"), None)
        if branch is None:
            break
        found = next((way for way in _ways(case, branch) if _positive_off_origin(case, way[0])), None)
        if found is None:  # a branch that says something elsewhere is for the rules that follow
            break
        guards.append(found[0])
        main = case.pool.substitute(main, {branch: found[1]})
    inside = region(case)
    if guards:
        inside.signs.update((g.id, "+") for g in guards)
        zero = exactly(case.pool, root, dict.fromkeys(case.variables, F0))
        expect(constant_sign(case.pool, zero) == "0", "the value at the origin is not 0")
    expect(defined_everywhere(main, inside), "the loss is not shown to be defined")
    return main
