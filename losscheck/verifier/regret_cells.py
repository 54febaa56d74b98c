"""The distributions with a given zero-one regret, cut into simplices by bisection of longest edges.

Up to a permutation of the classes: class 0 is a top class, class 1 predicted, ``p_0 - p_1 = t`` and
``r = (p_2, p_3, ...)`` sorted downwards with sum ``R <= 1 - t``; ``p_0, p_1 = (1 - R +- t) / 2``. These r form the
simplex with vertices 0 and ``(1 - t)/j (1, ..., 1, 0, ..., 0)``; in it p_0 need not be largest.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import Any

from losscheck.verifier.certificate import expect

Rest = tuple[Fraction, ...]
MOST, DEEP = 40_000, 90


def corners(k: int, t: Fraction) -> list[Rest]:
    """The vertices of the simplex of all r."""
    made = [tuple((1 - t) / j if i < j else Fraction(0) for i in range(k - 2)) for j in range(1, k - 1)]
    return [(Fraction(0),) * (k - 2), *made]


def distribution(t: Fraction, r: Rest) -> list[Fraction]:
    """The distribution of given rest."""
    left = 1 - sum(r)
    return [(left + t) / 2, (left - t) / 2, *r]


def halves(cell: list[Rest]) -> tuple[list[Rest], list[Rest]]:
    """The two halves of a simplex, cut at the middle of its first longest edge."""
    i, j = max(
        combinations(range(len(cell)), 2),
        key=lambda e: sum((a - b) ** 2 for a, b in zip(cell[e[0]], cell[e[1]], strict=True)),
    )
    middle = tuple((a + b) / 2 for a, b in zip(cell[i], cell[j], strict=True))
    return [middle if n == i else v for n, v in enumerate(cell)], [middle if n == j else v for n, v in enumerate(cell)]


def outside(cell: list[Rest], t: Fraction) -> bool:
    """Whether p_0 is nowhere largest on the cell."""
    return all(r[0] > distribution(t, r)[0] for r in cell)


def above(cell: list[Rest], least: Fraction) -> bool:
    """Whether p_0 + p_1 is at least ``least`` on the cell."""
    return all(1 - sum(r) >= least for r in cell)


def leaves(k: int, t: Fraction, tree: Any, covered: Fraction | None = None) -> Iterator[tuple[list[Rest], int]]:
    """The cells of a tree (a leaf is a number, an inner node a pair), without those outside.

    Leaves -2 are left out as well: on them p_0 + p_1 is at least ``covered``.
    """
    stack: list[tuple[list[Rest], Any, int]] = [(corners(k, t), tree, 0)]
    used = 0
    while stack:
        cell, node, depth = stack.pop()
        used += 1
        expect(used <= MOST and depth <= DEEP, "the tree of cells is too large")
        if type(node) is int:
            if node >= 0:
                yield cell, node
            elif node == -2:
                expect(covered is not None and above(cell, covered), "a cell is not covered by swaps")
            else:
                expect(outside(cell, t), "a cell is left out that holds distributions of the question")
            continue
        expect(isinstance(node, list) and len(node) == 2, "a tree has two branches")
        stack += [(half, part, depth + 1) for half, part in zip(halves(cell), node, strict=True)]
