r"""Differentiable: in the first argument, everywhere on the open domain, for every label.

Regression losses are read as a function of yhat - y or yhat / y where they are one, else by their formulas on both
sides of yhat = y; one y refutes.

* ``proved``: the graph has no switch and no singular point, or, in one variable, the loss is continuous and has equal
  slopes from both sides at each of finitely many cuts (the value at a cut included), or, in several, it is quadratic on
  polyhedral cells whose gradients agree where they meet.
* ``refuted``: a jump, a kink or a vertical slope along a line in the domain, for every choice of the float constants.
  The place may be irrational: it is then located as the only zero of a switch between two rationals.

Losses with rows of vectors (kind ``embedding``): proved in all arguments together, refuted in the first, the others
being fixed.
"""

from __future__ import annotations

from losscheck.kinds import SHAPED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import (
    by_columns,
    by_reduction,
    by_threshold,
    differentiable_by_cells,
    differentiable_by_pieces,
    regression_shape,
    rows_shape,
)
from losscheck.verdict import Outcome, undecided

OPEN = undecided("No kink was found, and smoothness was not shown.", reason="no theorem applies")


@theory(kinds=SHAPED, title="Differentiable everywhere on the open domain")
def differentiable(lifted: Lifted) -> Outcome:
    """Decide differentiability."""
    if lifted.kind == "embedding":
        return rows_shape.differentiable(lifted) or OPEN
    if lifted.kind == "regression":
        return regression_shape.differentiable(lifted) or OPEN
    if lifted.kind in ("soft", "multilabel") and (
        found := by_reduction.attempt(lifted, "differentiable", differentiable)
    ):
        return found
    if lifted.kind == "soft":
        return OPEN
    return (
        by_threshold.attempt(lifted, "differentiable")
        or differentiable_by_pieces.attempt(lifted)
        or differentiable_by_pieces.refuted(lifted)
        or differentiable_by_cells.attempt(lifted)
        or by_columns.attempt(lifted, "differentiable")
        or OPEN
    )
