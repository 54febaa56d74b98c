r"""Order-preserving maps: ``z_i >= z_j`` implies ``s_i(z) >= s_j(z)``.

- ``profile``: let r_i be s_i less a rational offset, the same for all i, and ``N(x) = r_0(x, 0, ..., 0) / r_1(x, 0,
  ..., 0)``. The identities ``r_0 N(z_i) = r_i N(z_0)`` hold, every r_i is >= 0 (by signs, minorants, boxes), and N, cut
  into analytic pieces on the whole line, is positive and nondecreasing. Then ``r_j = r_i N(z_j) / N(z_i)``. So softmax,
  mixed with a uniform law or not, and every ``g(z_i) / sum g(z_j)`` with increasing g > 0.
- ``monotone``: renaming the classes renames the outputs (identities for adjacent swaps), no output branches, and
  ``ds_i/dz_i >= 0``, ``ds_i/dz_j <= 0`` for j != i everywhere off switches. Where ``z_i = z_j`` the outputs are equal;
  from there raising z_i raises s_i and lowers s_j.
- ``cells``: on every polyhedral cell of ``s_i - s_j``, ties included, the difference is affine, and no point of the
  cell has ``z_i >= z_j`` and ``s_i < s_j``.

Every output is defined at every finite score.

Proof node: ``{"rule": "map_order", "way": "profile", "offset": "0", "breaks": [...], "signs": [...]}`` or
``{"rule": "map_order", "way": "monotone" | "cells"}``.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

from losscheck.verifier.balls import Enclosure
from losscheck.verifier.cells import Cells, inequalities
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import sign
from losscheck.verifier.curve import curve
from losscheck.verifier.defined_boxes import real_everywhere
from losscheck.verifier.identity import same
from losscheck.verifier.linear_system import solvable
from losscheck.verifier.points import whole_domain
from losscheck.verifier.rules.nonnegative_by_signs import nonnegative
from losscheck.verifier.softmax import equivariant
from losscheck.verifier.terms import F1, Node, walk
from losscheck.verifier.verify import Checker, Fact

KINDS = ("map",)


def profile(case: Case, offset: Fraction) -> Node:
    """``N`` as a function of the variable ``x``."""
    pool, (first, *others) = case.pool, case.variables
    change = {pool.var(first): pool.var("x"), **{pool.var(name): pool.zero for name in others}}
    one, two = (pool.linear((F1, pool.substitute(r, change)), (-offset, pool.one)) for r in case.roots[:2])
    return pool.mul(one, pool.power(two, -F1))


def by_profile(case: Case, proof: dict[str, Any]) -> bool:
    """Whether the map is ``N(z_i)`` times one factor, and N increases."""
    pool, x = case.pool, case.pool.var("x")
    offset = rational(proof["offset"])
    n, rest = profile(case, offset), [pool.linear((F1, r), (-offset, pool.one)) for r in case.roots]
    at = [pool.substitute(n, {x: pool.var(name)}) for name in case.variables]
    for i in range(1, len(at)):
        if not same(pool, pool.mul(rest[0], at[i]), pool.mul(rest[i], at[0])):
            return False
    c = curve(pool, n, "x", None, None, proof["breaks"])
    rises = all(c.on(p.node, i) == "+" and c.on(c.derivative(i), i) in "+p0" for i, p in enumerate(c.pieces))
    joined = all(c.sign(v, i) == "+" and set(c.step(i)) <= set("+p0") for i, v in enumerate(c.values))
    ways = proof["signs"]
    expect(len(ways) == len(rest) and all(how["way"] in ("sign", "minorant", "boxes") for how in ways), "unknown way")
    return rises and joined and all(nonnegative(case, r, how) for r, how in zip(rest, ways, strict=True))


def monotone(case: Case, value: Enclosure) -> bool:
    """Whether every output rises with its own score and falls with the others', by the signs of its derivatives."""
    return all(
        sign(case.pool.differentiate(root, x), value) in ("+p0" if i == k else "-m0")
        for i, root in enumerate(case.roots)
        for k, x in enumerate(case.variables)
    )


def on_cells(case: Case, i: int, j: int) -> bool:
    """Whether ``z_i >= z_j`` and ``s_i < s_j`` exclude each other on every cell."""
    pool = case.pool
    cells = Cells(pool, pool.sub(case.roots[i], case.roots[j]), case.variables)
    above = cells.affine(pool.sub(pool.var(case.variables[i]), pool.var(case.variables[j])))
    for cell in cells.found:
        below = tuple(-c for c in cells.affine(cell.node))
        if solvable([*inequalities(cell.signs), (above, False), (below, True)]):
            return False
    return True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check one of the two ways."""
    expect(real_everywhere(case), "an output may not be defined")
    if proof["way"] == "profile":
        expect(by_profile(case, proof), "the outputs are not shown to be increasing functions times a factor")
    elif proof["way"] == "monotone":
        expect(not any(n.op == "where" for n in walk(*case.roots)), "an output branches")
        expect(equivariant(case), "the classes are not shown interchangeable")
        expect(monotone(case, whole_domain(case)), "the outputs are not shown monotone in the scores")
    else:
        expect(proof["way"] == "cells", "unknown way")
        pairs = permutations(range(len(case.roots)), 2)
        expect(all(on_cells(case, i, j) for i, j in pairs), "the order is not shown on every cell")
    return Fact("order_preserving")
