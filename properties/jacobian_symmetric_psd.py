r"""Jacobian symmetric and positive semidefinite: a map is the gradient of a convex function.

.. math:: J(z) = \bigl(\partial s_i / \partial z_j\bigr) = J(z)^\top \succeq 0
    \qquad \text{wherever the map is differentiable.}

and the map is continuous (a step map has Jacobian 0 almost everywhere and need not be monotone). Then a loss with
gradient :math:`s(z) - e_y` exists and is convex (a canonical, or Fenchel-Young, loss of the map).

* ``proved``: the Jacobian is symmetric by an exact identity with the signs of a graph's Laplacian, or symmetric and
  positive semidefinite on every polyhedral cell of a continuous map, exactly.
* ``refuted``: a small box on which two mixed derivatives differ, or on which the Jacobian is negative along a rational
  direction, for every choice of the float constants.

References: M. Blondel, A. Martins, V. Niculae (2020), Learning with Fenchel-Young losses; R. C. Williamson, E. Vernet,
M. D. Reid (2016), Composite multiclass losses.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.proving import prove
from losscheck.theorems import by_threshold, derivative_witness
from losscheck.verdict import Outcome, undecided

WAYS = {
    "dominant": "The Jacobian is symmetric, with the signs of a graph's Laplacian: diagonally dominant.",
    "cells": "On every polyhedral cell the map is affine with a symmetric, positive semidefinite matrix.",
}


@theory(kinds=("map",), title="The map is the gradient of a convex function")
def jacobian_symmetric_psd(lifted: Lifted) -> Outcome:
    """Decide whether the Jacobian is symmetric and positive semidefinite."""
    found = by_threshold.attempt(lifted, "jacobian_symmetric_psd") or derivative_witness.not_a_gradient(lifted)
    for way, message in WAYS.items():
        found = found or prove(lifted, "jacobian_symmetric_psd", {"rule": "map_jacobian", "way": way}, message=message)
    return found or undecided("No point breaks the signs of the Jacobian, and none was excluded.")
