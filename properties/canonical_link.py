r"""The canonical link of a proper binary loss.

.. math:: \Psi(p) = -H'(p) = \ell(p, 0) - \ell(p, 1)

with H the Bayes risk; composed with it the loss is convex in the score, and the derivative of the link is the weight
function. It is determined up to a constant, which this formula fixes. Ask with ``{"p": 0.3}`` or ``{"p": [0.1, 0.5]}``.

* ``proved``: an enclosure no wider than 1e-7 at every p; the premise is a proof of properness.
* ``not_applicable``: the loss is not proper, so it has no canonical link.

References: A. Buja, W. Stuetzle, Y. Shen (2005), Loss functions for binary class probability estimation and
classification; M. D. Reid, R. C. Williamson (2010), Composite binary losses.
"""

from __future__ import annotations

from typing import Any

from losscheck.lifting.lifted import Lifted
from losscheck.properties.weight_function import of_proper
from losscheck.property import theory
from losscheck.verdict import Outcome


@theory(kinds=("probability", "simplex"), title="The canonical link -H' of a proper binary loss", required=("p",))
def canonical_link(lifted: Lifted, p: Any) -> Outcome:
    """Enclose the canonical link."""
    return of_proper(lifted, "canonical_link", {"p": p})
