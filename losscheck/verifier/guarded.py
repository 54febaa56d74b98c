r"""Set losses ``where(g > 0, main, rest)`` that have a value of their own only at x = y = 0.

Checked: g is positive as soon as one entry is (all lie in [0, 1]), by its structure or on every pattern of
verifier/patterns.py, so ``rest`` speaks of the origin alone; ``main`` is defined where g > 0; the value at the origin
is 0. A loss without such a branch is its own ``main``.
"""

from __future__ import annotations

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import sign
from losscheck.verifier.defined import exactly
from losscheck.verifier.pairs import region
from losscheck.verifier.patterns import patterns, positive_where
from losscheck.verifier.pieces import constant_sign
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.terms import F0, Node


def _split(case: Case, root: Node) -> tuple[Node | None, Node]:
    """``(g, main)``."""
    c, pool = root.args[0] if root.op == "where" else None, case.pool
    if c is None or c.op not in ("lt", "le"):
        return None, root
    low, high = c.args
    return (pool.sub(high, low), root.args[1]) if c.op == "lt" else (pool.sub(low, high), root.args[2])


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
    guard, main = _split(case, root)
    inside = region(case)
    if guard is not None:
        expect(_positive_off_origin(case, guard), "the condition of the branch is not shown to hold off the origin")
        inside.signs[guard.id] = "+"
        zero = exactly(case.pool, root, dict.fromkeys(case.variables, F0))
        expect(constant_sign(case.pool, zero) == "0", "the value at the origin is not 0")
    expect(defined_everywhere(main, inside), "the loss is not shown to be defined")
    return main
