r"""The range of the sum of the losses over the classes.

.. math:: \bigl[\inf_z \textstyle\sum_y \ell(z, y),\ \sup_z \sum_y \ell(z, y)\bigr]

It measures how far a loss is from symmetric: its width bounds the excess risk under uniform label noise. For a margin
loss the sum is :math:`\varphi(v) + \varphi(-v)`.

* ``proved``: both numbers, each enclosed within 1e-7 or shown to be infinite: by the constant of a symmetric loss,
  by convexity in the probabilities (extrema at vertices or at a stationary point), by a constant minorant and a point
  that attains it, or by an infinite limit along a line; losses of one score by boxes on analytic pieces.

References: A. Ghosh, H. Kumar, P. S. Sastry (2017), Robust loss functions under label noise for deep neural networks;
Z. Zhang, M. Sabuncu (2018), Generalized cross entropy loss for training deep neural networks with noisy labels.
"""

from __future__ import annotations

from losscheck.kinds import SCORED
from losscheck.lifting.lifted import Lifted
from losscheck.property import theory
from losscheck.theorems import by_score_parts, by_threshold, class_sum_on_line, symmetric_by_identity
from losscheck.theorems import class_sum_bounds as sums
from losscheck.verdict import Outcome, undecided


@theory(kinds=SCORED, title="Infimum and supremum of the sum of the losses over the classes")
def class_sum_bounds(lifted: Lifted) -> Outcome:
    """Enclose both ends."""
    return (
        symmetric_by_identity.attempt(lifted, "class_sum_bounds")
        or by_threshold.attempt(lifted, "class_sum_bounds")
        or (sums if lifted.kind == "logits" else class_sum_on_line).attempt(lifted)
        or (by_score_parts.class_sum_bounds(lifted) if lifted.kind == "logits" else None)
        or undecided("The range of the sum was not enclosed.", reason="no theorem applies")
    )
