r"""Bounded above: one finite number bounds the loss from above, for all inputs and labels.

.. math:: \sup_{z, y} \ell(z, y) < \infty

The inputs range over R, R^K, or the points of [0, 1] or the simplex where the loss is finite.

* ``proved``: the range of the graph over the whole domain is bounded, or, in one variable, the limits at the ends of
  finitely many analytic pieces are.
* ``refuted``: a line in the domain along which the loss of one label is shown to diverge, for every choice of the float
  constants; or the loss is convex on R or R^K and not constant (Rockafellar 1970, Corollary 8.6.2).

A divergence d(p, q) ranges over the open simplex: ``f(0) + f*(0)`` decides an f-divergence (Liese, Vajda 2006), the
vertices a convex function of p - q.

Losses with rows of vectors (kind ``embedding``) are read as one function of all their numbers, or of their distances
and cosines, whatever values these have; the statement is about the points at which the loss has a value.
"""

from __future__ import annotations

from losscheck.kinds import SHAPED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import (
    bounded_by_limits,
    by_columns,
    by_cosine,
    by_csiszar,
    by_difference,
    by_reduction,
    by_threshold,
    regression_bounds,
    rows_bounds,
)
from losscheck.verdict import Outcome, undecided

KINDS = (*SHAPED, "divergence")
OPEN = undecided("No bound was shown, and no line along which the loss diverges.", reason="no theorem applies")


@theory(kinds=KINDS, title="The loss is bounded above")
def bounded_above(lifted: Lifted) -> Outcome:
    """Decide boundedness from above."""
    if lifted.kind == "embedding":
        return rows_bounds.attempt(lifted, "bounded_above") or OPEN
    if lifted.kind == "regression":
        return regression_bounds.bounded(lifted, "above") or OPEN
    if lifted.kind == "divergence":
        return (
            by_csiszar.attempt(lifted, "bounded_above")
            or by_difference.attempt(lifted, "bounded_above")
            or by_cosine.attempt(lifted, "bounded_above")
            or bounded_by_limits.attempt(lifted, "above")
            or by_csiszar.unbounded(lifted)
            or by_cosine.unbounded(lifted)
            or by_csiszar.unbounded_along(lifted)
            or OPEN
        )
    if lifted.kind in ("soft", "multilabel") and (
        found := by_reduction.attempt(lifted, "bounded_above", bounded_above)
    ):
        return found
    if lifted.kind == "soft":
        return bounded_by_limits.attempt(lifted, "above") or OPEN
    return (
        bounded_by_limits.attempt(lifted, "above")
        or bounded_by_limits.refuted(lifted, "above")
        or by_threshold.attempt(lifted, "bounded_above")
        or bounded_by_limits.refuted_by_convexity(lifted)
        or by_columns.attempt(lifted, "bounded_above")
        or OPEN
    )
