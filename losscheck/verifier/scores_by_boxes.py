"""The least risk of linear scores over a law of finite support from below, by boxes of the scores at base points."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import arb

from losscheck.verifier.balls import exact
from losscheck.verifier.certificate import Case, expect, rational
from losscheck.verifier.cover import Box, acceptor, cover
from losscheck.verifier.points import broken_nowhere
from losscheck.verifier.softmax import shift_invariant
from losscheck.verifier.terms import Node

Row = tuple[list[Fraction], Fraction, list[Fraction]]
"""``(x, weight, p)``."""
MOST = 6000


def by_boxes(case: Case, losses: list[Node], rows: Sequence[Row], proof: dict[str, Any]) -> arb:
    """A lower bound of the risk over all scores at base points, by bisection of these scores, infinite ones included.

    Scores that enter by differences only are counted from that of the last class.
    """
    pool, base = case.pool, [rows[i][0] for i in proof["base"]]
    expect(broken_nowhere(case), "a loss is not shown to be defined")
    free = case.variables[:-1] if case.kind == "logits" and shift_invariant(case) else case.variables
    level = rational(proof["level"])
    terms: list[tuple[Fraction, Node]] = [(-level, pool.one)]
    for (x, w, p), texts in zip(rows, proof["shares"], strict=True):
        parts = [rational(c) for c in texts]
        whole = len(parts) == len(base) and sum(parts) == 1
        expect(whole and all(sum(c * b[i] for c, b in zip(parts, base, strict=True)) == x[i] for i in range(len(x))),
               "a point is not the affine combination of the base points")  # fmt: skip
        change = {pool.var(z): pool.zero for z in case.variables}
        for z in free:
            change[pool.var(z)] = pool.linear(*((c, pool.var(f"{z}_{i}")) for i, c in enumerate(parts)))
        terms += [(w * c, pool.substitute(n, change)) for n, c in zip(losses, p, strict=True) if c]
    box: Box = {f"{z}_{i}": (None, None) for i in range(len(base)) for z in free}
    cover(acceptor(pool, pool.linear(*terms), ">=", smooth=True), box, MOST)
    return exact(level).lower()
