"""Softmax probabilities and permutations of the classes, in the verifier's terms."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from losscheck.verifier.certificate import Case, expect, parse_graph
from losscheck.verifier.identity import vanishes
from losscheck.verifier.terms import Node


def softmax(case: Case, alpha: Fraction) -> list[Node]:
    """``s_y = exp(alpha z_y) / sum_j exp(alpha z_j)``, one node per class."""
    pool = case.pool
    z = [pool.var(x) for x in case.variables]
    gaps = [[pool.scale(alpha, pool.sub(a, b)) for a in z] for b in z]
    return [pool.exp(pool.scale(-1, pool.make("lse", None, tuple(sorted(row, key=lambda n: n.id))))) for row in gaps]


def formula(case: Case, text: Any, names: set[str]) -> Node:
    """Read a formula that a certificate brings along: a graph of one root in the given variables.

    Its float constants are those of the graph: the doubles, or when refuting the whole intervals (the same interval is
    the same unknown number everywhere, as in the graph).
    """
    expect(isinstance(text, dict), "a formula is a graph")
    roots = parse_graph(case.pool, text, names, {}, case.refuting)
    expect(len(roots) == 1, "a formula has one root")
    return roots[0]


def replace(case: Case, node: Node, values: Mapping[str, Node]) -> Node:
    """Put nodes in the place of variables, all at once."""
    return case.pool.substitute(node, {case.pool.var(name): value for name, value in values.items()})


def equivariant(case: Case) -> bool:
    """Whether ``l_{s(y)}(s z) = l_y(z)`` is shown for the adjacent transpositions s, hence for all permutations."""
    pool, names = case.pool, case.variables
    for i in range(len(names) - 1):
        j = i + 1
        swap = {names[i]: pool.var(names[j]), names[j]: pool.var(names[i])}
        for y, root in enumerate(case.roots):
            image = j if y == i else i if y == j else y
            if not vanishes(pool, pool.sub(replace(case, case.roots[image], swap), root)):
                return False
    return True


def shift_invariant(case: Case) -> bool:
    """Whether ``l_y(z + c 1) = l_y(z)`` is shown for all c."""
    pool = case.pool
    moved = {x: pool.add(pool.var(x), pool.var("shift")) for x in case.variables}
    return all(vanishes(pool, pool.sub(replace(case, root, moved), root)) for root in case.roots)
