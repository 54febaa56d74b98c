r"""The link: the score that minimises the conditional risk.

.. math:: z(\eta) = \arg\min_z\; \eta\,\ell(z, 1) + (1-\eta)\,\ell(z, 0)

Ask with ``{"eta": 0.7}`` or ``{"eta": [0.1, 0.7]}``, each inside (0, 1).

* ``proved``: an enclosure no wider than 1e-7 at every eta, and uniqueness: the loss is convex or has a monotone link,
  and the slope of the risk changes its sign inside.
* ``undecided``: no unique finite minimiser was shown; a hinge at eta = 1/2 has none.

References: A. Buja, W. Stuetzle, Y. Shen (2005), Loss functions for binary class probability estimation and
classification; M. D. Reid, R. C. Williamson (2010), Composite binary losses.
"""

from __future__ import annotations

from typing import Any

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import link_at
from losscheck.verdict import Outcome, undecided


@theory(kinds=("margin", "binary", "signed"), title="The score that minimises the conditional risk", required=("eta",))
def link(lifted: Lifted, eta: Any) -> Outcome:
    """Enclose the minimising score."""
    return link_at.attempt(lifted, "link", {"eta": eta}) or undecided(
        "No unique finite minimiser of the conditional risk was shown.", reason="no link is shown", params={"eta": eta}
    )
