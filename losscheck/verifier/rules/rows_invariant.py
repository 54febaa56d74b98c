r"""Invariance of a loss of several rows as an exact identity.

- shift: ``l(x + c, ...) = l(x, ...)``, one vector c added to every row of every argument (``shift_invariant``);
- scale: ``l(c x) = l(x)``, one c > 0 for all rows of all arguments (``scale_invariant``);
- permutation: renaming the rows of the batch in every argument and label renames the rows of the result
  (``permutation_equivariant``), shown for the adjacent transpositions, which generate all permutations;
- exchange: ``l(a, b) = l(b, a)`` (``symmetric_arguments``).

The statement is about all points at which the loss has a value, and says that it then has one after the move.

Hypotheses checked: (1) all arguments range over all reals and, for a shift, their rows are vectors of one length; for
an exchange there are two, alike; (2) with c as variables, the factor as exp, each difference has normal form zero,
which holds wherever both values exist; (3) what is under a logarithm, a root or a reciprocal becomes, after the move,
a positive multiple of what is under one of the same sort, so both values exist or neither; (4) every root has a value
at a rational point, so the statement is not empty. Labels that a permutation turns into one not listed reject it.

Proof node: ``{"rule": "rows_invariant", "under": ..., "at": [...]}``.
"""

from __future__ import annotations

from typing import Any

from losscheck.verifier.certificate import Case, expect
from losscheck.verifier.identity import same
from losscheck.verifier.points import rational_point, value_range
from losscheck.verifier.row_points import PROPERTIES, askable, moves, rows_of, same_domain
from losscheck.verifier.verify import Checker, Fact

KINDS = ("embedding",)
ROWS = True


def check(checker: Checker, case: Case, proof: dict[str, Any]) -> Fact:
    """Check every identity."""
    under = proof["under"]
    expect(askable(rows_of(case), under), f"{PROPERTIES[under]} has no meaning for these arguments")
    at = rational_point(case, proof["at"])
    for root in case.roots:
        value_range(case, root, at)
    for change, images in moves(case, under):
        expect(same_domain(case, change, images), "the loss may have a value on one side only")
        for root, image in zip(case.roots, images, strict=True):
            expect(image is not None, "a label that is not listed")
            other = case.pool.substitute(case.roots[image or 0], change)
            expect(same(case.pool, root, other), "an identity is not shown")
    return Fact(PROPERTIES[under])
