r"""Mixable: experts can be merged with a constant regret.

A proper binary loss is *mixable* if :math:`\inf_c 1 / (c (1-c) w(c)) > 0` for its weight function w.

* ``proved``: the weight is at most a constant times that of log loss.
* ``refuted``: the weight outgrows it at an end of (0, 1), or has an atom where the loss jumps.
* ``not_applicable``: the loss is not proper, or has more than two classes.

References: V. Vovk (1998), A game of prediction with expert advice; T. van Erven, M. D. Reid, R. C. Williamson (2012),
Mixability is Bayes risk curvature relative to log loss.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.properties.mixability_constant import of_weight
from losscheck.property import theory
from losscheck.verdict import Outcome


@theory(kinds=("probability", "simplex"), title="The weight is bounded by a multiple of that of log loss")
def mixable(lifted: Lifted) -> Outcome:
    """Decide mixability."""
    return of_weight(lifted, "mixable")
