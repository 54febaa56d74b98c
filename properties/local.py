r"""Local: the loss depends on the report only through the probability of what happened.

A scoring rule is *local* if for every label y the loss :math:`\ell(p, y)` is a function of :math:`p_y`. For three or
more classes the only smooth proper local rule is the logarithmic score, up to scale and terms of the label.

* ``proved``: the derivatives of each l_y along the other classes agree identically.
* ``refuted``: with two exact reports that agree at the label and have different losses.

References: J. M. Bernardo (1979), Expected information as expected utility; T. Gneiting and A. E. Raftery (2007),
Strictly proper scoring rules, prediction, and estimation.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import locality
from losscheck.verdict import Outcome, undecided


@theory(kinds=("simplex",), title="The loss depends only on the probability of the outcome")
def local(lifted: Lifted) -> Outcome:
    """Decide locality."""
    return (
        locality.refuted(lifted)
        or locality.proved(lifted)
        or undecided("No two reports show a dependence, and none was excluded.", reason="no identity found")
    )
