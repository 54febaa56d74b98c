r"""Bounded below: one finite number bounds the loss from below, for all inputs and labels.

.. math:: \inf_{z, y} \ell(z, y) > -\infty

The inputs range over R, R^K, or the points of [0, 1] or the simplex where the loss is finite.

* ``proved``: the range of the graph over the whole domain is bounded, or, in one variable, the limits at the ends of
  finitely many analytic pieces are.
* ``refuted``: a line in the domain along which the loss of one label is shown to diverge, for every choice of the float
  constants.

Losses with rows of vectors (kind ``embedding``) are read as one function of all their numbers, or of their distances
and cosines, whatever values these have; the statement is about the points at which the loss has a value.
"""

from __future__ import annotations

from losscheck.kinds import SHAPED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import bounded_by_limits, by_columns, by_reduction, by_threshold, regression_bounds, rows_bounds
from losscheck.verdict import Outcome, undecided

OPEN = undecided("No bound was shown, and no line along which the loss diverges.", reason="no theorem applies")


@theory(kinds=SHAPED, title="The loss is bounded below")
def bounded_below(lifted: Lifted) -> Outcome:
    """Decide boundedness from below."""
    if lifted.kind == "embedding":
        return rows_bounds.attempt(lifted, "bounded_below") or OPEN
    if lifted.kind == "regression":
        return regression_bounds.bounded(lifted, "below") or OPEN
    if lifted.kind in ("soft", "multilabel") and (
        found := by_reduction.attempt(lifted, "bounded_below", bounded_below)
    ):
        return found
    if lifted.kind == "soft":
        return bounded_by_limits.attempt(lifted, "below") or OPEN
    return (
        by_threshold.attempt(lifted, "bounded_below")
        or bounded_by_limits.attempt(lifted, "below")
        or bounded_by_limits.refuted(lifted, "below")
        or by_columns.attempt(lifted, "bounded_below")
        or OPEN
    )
