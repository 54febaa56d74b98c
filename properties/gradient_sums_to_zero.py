r"""Gradients sum to zero: moving all scores together does not change the loss, to first order.

.. math:: \sum_k \frac{\partial \ell(z, y)}{\partial z_k} = 0
    \qquad \text{for all } y, \text{ wherever the loss is differentiable.}

* ``proved``: the loss depends on differences of scores only (``shift_invariant``).
* ``refuted``: a small box on which the sum is not 0, for every choice of the float constants.

Of losses with rows of vectors (kind ``embedding``): the gradients of all rows of all arguments add up to the vector 0,
as the loss does not change when one vector is added to every row.

References: J. Bridle (1990), Probabilistic interpretation of feedforward classification network outputs.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.proving import prove
from losscheck.theorems import by_threshold, derivative_witness, rows_invariant
from losscheck.verdict import Outcome, undecided

PREMISE = {"rule": "invariant_by_identity", "under": "shift"}


@theory(kinds=("logits", "embedding"), title="The derivatives in the scores add up to 0")
def gradient_sums_to_zero(lifted: Lifted) -> Outcome:
    """Decide whether the derivatives add up to 0."""
    if lifted.kind == "embedding":
        return rows_invariant.gradients(lifted)
    proof = {"rule": "gradient_sums_to_zero", "premise": PREMISE}
    message = "The loss does not change when one number is added to all scores: an exact identity."
    return (
        by_threshold.attempt(lifted, "gradient_sums_to_zero")
        or derivative_witness.gradient_sum(lifted)
        or prove(lifted, "gradient_sums_to_zero", proof, message=message)
        or undecided("No sum other than 0 was found, and the identity was not shown.", reason="no identity found")
    )
