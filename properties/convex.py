r"""Convex: in the first argument, for every value of the others.

.. math:: \ell(\lambda a + (1-\lambda) b, y) \le \lambda\,\ell(a, y) + (1-\lambda)\,\ell(b, y)

on the open domain: R, R^K, (0, 1) or the open simplex (continuous extensions to the boundary stay convex).
Regression losses are read as a function of yhat - y or yhat / y where they are one, else by their formulas on both
sides of yhat = y; one y refutes.

* ``proved``: by composition rules on the graph in any dimension, or in one variable by ``f'' >= 0`` on finitely
  many analytic pieces, continuity at the cuts (the value at a cut included) and ordered slopes there.
* ``refuted``: two rational points and a point between them whose value is certified to lie above the chord, for every
  choice of the float constants within 2 ulp.

Losses with rows of vectors (kind ``embedding``): in all numbers of the first argument together.

References: S. Boyd, L. Vandenberghe (2004), Convex Optimization, chapter 3; M. Grant, S. Boyd, Y. Ye (2006),
Disciplined convex programming.
"""

from __future__ import annotations

from losscheck.kinds import SHAPED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import (
    by_columns,
    by_profiles,
    by_reduction,
    by_threshold,
    convex_by_cells,
    convex_by_curvature,
    convex_by_pieces,
    convex_witness,
    convex_witness_at_cuts,
    regression_shape,
    rows_shape,
)
from losscheck.verdict import Outcome, undecided

OPEN = undecided("No violated chord was found, and no rule shows convexity.", reason="no theorem applies")


@theory(kinds=SHAPED, title="Convex in the first argument")
def convex(lifted: Lifted) -> Outcome:
    """Decide convexity."""
    if lifted.kind == "embedding":
        return rows_shape.convex(lifted) or OPEN
    if lifted.kind == "regression":
        return regression_shape.convex(lifted) or OPEN
    if made := by_reduction.attempt(lifted, "convex", convex):
        return made
    if lifted.kind == "soft":
        return OPEN
    found = convex_by_curvature.attempt(lifted) or by_threshold.attempt(lifted, "convex")
    if found is None and len(lifted.variables) == 1:
        found = convex_by_pieces.attempt(lifted)
    if found is None and len(lifted.variables) > 1:
        found = convex_by_cells.attempt(lifted)
    if found is None and len(lifted.variables) == 1:
        found = convex_witness_at_cuts.attempt(lifted)
    found = found or convex_witness.attempt(lifted) or by_columns.attempt(lifted, "convex")
    if found is None and lifted.kind == "logits":
        found = by_profiles.convex(lifted)
    return found or OPEN
