r"""Supremum: the least upper bound of a divergence on the open simplex.

.. math:: \sup_{p, q} d(p, q)

An f-divergence has the supremum f(0) + f*(0), with f*(0) the limit of f(t) / t (Liese, Vajda 2006), an increasing
function of it the limit there; a convex function of p - q has its largest value at two vertices. The value is enclosed
within 1e-7, ``inf`` if there is no bound; for the number of classes for which the loss was read.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import by_cosine, by_csiszar, by_difference
from losscheck.verdict import Outcome, undecided


@theory(kinds=("divergence",), title="The least upper bound")
def supremum(lifted: Lifted) -> Outcome:
    """Enclose the supremum."""
    return (
        by_csiszar.attempt(lifted, "supremum")
        or by_difference.attempt(lifted, "supremum")
        or by_cosine.attempt(lifted, "supremum")
        or undecided("No theorem gives the supremum.", reason="no theorem applies")
    )
