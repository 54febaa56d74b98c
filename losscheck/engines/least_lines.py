"""The least of maxima of affine functions of t on [0, 1], as pieces."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

Line = tuple[Any, Any]


def pieces(families: Callable[[bool], Mapping[int, Sequence[Line]]], middle: Any) -> list[tuple[Any, int, int, Line]]:
    """``(end, family, member, line)`` of every piece of the least over families of their largest line.

    ``families(late)`` gives the lines before and after ``middle``; all numbers are SymPy's.
    """
    import sympy

    found: list[tuple[Any, int, int, Line]] = []
    for late, (a, b) in ((False, (sympy.Integer(0), middle)), (True, (middle, sympy.Integer(1)))):
        table = families(late)
        every = [line for lines in table.values() for line in lines]
        cuts = {a, b}
        for i, (c, m) in enumerate(every):
            for d, n in every[:i]:
                if not (m - n).equals(0):
                    at = sympy.simplify((d - c) / (m - n))
                    cuts |= {at} if a < at < b else set()
        marks = sorted(cuts, key=lambda x: float(x))
        for low, high in pairwise(marks):
            if low == high:
                continue
            at = (float(low) + float(high)) / 2
            values = {j: [float(c) + float(m) * at for c, m in lines] for j, lines in table.items()}
            _, j = min((max(row), j) for j, row in values.items())
            top = values[j].index(max(values[j]))
            line = table[j][top]
            same = found and found[-1][1:3] == (j, top) and low != middle
            found[-1 if same else len(found) :] = [(high, j, top, line)]
    return found
