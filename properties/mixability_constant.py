r"""The mixability constant of a proper binary loss.

.. math:: \beta = \inf_{0 < c < 1} \frac{1}{c\,(1-c)\,w(c)}, \qquad w(c) = \ell_0'(c) / c

the least ratio of the weight of log loss to that of the loss. Experts' forecasts can be merged with a regret of
:math:`\ln N / \beta` against the best of N, for any number of rounds, if and only if it is positive.

* ``proved``: an enclosure within 1e-7, from a bound of :math:`(1-c)\,\ell_0'(c)` and a point or limit that attains it;
  0 where the weight outgrows that of log loss. The premise is a proof of properness.
* ``not_applicable``: the loss is not proper, or has more than two classes.

References: V. Vovk (1998), A game of prediction with expert advice; T. van Erven, M. D. Reid, R. C. Williamson (2012),
Mixability is Bayes risk curvature relative to log loss.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import improper_by_witness, mixability
from losscheck.verdict import Outcome, not_applicable, undecided


def of_weight(lifted: Lifted, ask: str) -> Outcome:
    """Answer a question about mixability."""
    if lifted.kind == "simplex" and lifted.n_classes != 2:
        return not_applicable(f"The constant is known for two classes, not for {lifted.n_classes}.")
    improper = improper_by_witness.attempt(lifted, strict=False)
    if improper:
        return not_applicable(f"The loss is not proper. {improper.message}", reason="not proper")
    return mixability.attempt(lifted, ask) or undecided(
        "The loss is not shown to be proper, or its weight was not bounded.", reason="no premise"
    )


@theory(kinds=("probability", "simplex"), title="Least ratio of the weights of log loss and of the loss")
def mixability_constant(lifted: Lifted) -> Outcome:
    """Enclose the mixability constant."""
    return of_weight(lifted, "mixability_constant")
