"""Classification calibration of multiclass logit losses: every theorem in order of cost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from losscheck.lifting.lifted import Lifted
from losscheck.theorems import (
    by_monotone_scores,
    by_threshold,
    calibrated_beside_symmetric,
    calibrated_on_ball,
    polyhedral_by_symmetry,
    separable_tie_witness,
)
from losscheck.theorems.calibrated_capped import calibrated_capped
from losscheck.theorems.calibrated_comp_sum import calibrated_comp_sum
from losscheck.theorems.calibrated_gradient_order import calibrated_gradient_order
from losscheck.theorems.calibrated_polyhedral import calibrated_polyhedral
from losscheck.theorems.calibrated_separable import calibrated_separable
from losscheck.theorems.calibrated_swap import calibrated_swap
from losscheck.theorems.proper_through_softmax import proper_through_softmax
from losscheck.theorems.refuted_by_dual_witness import refuted_by_dual_witness
from losscheck.theorems.refuted_by_ray import refuted_by_ray
from losscheck.theorems.refuted_by_symmetry import refuted_by_symmetry
from losscheck.theorems.refuted_by_tangents import refuted_by_tangents
from losscheck.theorems.refuted_on_edge import refuted_on_edge
from losscheck.theorems.shifted_by_constants import shifted_by_constants
from losscheck.verdict import Outcome, undecided

THEOREMS: tuple[Callable[[Lifted], Outcome | None], ...] = (
    partial(by_threshold.attempt, prop="classification_calibrated"),
    partial(polyhedral_by_symmetry.attempt, prop="classification_calibrated"),
    calibrated_polyhedral,
    calibrated_gradient_order,
    calibrated_comp_sum,
    calibrated_capped,
    refuted_on_edge,
    calibrated_swap,
    calibrated_separable,
    partial(separable_tie_witness.attempt, prop="classification_calibrated"),
    calibrated_beside_symmetric.attempt,
    calibrated_on_ball.attempt,
    refuted_by_symmetry,
    refuted_by_ray,
    refuted_by_dual_witness,
    refuted_by_tangents,
    partial(proper_through_softmax, prop="classification_calibrated"),
)


UNKNOWN = undecided(
    "No theorem about calibration applies to this loss, and no distribution was found that refutes it.",
    reason="no theorem applies",
)


def calibrated(lifted: Lifted) -> Outcome:
    """Whether ``inf {C_p(z) : z_j = max z for some j != t} > H(p)`` for every p with a unique top class t."""
    found = (
        decided(lifted)
        or shifted_by_constants(lifted, lambda inner: decided(inner) or UNKNOWN)
        or by_monotone_scores.attempt(lifted, decided)
    )
    return found or UNKNOWN


def decided(lifted: Lifted) -> Outcome | None:
    """Apply every theorem in order."""
    return next((found for theorem in THEOREMS if (found := theorem(lifted)) is not None), None)
