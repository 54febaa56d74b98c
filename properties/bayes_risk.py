r"""The Bayes risk: the least conditional risk at a given truth.

.. math:: H(p) = \inf_q \sum_y p_y\, \ell(q, y)

over all reports q of the closed simplex. Ask with ``{"eta": 0.3}`` or ``{"eta": [0.1, 0.3]}`` for two classes (eta is
the probability of the label 1), with ``{"p": [0.5, 0.3, 0.2]}`` for more.

* ``proved``: an enclosure no wider than 1e-7: the risk at the truth where the loss is proper, otherwise the risk at a
  minimiser bracketed by the sign of the slope, or bounded below by a tangent.
* ``supported``: the least value found by descent.

References: P. D. Grunwald, A. P. Dawid (2004), Game theory, maximum entropy, minimum discrepancy and robust Bayesian
decision theory; M. Reid, R. Williamson (2010), Composite binary losses.
"""

from __future__ import annotations

from typing import Any

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import bayes
from losscheck.verdict import Outcome


@theory(kinds=("probability", "simplex"), title="The least conditional risk at a truth", one_of=("eta", "p"))
def bayes_risk(lifted: Lifted, eta: Any = None, p: Any = None) -> Outcome:
    """Enclose the Bayes risk."""
    return bayes.answer(lifted, "bayes_risk", {"p": p} if eta is None else {"eta": eta})
