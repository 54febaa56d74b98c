r"""Bounded influence: the slope in the prediction is bounded, whatever the observation.

.. math:: \sup_{\hat y, y} \left| \frac{\partial \ell}{\partial \hat y}(\hat y, y) \right| < \infty

* ``proved``: the least Lipschitz constant in yhat is finite.
* ``refuted``: a line in the domain along which the slope is shown to diverge.

References: P. J. Huber (1964), Robust estimation of a location parameter; F. R. Hampel (1974), The influence curve and
its role in robust estimation.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import regression_shape
from losscheck.verdict import Outcome, undecided


@theory(kinds=("regression",), title="The slope in the prediction is bounded")
def bounded_influence(lifted: Lifted) -> Outcome:
    """Decide whether the influence of an observation is bounded."""
    return regression_shape.bounded_influence(lifted) or undecided(
        "The slope was neither bounded nor shown to diverge.", reason="no theorem applies"
    )
