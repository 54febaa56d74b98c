r"""The Bregman generator of a proper loss: its regret is a Bregman divergence.

.. math:: G(p) = -\sum_y p_y\, \ell(p, y), \qquad
    \sum_y p_y \bigl(\ell(q, y) - \ell(p, y)\bigr) = G(p) - G(q) - \langle -\ell(q, \cdot),\ p - q \rangle

with G convex and :math:`-\ell(q, \cdot)` a subgradient of it at q. Without parameters the question is whether there is
such a generator; with ``eta`` or ``p`` the value is G there (for the logarithmic loss: minus the entropy).

* ``proved``: the loss is proper; with parameters: the number, enclosed within 1e-7.
* ``refuted``: the loss is improper, so some regret is negative.

References: J. McCarthy (1956), Measures of the value of information; L. J. Savage (1971), Elicitation of personal
probabilities and expectations; T. Gneiting, A. Raftery (2007), Strictly proper scoring rules.
"""

from __future__ import annotations

from typing import Any

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import bregman_generator as generator
from losscheck.verdict import Outcome


@theory(
    kinds=("probability", "simplex"), title="The regret is the divergence of a convex function", optional=("eta", "p")
)
def bregman_generator(lifted: Lifted, eta: Any = None, p: Any = None) -> Outcome:
    """Decide whether there is a generator, or enclose its value."""
    return generator.answer(lifted, {"eta": eta} if eta is not None else {"p": p} if p is not None else {})
