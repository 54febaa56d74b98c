r"""The largest output of a map over all scores in a cube ``[low, high]^K``.

- ``monotone``: no output branches, all are defined on the cube, and ``ds_i/dz_i >= 0``, ``ds_i/dz_j <= 0`` for j != i
  on it (off switches, which are continuous): s_i is largest where z_i = high and all others are low.
- ``cells``: on every polyhedral cell of an output, ties included, it is affine, and no point of the cell in the cube
  has ``s_i > level``, the largest corner value.
- ``boxes``: every ``s_i <= level`` on the cube, by bisection, and some corner of that form comes within 1e-7 of it.

Proof node: ``{"rule": "map_peak", "params": {"low": -1, "high": 1}, "low": "-1", "high": "1", "way": "monotone"}`` or
``{..., "way": "boxes", "level": "7/8"}``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.cells import Cells, inequalities
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import Box, acceptor, cover, ranges
from losscheck.verifier.linear_system import solvable
from losscheck.verifier.numbers import enclosed, fraction
from losscheck.verifier.points import defined_everywhere, value_range
from losscheck.verifier.rules.map_order import monotone
from losscheck.verifier.rules.risk_at_truth import nominal
from losscheck.verifier.terms import Node, walk
from losscheck.verifier.verify import Checker, Fact

KINDS = ("map",)


def below_on_cells(case: Case, root: Node, level: Node, low: Fraction, high: Fraction) -> bool:
    """Whether an output exceeds the level on no cell inside the cube."""
    pool = case.pool
    cells = Cells(pool, root, case.variables)
    z = [pool.var(x) for x in case.variables]
    sides = [n for x in z for n in (pool.sub(x, pool.const(low)), pool.sub(pool.const(high), x))]
    cube = [(cells.affine(n), False) for n in sides]
    return not any(
        solvable([*inequalities(cell.signs), *cube, (cells.affine(pool.sub(cell.node, level)), True)])
        for cell in cells.found
    )


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check the way and evaluate the corners."""
    pool, names, params = case.pool, case.variables, dict(proof["params"])
    low, high = rational(proof["low"]), rational(proof["high"])
    expect(set(params) == {"low", "high"} and nominal(params["low"], low) and nominal(params["high"], high), "the cube")
    expect(low < high, "the cube is empty")
    cube: Box = {x: (low, high) for x in names}
    value = Enclosure(ranges(cube))
    expect(all(defined_everywhere(r, value) for r in case.roots), "an output may not be defined on the cube")
    corners = [
        value_range(case, root, {x: high if k == i else low for k, x in enumerate(names)})
        for i, root in enumerate(case.roots)
    ]
    least, most = (max(fraction(c[end]) for c in corners) for end in (0, 1))
    if proof["way"] == "monotone":
        expect(not any(n.op == "where" for n in walk(*case.roots)), "an output branches")
        expect(monotone(case, value), "the outputs are not shown monotone in the scores")
    elif proof["way"] == "cells":
        level = pool.const(least)
        expect(
            all(below_on_cells(case, root, level, low, high) for root in case.roots), "a cell rises above the corners"
        )
        most = least
    else:
        expect(proof["way"] == "boxes", "unknown way")
        most = rational(proof["level"])
        for root in case.roots:
            cover(acceptor(pool, pool.sub(pool.const(most), root), ">=", smooth=True), cube, 3000)
    number, bounds = enclosed(least, most)
    return Fact("dispersion_bound", params=params, value=number, bounds=bounds)
