r"""Jointly convex: in both arguments together.

.. math:: d((1-w)(p, q) + w (p', q')) \le (1-w)\,d(p, q) + w\,d(p', q')

on the open simplex.

* ``proved``: an f-divergence under a convex nondecreasing function, a convex function of p - q, or a sum of homogeneous
  functions of the pairs (p_i, q_i) with a positive semidefinite Hessian.
* ``refuted``: two rational pairs and a pair between them whose value is certified to lie above the chord, for every
  choice of the float constants within 2 ulp.

Of losses with rows of vectors (kind ``embedding``): in all floating arguments together.

References: I. Csiszár (1967), Information-type measures of difference of probability distributions; S. Boyd,
L. Vandenberghe (2004), Convex Optimization, section 3.2.6.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import by_csiszar, by_difference, by_parts, pair_witness, rows_shape
from losscheck.verdict import Outcome, undecided

OPEN = undecided("No violated chord was found, and no rule shows convexity.", reason="no theorem applies")


@theory(kinds=("divergence", "embedding"), title="Convex in both arguments together")
def jointly_convex(lifted: Lifted) -> Outcome:
    """Decide joint convexity."""
    if lifted.kind == "embedding":
        return rows_shape.jointly_convex(lifted) or OPEN
    return (
        pair_witness.chord(lifted)
        or by_csiszar.attempt(lifted, "jointly_convex")
        or by_difference.attempt(lifted, "jointly_convex")
        or by_csiszar.homogeneous(lifted, "jointly_convex")
        or by_parts.attempt(lifted, "jointly_convex", [jointly_convex])
        or OPEN
    )
