r"""The weight function of a proper binary loss.

.. math:: w(c) = -H''(c) = \ell_0'(c) / c = -\ell_1'(c) / (1 - c)

Every proper loss is the mixture of cost-weighted misclassification losses with this weight (Shuford, Albert and
Massengill 1966; Savage 1971). Ask with ``{"c": 0.3}`` or ``{"c": [0.1, 0.5, 0.9]}``.

* ``proved``: an enclosure no wider than 1e-7 at every c; the premise is a proof of properness.
* ``not_applicable``: the loss is not proper, so it has no weight function.

References: A. Buja, W. Stuetzle, Y. Shen (2005), Loss functions for binary class probability estimation and
classification; M. Reid, R. Williamson (2010), Composite binary losses.
"""

from __future__ import annotations

from typing import Any

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import improper_by_witness, weight_at
from losscheck.verdict import Outcome, not_applicable, undecided


@theory(kinds=("probability", "simplex"), title="The weight -H'' of a proper binary loss", required=("c",))
def weight_function(lifted: Lifted, c: Any) -> Outcome:
    """Enclose the weight."""
    return of_proper(lifted, "weight_function", {"c": c})


def of_proper(lifted: Lifted, ask: str, given: dict[str, Any]) -> Outcome:
    """Answer a question about a proper binary loss at a few points."""
    if lifted.kind == "simplex" and lifted.n_classes != 2:
        return not_applicable(f"{ask} belongs to two classes, not to {lifted.n_classes}.")
    improper = improper_by_witness.attempt(lifted, strict=False)
    if improper:
        return not_applicable(f"The loss is not proper. {improper.message}", reason="not proper")
    return weight_at.attempt(lifted, ask, given) or undecided(
        "The loss is not shown to be proper, or not to be smooth there.", reason="no premise", params=given
    )
