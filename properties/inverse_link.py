r"""The inverse link: the class probability that a score stands for.

The eta for which the score v minimises the conditional risk
:math:`C_\eta(z) = \eta\,\ell(z, 1) + (1-\eta)\,\ell(z, 0)`; where both sides are smooth

.. math:: \eta(v) = \frac{\ell'(v, 0)}{\ell'(v, 0) - \ell'(v, 1)}

(for a margin loss :math:`\varphi'(-v) / (\varphi'(-v) + \varphi'(v))`). Ask with ``{"v": 0.7}`` or
``{"v": [-1.0, 0.0, 2.0]}``.

* ``proved``: an enclosure no wider than 1e-7 at every v; v minimises the risk of this eta and of no other one, because
  the loss is convex or because its link is monotone.
* ``not_applicable``: the question is no number.

References: A. Buja, W. Stuetzle, Y. Shen (2005), Loss functions for binary class probability estimation and
classification; M. D. Reid, R. C. Williamson (2010), Composite binary losses.
"""

from __future__ import annotations

from typing import Any

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import link_at
from losscheck.verdict import Outcome, undecided


@theory(kinds=("margin", "binary", "signed"), title="The probability a score stands for", required=("v",))
def inverse_link(lifted: Lifted, v: Any) -> Outcome:
    """Enclose eta(v)."""
    return link_at.attempt(lifted, "inverse_link", {"v": v}) or undecided(
        "The score is not shown to minimise the risk of exactly one eta.", reason="no link is shown", params={"v": v}
    )
