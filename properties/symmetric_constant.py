r"""The constant that the losses of all labels add up to.

The C of ``symmetric``: :math:`\varphi(v) + \varphi(-v)`, or :math:`\sum_y \ell(z, y)`.

* ``proved``: the value, an enclosure no wider than 1e-7, and that the sum has it everywhere.
* ``not_applicable``: the loss is not symmetric, so there is no such constant.

References: A. Ghosh, H. Kumar, P. S. Sastry (2017), Robust loss functions under label noise for deep neural networks.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import symmetric_by_identity
from losscheck.verdict import Outcome, not_applicable, undecided

KINDS = ("margin", "binary", "signed", "probability", "logits", "simplex")


@theory(kinds=KINDS, title="The constant sum of the losses of all labels")
def symmetric_constant(lifted: Lifted) -> Outcome:
    """Enclose the constant."""
    broken = symmetric_by_identity.refuted(lifted)
    if broken:
        return not_applicable(f"The sum is not constant. {broken.message}", reason="not symmetric")
    return symmetric_by_identity.attempt(lifted, "symmetric_constant") or undecided(
        "No two points with different sums were found, and the identity was not shown.", reason="no identity found"
    )
