r"""Convexity of ``x -> l(x, y)`` on the unit cube for every binary target y.

For each binary y of the domain, absolute values whose argument has one sign on the cube are resolved, and what is left
is shown convex: by the composition rules of verifier/curvature.py on the cube, where it is defined; or on all of R^M by
cells on which it is quadratic (rules/convex_by_cells.py).

Proof node: ``{"rule": "convex_binary_slices"}``.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

from losscheck.verifier.balls import Enclosure, Undefined
from losscheck.verifier.cells import Cells
from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.cover import ranges, sign
from losscheck.verifier.curvature import Curvature
from losscheck.verifier.pairs import names
from losscheck.verifier.points import defined_everywhere
from losscheck.verifier.rules.convex_by_cells import convex
from losscheck.verifier.terms import Node, Pool, walk
from losscheck.verifier.verify import Checker, Fact

KINDS = ("set",)
MOST = 5


def without_signs(pool: Pool, n: Node, value: Enclosure) -> Node:
    """The node with every absolute value resolved whose argument has one sign."""
    changes: dict[Node, Node] = {}
    for m in walk(n):
        if m.op == "abs" and not any(k.op in ("abs", "where", "max", "min") for k in walk(m.args[0])):
            try:
                s = sign(m.args[0], value)
            except Undefined:
                continue
            if s != "?":
                changes[m] = m.args[0] if s in "+p0" else pool.scale(-1, m.args[0])
    return pool.substitute(n, changes)


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every slice."""
    pool, (root,), (first, second) = case.pool, case.roots, names(case)
    expect(len(second) <= MOST, f"more than {MOST} entries have too many targets")
    cube = ranges(dict.fromkeys(first, (Fraction(0), Fraction(1))))
    for y in product((0, 1), repeat=len(second)):
        if case.domain.endswith("+") and not any(y):
            continue
        target = {pool.var(b): pool.const(bit) for b, bit in zip(second, y, strict=True)}
        value = Enclosure(cube)
        slice_ = without_signs(pool, pool.substitute(root, target), value)
        if defined_everywhere(slice_, value) and Curvature(pool, first, "unit", value)(slice_)[0] in ("c", "a", "x"):
            continue
        expect(convex(Cells(pool, slice_, first)), f"the loss is not shown to be convex for the target {y}")
    return Fact("convex_in_x_binary_y")
