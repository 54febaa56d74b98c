r"""Proper composite: a strictly proper loss of probabilities, read through an invertible link.

.. math:: \ell(z, y) = \lambda(\psi^{-1}(z), y)

One score: every :math:`\eta \in (0, 1)` has exactly one finite minimiser :math:`\psi(\eta)` of the conditional
risk, and :math:`\psi` is strictly monotone, so :math:`\lambda(\eta, y) = \ell(\psi(\eta), y)` is strictly proper.
K classes: the loss is a strictly proper loss on the open simplex of softmax(z).

* ``proved``: the slopes of the two sides balance along a link that increases strictly; K classes: softmax recovers
  every law, and the loss is continuous and depends on differences of scores only.
* ``refuted``: some eta has no finite minimiser, or two share one; K classes: a shift of all scores changes the loss.

References: M. D. Reid, R. C. Williamson (2010), Composite binary losses; R. C. Williamson, E. Vernet, M. D. Reid
(2016), Composite multiclass losses.
"""

from __future__ import annotations

from losscheck.kinds import SCORED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import proper_composite as composite
from losscheck.verdict import Outcome, undecided


@theory(kinds=SCORED, title="A strictly proper loss, read through an invertible link")
def proper_composite(lifted: Lifted) -> Outcome:
    """Decide whether a loss is proper composite."""
    return composite.attempt(lifted) or undecided(
        "No strictly increasing link was shown, and none was excluded.", reason="no theorem applies"
    )
