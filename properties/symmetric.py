r"""Symmetric: the losses of all labels add up to one constant.

Margin losses: :math:`\varphi(v) + \varphi(-v) = C` for every v. Two labels: :math:`\ell(z, 0) + \ell(z, 1) = C`. K
classes: :math:`\sum_y \ell(z, y) = C` for every z; several labels: the sum over all label vectors. Symmetric
losses tolerate uniform label noise.

* ``proved``: ``sum - C`` has an exact normal form of zero, or does so on each of finitely many pieces of the line.
* ``refuted``: two rational points with certified different sums, for every choice of the float constants within 2 ulp.

References: A. Ghosh, N. Manwani, P. S. Sastry (2015), Making risk minimization tolerant to label noise;
A. Ghosh, H. Kumar, P. S. Sastry (2017), Robust loss functions under label noise for deep neural networks.
"""

from __future__ import annotations

from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import by_reduction, symmetric_by_identity
from losscheck.verdict import Outcome, undecided

KINDS = ("margin", "binary", "signed", "probability", "logits", "multilabel", "simplex")


@theory(kinds=KINDS, title="The losses of all labels add up to a constant")
def symmetric(lifted: Lifted) -> Outcome:
    """Decide symmetry."""
    if found := by_reduction.attempt(lifted, "symmetric", symmetric):
        return found
    return (
        symmetric_by_identity.refuted(lifted)
        or symmetric_by_identity.attempt(lifted)
        or undecided(
            "No two points with different sums were found, and the identity was not shown.", reason="no identity found"
        )
    )
