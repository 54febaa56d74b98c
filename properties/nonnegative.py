r"""Nonnegative: no loss is below zero.

.. math:: \ell(z, y) \ge 0 \quad\text{for all inputs of the domain and all labels } y.

* ``proved``: by the signs in the formula, by a constant affine minorant (``lse(z) - z_y >= 0``), by signs on the pieces
  of the line, or by certified boxes; an f-divergence by Jensen's inequality, a definite function of p - q, a
  Kullback-Leibler divergence of soft labels by that of Gibbs.
* ``refuted``: a rational point with a certified negative value, for every choice of the float constants within 2 ulp.

Losses with rows of vectors (kind ``embedding``) are read as one function of all their numbers, or of their distances
and cosines, whatever values these have; the statement is about the points at which the loss has a value.
"""

from __future__ import annotations

from losscheck.kinds import SHAPED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import (
    by_columns,
    by_cosine,
    by_csiszar,
    by_difference,
    by_parts,
    by_profiles,
    by_reduction,
    by_threshold,
    nonnegative_by_gibbs,
    nonnegative_by_signs,
    pair_witness,
    regression_bounds,
    rows_bounds,
)
from losscheck.verdict import Outcome, undecided

KINDS = (*SHAPED, "divergence")
OPEN = undecided("No negative value was found, and the sign was not shown.", reason="no theorem applies")


@theory(kinds=KINDS, title="No loss is below zero")
def nonnegative(lifted: Lifted) -> Outcome:
    """Decide nonnegativity."""
    if lifted.kind == "embedding":
        return rows_bounds.attempt(lifted, "nonnegative") or OPEN
    if lifted.kind == "regression":
        return regression_bounds.nonnegative(lifted) or OPEN
    if lifted.kind == "divergence":
        return (
            pair_witness.negative(lifted)
            or by_csiszar.attempt(lifted, "nonnegative")
            or by_difference.attempt(lifted, "nonnegative")
            or by_cosine.attempt(lifted, "nonnegative")
            or by_csiszar.homogeneous(lifted, "nonnegative")
            or nonnegative_by_signs.attempt(lifted)
            or by_parts.attempt(lifted, "nonnegative", [nonnegative])
            or OPEN
        )
    if found := by_reduction.attempt(lifted, "nonnegative", nonnegative):
        return found
    if lifted.kind == "soft":
        return (
            nonnegative_by_signs.refuted(lifted)
            or nonnegative_by_signs.attempt(lifted)
            or nonnegative_by_gibbs.attempt(lifted)
            or OPEN
        )
    return (
        nonnegative_by_signs.refuted(lifted)
        or by_threshold.attempt(lifted, "nonnegative")
        or nonnegative_by_signs.attempt(lifted)
        or nonnegative_by_signs.refuted_by_search(lifted)
        or (by_profiles.nonnegative(lifted) if lifted.kind == "logits" else None)
        or by_columns.attempt(lifted, "nonnegative")
        or OPEN
    )
