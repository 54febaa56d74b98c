r"""Smoothness: the least Lipschitz constant of the derivative, infinite at a kink.

.. math:: L = \sup_{z, y} |\partial_z^2 \ell(z, y)| \text{ if } \partial_z \ell \text{ is continuous, else } \infty

Regression losses are answered where they are a function of yhat - y or yhat / y.

* ``proved``: the value, enclosed within 1e-7 (relatively, for values above 1): an upper bound on every analytic piece
  and a point or limit that attains it; or infinity, by a jump, a kink or a second derivative that diverges.

Losses with rows of vectors (kind ``embedding``): in all numbers of the first argument, in the 2-norm; the largest
absolute eigenvalue of constant second derivatives, or infinity.

References: Y. Nesterov (2004), Introductory Lectures on Convex Optimization, section 1.2.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import by_reduction, regression_shape, rows_shape, slope_by_pieces
from losscheck.verdict import Outcome, undecided


@theory(
    kinds=("margin", "binary", "signed", "probability", "multilabel", "regression", "embedding"),
    title="Least Lipschitz constant of the derivative",
)
def smoothness(lifted: Lifted) -> Outcome:
    """Enclose the least Lipschitz constant of the derivative."""
    if lifted.kind == "regression":
        found = regression_shape.smoothness(lifted)
    elif lifted.kind == "embedding":
        found = rows_shape.smoothness(lifted)
    elif lifted.kind == "multilabel":
        found = by_reduction.attempt(lifted, "smoothness", smoothness)
    else:
        found = slope_by_pieces.attempt(lifted, 2)
    return found or undecided("The largest second derivative was not enclosed.", reason="no theorem applies")
